"""What time it is, asked in one place so that a test can let the clock stand still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_standing: ContextVar[datetime | None] = ContextVar("clock_standing", default=None)


def now() -> datetime:
    """This moment, aware and in UTC."""
    return _standing.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The date on the wall in `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block; for tests, in this greenlet only."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a zone.")
    before = _standing.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing.reset(before)
