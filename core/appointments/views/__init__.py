"""The pages of appointments: the client's, the calendar of the practice, and its settings."""

from core.appointments.views.calendar import (
    calendar,
    calendar_appointment,
    calendar_week,
    client_appointments,
)
from core.appointments.views.calendar_acts import (
    calendar_book,
    calendar_cancel,
    calendar_find,
    calendar_move,
)
from core.appointments.views.client import (
    appointment,
    booked,
    calendar_entry,
    cancel,
    past,
    scheduled,
)
from core.appointments.views.hours import (
    add_exception,
    hours,
    member_hours,
    remove_exception,
    remove_hours,
)
from core.appointments.views.search import schedule, search
from core.appointments.views.types import add_type, change_type, retire_type, types

__all__ = [
    "add_exception",
    "add_type",
    "appointment",
    "booked",
    "calendar",
    "calendar_appointment",
    "calendar_book",
    "calendar_cancel",
    "calendar_entry",
    "calendar_find",
    "calendar_move",
    "calendar_week",
    "cancel",
    "change_type",
    "client_appointments",
    "hours",
    "member_hours",
    "past",
    "remove_exception",
    "remove_hours",
    "retire_type",
    "schedule",
    "scheduled",
    "search",
    "types",
]
