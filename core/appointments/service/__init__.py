"""The rules of appointments: each module one act, scope first, typed errors, no web."""

from core.appointments.service.booking import Wish, book_appointment, request_key
from core.appointments.service.cancelling import cancel_appointment, may_cancel
from core.appointments.service.gates import is_new_and_free, obstacles_before_search
from core.appointments.service.hours import (
    HoursOfMember,
    add_exception,
    add_hours,
    clinicians,
    hours_of,
    remove_exception,
    remove_hours,
)
from core.appointments.service.listing import (
    Entry,
    ahead_of_client,
    appointments_between,
    changed_by_clients,
    next_appointments,
    next_of_client,
    one_appointment,
    past_appointments,
    scheduled_appointments,
)
from core.appointments.service.moving import Move, move_appointment
from core.appointments.service.readiness import Readiness, readiness
from core.appointments.service.searching import (
    Found,
    Offer,
    Search,
    free_times,
    nearest_times,
    search_times,
)
from core.appointments.service.types import (
    OfferedType,
    TypeTerms,
    add_type,
    change_type,
    offered_types,
    retire_type,
    types_of,
)

__all__ = [
    "Entry",
    "Found",
    "HoursOfMember",
    "Move",
    "Offer",
    "OfferedType",
    "Readiness",
    "Search",
    "TypeTerms",
    "Wish",
    "add_exception",
    "add_hours",
    "add_type",
    "ahead_of_client",
    "appointments_between",
    "book_appointment",
    "cancel_appointment",
    "change_type",
    "changed_by_clients",
    "clinicians",
    "free_times",
    "hours_of",
    "is_new_and_free",
    "may_cancel",
    "move_appointment",
    "nearest_times",
    "next_appointments",
    "next_of_client",
    "obstacles_before_search",
    "offered_types",
    "one_appointment",
    "past_appointments",
    "readiness",
    "remove_exception",
    "remove_hours",
    "request_key",
    "retire_type",
    "scheduled_appointments",
    "search_times",
    "types_of",
]
