"""The practice's calendar: a day, a week, one appointment, and the tab of a client's record."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request

from core import clock, i18n
from core.appointments.service import (
    appointments_between,
    clinicians,
    may_cancel,
    one_appointment,
    past_appointments,
    scheduled_appointments,
)
from core.appointments.service.listing import PAGE_SIZE
from core.appointments.views import calendar_pages
from core.appointments.words import past_word, where_lines
from core.forms.times import EARLIEST, LATEST, read_day
from core.tenancy import Scope
from core.web import slots
from core.web.pages import page
from core.web.records import record_page

DAY = timedelta(days=1)


def calendar(scope: Scope) -> Any:
    """One day, of one clinician or of all, with a line where the day stands."""
    zone = ZoneInfo(scope.provider.zone)
    today = clock.today(zone.key)
    on = _asked_day() or today
    member_id = _asked_member()
    with i18n.reading(i18n.current_locale(), zone.key):
        entries = _between(scope, on, on + DAY, zone, member_id)
        marks = slots.marks(scope, (entry.client_id for entry in entries))
        return page(
            "appointments/calendar_day.html",
            fragment="appointments",
            items=calendar_pages.agenda(entries, marks, clock.now() if on == today else None),
            **_around(scope, on, member_id, DAY, today),
        )


def calendar_week(scope: Scope) -> Any:
    """Seven days from Monday, of one clinician or of all."""
    zone = ZoneInfo(scope.provider.zone)
    today = clock.today(zone.key)
    asked = _asked_day() or today
    monday = asked - timedelta(days=asked.weekday())
    member_id = _asked_member()
    with i18n.reading(i18n.current_locale(), zone.key):
        entries = _between(scope, monday, monday + 7 * DAY, zone, member_id)
        columns, hours = calendar_pages.week(entries, monday, today, zone, member_id)
        return page(
            "appointments/calendar_week.html",
            fragment="appointments",
            columns=columns,
            hours=hours,
            count=len(entries),
            **_around(scope, monday, member_id, 7 * DAY, today),
        )


def calendar_appointment(scope: Scope, appointment_id: UUID) -> Any:
    """One appointment, with what a member may do to it."""
    entry = one_appointment(scope, appointment_id)
    with i18n.reading(i18n.current_locale(), scope.provider.zone):
        return page(
            "appointments/calendar_appointment.html",
            entry=entry,
            where=where_lines(scope, entry),
            word=past_word(entry),
            on=_wall_day(entry.from_at, scope.provider.zone),
            may_change=scope.role != "biller" and may_cancel(scope, entry),
        )


def client_appointments(scope: Scope, client_id: UUID) -> Any:
    """The tab of a client's record: what is to come, and what is over."""
    number = max(1, min(request.args.get("page", 1, type=int), 1000))
    over = past_appointments(scope, client_id, page_number=number)
    with i18n.reading(i18n.current_locale(), scope.provider.zone):
        return record_page(
            "appointments/client_appointments.html",
            scope,
            client_id,
            coming=scheduled_appointments(scope, client_id),
            over=over[:PAGE_SIZE],
            more=number + 1 if len(over) > PAGE_SIZE else None,
            words=past_word,
            may_book=scope.role != "biller",
        )


def _between(scope: Scope, first: date, after: date, zone: ZoneInfo, member_id: UUID | None) -> list[Any]:
    from_at = datetime(first.year, first.month, first.day, tzinfo=zone)
    until_at = datetime(after.year, after.month, after.day, tzinfo=zone)
    return appointments_between(scope, from_at, until_at, member_id)


def _around(scope: Scope, on: date, member_id: UUID | None, step: timedelta, today: date) -> dict[str, Any]:
    return {
        "on": on,
        "before": on - step,
        "after": on + step,
        "today": today,
        "member_id": member_id,
        "staff": clinicians(scope),
        "may_book": scope.role != "biller",
        "zone_name": i18n.zone_name(scope.provider.zone),
    }


def _asked_day() -> date | None:
    """The day in the address, if it is one that a calendar has."""
    day = read_day(request.args.get("on", ""))
    return day if day and EARLIEST <= day <= LATEST else None


def _asked_member() -> UUID | None:
    """The clinician in the address; an unknown one just has no appointments."""
    try:
        return UUID(request.args.get("clinician", ""))
    except ValueError:
        return None


def _wall_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
