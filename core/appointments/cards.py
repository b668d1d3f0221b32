"""An appointment as a row of the client's Inbox, in the head of their record, and as news on Today."""

from __future__ import annotations

from core import clock, i18n
from core.appointments.service import Entry
from core.appointments.words import where_lines
from core.i18n import gettext as _
from core.spec.slots import Card, ChartFact, News
from core.tenancy import Scope


def first_card() -> Card:
    """What a client can do who has never had an appointment here."""
    return Card(
        title=_("You can schedule now"),
        endpoint="appointments.search",
        action=_("Search for Appointments"),
        urgency="waits",
    )


def card_of(scope: Scope, entry: Entry) -> Card:
    """Today's appointment waits; a later one is only said. A day is the client's own."""
    is_today = i18n.local(entry.from_at).date() == i18n.local(clock.now()).date()
    title = _("Appointment today, %(time)s") if is_today else _("Next appointment: %(span)s")
    return Card(
        title=title
        % {
            "time": i18n.format_time(entry.from_at),
            "span": i18n.format_span(entry.from_at, entry.to_at),
        },
        endpoint="appointments.appointment",
        action=_("See it"),
        text=", ".join([entry.clinician, *where_lines(scope, entry)[:3]]),
        urgency="waits" if is_today else "plain",
        at=entry.from_at,
        provider_id=entry.provider_id,
        values={"appointment_id": entry.id},
    )


def fact_of(entry: Entry | None) -> ChartFact:
    """A client's next appointment, for the head of their record."""
    text = _("none")
    if entry:
        span = i18n.format_span(entry.from_at, entry.to_at)
        text = _("%(span)s, with %(clinician)s") % {"span": span, "clinician": entry.clinician}
    return ChartFact(_("Next appointment"), text, "appointments.client_appointments", 20)


def news_of(entry: Entry) -> News:
    """What a client did in the calendar by themselves."""
    words = _("%(name)s cancelled %(span)s") if entry.is_cancelled else _("%(name)s booked %(span)s")
    span = i18n.format_span(entry.from_at, entry.to_at)
    return News(
        words % {"name": entry.client_name, "span": span},
        "appointments.calendar_appointment",
        entry.changed_at,
        {"appointment_id": entry.id},
    )
