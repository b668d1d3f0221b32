"""The client's appointments: Scheduled, Past, one of them, cancelling it, and its calendar file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from core import i18n
from core.appointments.calendar_file import CalendarEntry, calendar_file
from core.appointments.service import (
    Entry,
    cancel_appointment,
    may_cancel,
    one_appointment,
    past_appointments,
    scheduled_appointments,
)
from core.appointments.service.listing import PAGE_SIZE
from core.appointments.words import past_word, refusal, where_lines
from core.i18n import gettext as _
from core.spec.errors import Refused
from core.tenancy import Scope
from core.web.pages import page, redirect_to


def scheduled(scope: Scope) -> Any:
    """What is to come; the page that the menu opens."""
    return page("appointments/scheduled.html", fragment="scheduled", entries=scheduled_appointments(scope))


def past(scope: Scope) -> Any:
    """What is over, newest first."""
    number = max(1, min(request.args.get("page", 1, type=int), 1000))
    entries = past_appointments(scope, page_number=number)
    more = number + 1 if len(entries) > PAGE_SIZE else None
    return page("appointments/past.html", entries=entries[:PAGE_SIZE], more=more, words=past_word)


def appointment(scope: Scope, appointment_id: UUID) -> Any:
    """One appointment."""
    return _page(scope, "appointments/appointment.html", appointment_id)


def booked(scope: Scope, appointment_id: UUID) -> Any:
    """The end of booking, the same for a second press."""
    entry = one_appointment(scope, appointment_id)
    if entry.is_cancelled:
        return redirect_to("appointments.appointment", appointment_id=entry.id)
    return _page(scope, "appointments/booked.html", appointment_id)


def cancel(scope: Scope, appointment_id: UUID) -> Any:
    """Ask, then cancel; too late, the page says whom to call."""
    entry = one_appointment(scope, appointment_id)
    if entry.is_cancelled:
        return redirect_to("appointments.appointment", appointment_id=entry.id)
    if request.method == "GET":
        return _page(scope, "appointments/cancel.html", appointment_id)
    try:
        cancel_appointment(scope.narrow(entry.provider_id), entry.id)
    except Refused as refused:
        return _page(
            scope,
            "appointments/cancel.html",
            appointment_id,
            status=409,
            sentence=refusal(refused),
        )
    return redirect_to("appointments.appointment", appointment_id=entry.id)


def calendar_entry(scope: Scope, appointment_id: UUID) -> Response:
    """The appointment for the client's own calendar, with a title that tells nothing."""
    entry = one_appointment(scope, appointment_id)
    outside_name = scope.records[entry.provider_id].outside_name
    title = _("Appointment")
    if outside_name:
        title = _("Appointment, %(name)s") % {"name": outside_name}
    content = calendar_file(
        CalendarEntry(
            id=entry.id,
            sequence=entry.sequence,
            title=title,
            from_at=entry.from_at,
            to_at=entry.to_at,
            changed_at=entry.changed_at,
            is_cancelled=entry.is_cancelled,
        )
    )
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


def _page(scope: Scope, template: str, appointment_id: UUID, status: int = 200, sentence: str = "") -> Any:
    entry: Entry = one_appointment(scope, appointment_id)
    return page(
        template,
        status=status,
        sentence=sentence,
        entry=entry,
        provider=scope.records[entry.provider_id],
        where=where_lines(scope, entry),
        zone_name=i18n.zone_name(i18n.current_zone()),
        may_cancel=may_cancel(scope.narrow(entry.provider_id), entry),
    )
