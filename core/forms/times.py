"""Fields for days and times of day, as the browser sends them and as people type them."""

import re
from collections.abc import Callable
from datetime import date, time
from typing import Any

from wtforms import widgets

from core.forms.field import Field, Words
from core.i18n import gettext as _
from core.i18n import lazy

ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
TYPED_DAY = re.compile(r"([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]{4})")
TYPED_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?(?: ?([ap])\.?m\.?)?")
# Nobody alive is older, and no zone's arithmetic overflows inside these.
EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)

Limit = date | Callable[[], date]


class DayInput(widgets.DateInput):
    """A date input; a plain one for words that it could not hold, so that nothing typed is lost."""

    def __call__(self, field: Any, **attributes: Any) -> Any:
        text = field._value()  # noqa: SLF001 -- WTForms names it so
        if text and str(read_day(text)) != text:
            attributes["type"] = "text"
        return super().__call__(field, **attributes)


class TimeInput(widgets.TimeInput):
    """A time input, or a plain one for words that it could not hold."""

    def __call__(self, field: Any, **attributes: Any) -> Any:
        text = field._value()  # noqa: SLF001 -- WTForms names it so
        found = read_time(text.lower())
        if text and (found is None or field.show(found) != text):
            attributes["type"] = "text"
        return super().__call__(field, **attributes)


class DayField(Field):
    """A day, from `earliest` to `latest` (dates, or functions that give one); `data` is a date or None.

    Read are 1990-12-31, as date inputs send it, and month/day/year in all languages: a guess by
    language would turn a birth date around without a word.
    """

    widget: Any = DayInput()
    missing = lazy("Enter a date for “%(label)s”.")

    def __init__(
        self,
        label: Words = None,
        validators: Any = None,
        *,
        earliest: Limit = EARLIEST,
        latest: Limit = LATEST,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.earliest, self.latest = earliest, latest

    def read(self, typed: str) -> date | None:
        text = typed.strip()
        if not text:
            return None
        day = read_day(text)
        if day is None:
            raise ValueError(_("Enter a date as month, day and year with four digits, such as 12/31/1990."))
        self.refuse_outside(day)
        return day

    def refuse_outside(self, day: date) -> None:
        """Raise ValueError with the sentence that names the limit."""
        earliest = self.earliest if isinstance(self.earliest, date) else self.earliest()
        latest = self.latest if isinstance(self.latest, date) else self.latest()
        if day < earliest:
            raise ValueError(_("Enter a date from %(day)s on.") % {"day": month_day_year(earliest)})
        if day > latest:
            raise ValueError(_("Enter a date up to %(day)s.") % {"day": month_day_year(latest)})

    def show(self, value: Any) -> str:
        return str(value.isoformat())


class TimeField(Field):
    """A time on the wall, to the minute: 14:00, 2:00 pm or 2pm; `data` is a time or None."""

    widget: Any = TimeInput()
    missing = lazy("Enter a time for “%(label)s”.")

    def read(self, typed: str) -> time | None:
        text = typed.strip().lower()
        if not text:
            return None
        found = read_time(text)
        if found is None:
            raise ValueError(_("Enter a time, such as 2:00 pm."))
        return found

    def show(self, value: Any) -> str:
        return f"{value:%H:%M}"


def read_day(text: str) -> date | None:
    """The day that `text` names, None if there is no such day."""
    if iso := ISO_DAY.fullmatch(text):
        year, month, day = iso.groups()
    elif typed := TYPED_DAY.fullmatch(text):
        month, _mark, day, year = typed.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """The time of day that `text` names (lower case), None if there is none."""
    found = TYPED_TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half is None and found[2] is None:
        return None
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def month_day_year(day: date) -> str:
    """A day in the writing that the field reads."""
    return f"{day.month}/{day.day}/{day.year}"
