"""The audit as a page: filtered by day and person, grouped by day, in words of the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request

from core import i18n
from core.audit import Entry, Wanted, actors, entries
from core.forms import ChoiceField, DayField, Form
from core.i18n import gettext as _
from core.i18n import lazy
from core.tenancy import Scope


class LogForm(Form):
    """Which lines to show."""

    on = DayField(lazy("Day"))
    who = ChoiceField(lazy("Person"), as_list=True)


def log_of(
    scope: Scope, wanted: Wanted, name_of: Callable[[Entry], str] = lambda _entry: ""
) -> dict[str, Any]:
    """What templates/audit/log.html draws; the filter and the page's place come from the address.

    `name_of` gives a line what it is about, a client's name say.
    """
    form = LogForm(request.args)
    people = [(str(account_id), name) for account_id, name in actors(scope, wanted)]
    form.who.choices = [("", _("Everybody")), *people]
    is_good = form.validate()
    picked = request.args.get("who", "")
    from_at, to_at = _day(form.on.data if is_good else None)
    account_id = UUID(picked) if picked in dict(people) else wanted.account_id
    chosen = replace(wanted, account_id=account_id, from_at=from_at, to_at=to_at)
    found, next_id = entries(scope, chosen, _id(request.args.get("before", "")))
    days = groupby(found, key=lambda entry: i18n.local(entry.at).date())
    kept = {name: value for name, value in request.args.items() if name in ("on", "who") and value}
    return {
        "form": form,
        "days": [[(entry, who_words(entry), name_of(entry)) for entry in lines] for _day, lines in days],
        "older": {**kept, "before": next_id} if next_id else None,
        "is_filtered": bool(kept),
        "title_words": i18n.gettext,
    }


def who_words(entry: Entry) -> str:
    """Who it was, in a word where there is no name to show."""
    if entry.actor == "operator":
        return _("Operator") if not entry.who else _("%(name)s, operator") % {"name": entry.who}
    words = {"client": _("A client"), "member": _("A member"), "system": _("The portal itself")}
    return entry.who or words[entry.actor]


def _day(day: date | None) -> tuple[datetime | None, datetime | None]:
    """From when to when a day is, on the reader's clock; the last day of the calendar has no end."""
    if day is None:
        return None, None
    zone = ZoneInfo(i18n.current_zone())
    from_at = datetime(day.year, day.month, day.day, tzinfo=zone)
    if day == date.max:
        return from_at, None
    after = day + timedelta(days=1)
    return from_at, datetime(after.year, after.month, after.day, tzinfo=zone)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
