"""Appointments as the kit's agenda and calendar take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for

from core import i18n
from core.appointments.forms import place_word
from core.appointments.service import Entry
from core.i18n import gettext as _
from core.spec.slots import Mark

FIRST_HOUR, LAST_HOUR = 8, 17


def agenda(
    entries: Sequence[Entry], marks: Mapping[UUID, Sequence[Mark]], now: datetime | None
) -> list[dict[str, Any]]:
    """A day's appointments in order; `now` puts in the line where the day stands."""
    items = []
    line = {"now": _("Now, %(time)s") % {"time": i18n.format_time(now)}} if now else None
    for entry in entries:
        if line and now and entry.from_at > now:
            items.append(line)
            line = None
        items.append(_item(entry, [(mark.text, mark.tone) for mark in marks[entry.client_id]]))
    return [*items, line] if line else items


def _item(entry: Entry, marks: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "time": _times(entry),
        "title": entry.client_name,
        "href": url_for("appointments.calendar_appointment", appointment_id=entry.id),
        "text": f"{entry.title} · {place_word(entry.place)} · {entry.clinician}",
        "marks": marks,
        "id": f"a-{entry.id}",
    }


def _times(entry: Entry) -> str:
    return f"{i18n.format_time(entry.from_at)} – {i18n.format_time(entry.to_at)}"


def week(
    entries: Sequence[Entry],
    monday: date,
    today: date,
    zone: ZoneInfo,
    member_id: UUID | None,
) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """The columns of a week, and the hours that they share."""
    walls = [(entry, entry.from_at.astimezone(zone)) for entry in entries]
    hours = [wall.hour for _entry, wall in walls]
    shown = range(min([FIRST_HOUR, *hours]), max([LAST_HOUR, *hours]) + 1)
    columns = []
    for day in (monday + timedelta(days=number) for number in range(7)):
        items = [
            {
                "hour": wall.hour,
                "time": i18n.format_time(entry.from_at),
                "title": entry.client_name,
                "text": "" if member_id else entry.clinician,
                "href": url_for("appointments.calendar_appointment", appointment_id=entry.id),
            }
            for entry, wall in walls
            if wall.date() == day
        ]
        columns.append(
            {
                "text": i18n.format_day(day),
                "href": url_for("appointments.calendar", on=day, clinician=member_id),
                "is_today": day == today,
                "items": items,
            }
        )
    return columns, [(hour, _hour_word(hour, monday, zone)) for hour in shown]


def _hour_word(hour: int, day: date, zone: ZoneInfo) -> str:
    """The beginning of an hour, short: the column is narrow."""
    return i18n.format_time(datetime.combine(day, time(hour), tzinfo=zone)).replace(":00", "")
