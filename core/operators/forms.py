"""What an operator types: periods in their own zone, reasons, the name of what is to be forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core import i18n
from core.forms import ChoiceField, DayField, Form, TextField, TimeField
from core.i18n import gettext as _
from core.i18n import lazy
from core.operators.service.access import LONGEST_REASON as LONGEST_ACCESS_REASON
from core.operators.service.switching import LONGEST_REASON
from core.subscriptions import Period, Standing

ON_OFF = [("on", lazy("On")), ("off", lazy("Off"))]


class NoSuchTime(ValueError):
    """A time that the clocks skip on that day."""


class SwitchForm(Form):
    """On or off, and why."""

    to = ChoiceField(lazy("Switch"), choices=ON_OFF, required=lazy("Choose on or off."))
    reason = TextField(
        lazy("Reason"),
        max_length=LONGEST_REASON,
        required=lazy("Say why."),
        hint=lazy("Kept with the change. The provider's owner can read it. No client's name, please."),
    )

    @property
    def is_on(self) -> bool:
        return bool(self.to.data == "on")


class SubscriptionForm(SwitchForm):
    """How a subscription shall stand, from and until when, in the operator's zone, and why."""

    from_on = DayField(lazy("From: day"), hint=lazy("Leave it empty to begin at once."))
    from_time = TimeField(lazy("From: time"), hint=lazy("Left empty, it is midnight."))
    until_on = DayField(lazy("Until: day"), hint=lazy("Leave it empty for no end."))
    until_time = TimeField(lazy("Until: time"), hint=lazy("Left empty, it is midnight."))

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = bool(super().validate(extra_validators))
        return all([is_good, *(self._is_whole(name) for name in ("from", "until"))])

    def period(self) -> Period:
        """Both ends as moments; for a form that was found good."""
        return Period(self._moment("from"), self._moment("until")) if self.is_on else Period()

    def _is_whole(self, name: str) -> bool:
        day, at = self[f"{name}_on"], self[f"{name}_time"]
        if day.errors or at.errors:
            return False
        if at.data is not None and day.data is None:
            self.refuse(f"{name}_on", _("Enter the day too."))
            return False
        try:
            self._moment(name)
        except NoSuchTime:
            self.refuse(f"{name}_time", _("The clocks skip this time on that day."))
            return False
        return True

    def _moment(self, name: str) -> datetime | None:
        day, at = self[f"{name}_on"].data, self[f"{name}_time"].data
        return None if day is None else moment_of(datetime.combine(day, at or time()), i18n.current_zone())


def moment_of(wall: datetime, zone: str) -> datetime:
    """The moment of a wall time, the first of two where the clocks go back. Raises NoSuchTime."""
    moment = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise NoSuchTime
    return moment


def as_typed(standing: Standing) -> dict[str, Any]:
    """What the form shows of a subscription that stands already."""
    typed: dict[str, Any] = {"to": "off" if standing.state == "off" else "on"}
    for name, at in (("from", standing.period.from_at), ("until", standing.period.until_at)):
        if at is not None:
            wall = i18n.local(at)
            typed |= {f"{name}_on": wall.date(), f"{name}_time": wall.time().replace(second=0, microsecond=0)}
    return typed


class AccessForm(Form):
    """Why an operator must read in a practice."""

    reason = TextField(
        lazy("Reason"),
        max_length=LONGEST_ACCESS_REASON,
        required=lazy("Say why you must see it."),
        hint=lazy("The practice's owners read it."),
    )


class ForgetForm(Form):
    """The name of the plugin, typed as a confirmation."""

    name = TextField(lazy("Name of the plugin"), required=lazy("Type the plugin's name."))
