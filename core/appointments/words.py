"""The sentences of appointments: what the services' records and codes say on a page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core import i18n
from core.appointments.forms import clock_time, field_errors, place_word
from core.appointments.models import AppointmentType
from core.appointments.service import Entry, Offer
from core.forms import Form
from core.hooks import title_of
from core.hooks.gates import BROKEN, FAILED, GONE
from core.i18n import gettext as _
from core.i18n import ngettext
from core.spec.errors import Invalid, Refused
from core.spec.types import Obstacle
from core.tenancy import Scope


def obstacle_words(obstacle: Obstacle) -> str:
    """Why a gate is closed, for a member; one that can't say so itself is named."""
    sentences = {
        FAILED: _("{plugin} could not be asked whether this booking may be made: it failed just now."),
        BROKEN: _("{plugin} could not be asked whether this booking may be made: it doesn't work here."),
        GONE: _("{plugin} could not be asked whether this booking may be made: it was removed."),
    }
    if obstacle.code in sentences:
        return sentences[obstacle.code].format(plugin=title_of(obstacle.plugin))
    return obstacle.text or _("{plugin} stands before this booking.").format(plugin=title_of(obstacle.plugin))


def refusal(refused: Refused) -> str:
    """Why nothing was booked, moved or cancelled."""
    sentences = {
        "slot_taken": _("That time has just been taken. Nothing was booked."),
        "not_offered": _("That time isn't offered any more. Nothing was booked."),
        "in_the_past": _("That time is over. Nothing was booked."),
        "not_scheduled": _("This appointment is over or was cancelled. Nothing was changed."),
        "too_late_to_cancel": _("It is too late to cancel here. Nothing was changed."),
        "not_your_hours": _("Only an owner changes the hours of others. Nothing was changed."),
    }
    return sentences[refused.code]


def show_invalid(form: Form, invalid: Invalid, fields: dict[str, str]) -> None:
    """Put a service's codes at the form's fields; `fields` maps the service's names to the form's."""
    sentences = field_errors()
    for name, code in invalid.fields.items():
        form.refuse(fields.get(name, name), sentences[name, code])


def offer_row(offer: Offer, provider: str = "") -> dict[str, str]:
    """A free time as the words of its row; `full` is for those who hear the button."""
    slot = offer.slot
    # One who practises alone has the name of the practice.
    parts = dict.fromkeys((str(place_word(offer.place)), offer.clinician, provider))
    text = " · ".join(part for part in parts if part)
    full = _("%(day)s, %(time)s, with %(clinician)s") % {
        "day": i18n.format_long_day(i18n.local(slot.from_at).date()),
        "time": i18n.format_time(slot.from_at),
        "clinician": offer.clinician,
    }
    return {"when": i18n.format_span(slot.from_at, slot.to_at), "text": text, "full": full}


def terms_line(scope: Scope, type: AppointmentType) -> str:
    """Until when cancelling is free, said before booking."""
    provider = scope.records[type.provider_id].name if len(scope.providers) > 1 else ""
    hours = type.cancel_notice_hours
    if not hours:
        line = _("You can cancel here until it begins.")
    else:
        line = ngettext(
            "Free to cancel until %(num)s hour before.",
            "Free to cancel until %(num)s hours before.",
            hours,
        )
    words = [f"{provider}: {line}" if provider else line]
    if type.late_note:
        words.append(_("After that: %(note)s") % {"note": type.late_note})
    return " ".join(words)


def where_lines(scope: Scope, entry: Entry) -> list[str]:
    """Where an appointment is: the door, who calls, or how to join."""
    provider = scope.records[entry.provider_id]
    if entry.place == "office":
        return [str(place_word("office")), *provider.address]
    joined: list[Any] = [place_word(entry.place), *entry.how_to_join.splitlines()]
    return [str(line) for line in joined if line]


def wall_time(minute: int) -> str:
    """A minute of the day as people say it; the end of the day is midnight."""
    zone = ZoneInfo(i18n.current_zone())
    at = datetime.combine(date(2000, 1, 3), clock_time(minute), tzinfo=zone)
    return i18n.format_time(at)


def past_word(entry: Entry) -> str:
    """The state of an appointment that is over."""
    if not entry.is_cancelled:
        return ""
    by_client = entry.cancelled_by_kind == "client"
    return _("Cancelled by the client") if by_client else _("Cancelled by the practice")
