"""A clock that stands where a test puts it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta

from core import clock


class Clock:
    """The product's clock: it goes until a test lets it stand or moves it on."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    @property
    def now(self) -> datetime:
        """What time the product thinks it is, in UTC."""
        return clock.now()

    def stand_at(self, moment: datetime) -> None:
        """Let the clock stand at a moment with its zone. Raises ValueError without one."""
        self._stack.enter_context(clock.standing_at(moment))

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let the clock stand this much later than it is now."""
        self.stand_at(self.now + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))
