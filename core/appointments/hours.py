"""From weekly hours and exceptions to free times: pure functions that read no clock and no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_OF_DAY = 1440
STEP = timedelta(minutes=15)

# From and to, in UTC, the end outside.
Span = tuple[datetime, datetime]
_Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Opening:
    """Wall-clock minutes of a weekday (Monday 0); the end of the day is 1440."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class Change:
    """Days, both ends inside, that are closed, or open besides, for these minutes."""

    first_on: date
    last_on: date
    is_open: bool
    from_minute: int = 0
    to_minute: int = MINUTES_OF_DAY


@dataclass(frozen=True, slots=True)
class Length:
    """How long an appointment takes, and what is held before and after it."""

    minutes: int
    minutes_before: int = 0
    minutes_after: int = 0

    def end(self, start: datetime) -> datetime:
        return start + timedelta(minutes=self.minutes)

    def held(self, start: datetime) -> Span:
        before = timedelta(minutes=self.minutes_before)
        after = timedelta(minutes=self.minutes_after)
        return start - before, self.end(start) + after


def moment_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment at which the wall clock of `zone` shows this minute of the day.

    A time that comes twice is the first one. A time that the clock leaps over is the moment of
    the leap, so that hours beginning or ending inside the gap keep just what exists of them.
    """
    wall = datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minute)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _leap_between(wall.replace(fold=1).astimezone(UTC), moment, zone)


def _leap_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // timedelta(minutes=2) * timedelta(minutes=1)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def open_spans(
    first_on: date,
    last_on: date,
    openings: Sequence[Opening],
    changes: Sequence[Change],
    zone: ZoneInfo,
) -> Iterator[Span]:
    """The open times from one day through another, joined where they touch; closed wins over open."""
    held: Span | None = None
    day = first_on
    while day <= last_on:
        for from_minute, to_minute in _open_minutes(day, openings, changes):
            span = moment_of(day, from_minute, zone), moment_of(day, to_minute, zone)
            if held and span[0] <= held[1]:
                held = held[0], max(held[1], span[1])
            else:
                if held and held[0] < held[1]:
                    yield held
                held = span
        day += timedelta(days=1)
    if held and held[0] < held[1]:
        yield held


def _open_minutes(day: date, openings: Sequence[Opening], changes: Sequence[Change]) -> list[_Minutes]:
    today = [change for change in changes if change.first_on <= day <= change.last_on]
    weekday = day.weekday()
    opened = [(o.from_minute, o.to_minute) for o in openings if o.weekday == weekday]
    opened += [(c.from_minute, c.to_minute) for c in today if c.is_open]
    for change in today:
        if not change.is_open:
            opened = [
                piece
                for minutes in opened
                for piece in _less(minutes, (change.from_minute, change.to_minute))
            ]
    return sorted(opened)


def _less(minutes: _Minutes, closed: _Minutes) -> list[_Minutes]:
    pieces = (minutes[0], min(minutes[1], closed[0])), (max(minutes[0], closed[1]), minutes[1])
    return [piece for piece in pieces if piece[0] < piece[1]]


def starts(
    spans: Iterable[Span], taken: Sequence[Span], length: Length, earliest: datetime
) -> Iterator[datetime]:
    """When an appointment could begin: each quarter of an hour from the beginning of a span.

    `taken` is sorted and does not overlap. The appointment lies inside the span; what is held
    around it may reach over the span's ends but not into what is taken.
    """
    index = 0
    for begin, end in spans:
        start = begin
        if start < earliest:
            start += -((begin - earliest) // STEP) * STEP
        while length.end(start) <= end:
            from_at, to_at = length.held(start)
            while index < len(taken) and taken[index][1] <= from_at:
                index += 1
            if index == len(taken) or to_at <= taken[index][0]:
                yield start
            start += STEP


def may_start(
    at: datetime,
    openings: Sequence[Opening],
    changes: Sequence[Change],
    zone: ZoneInfo,
    length: Length,
) -> bool:
    """Whether `at` is one of the starts that these hours offer, were nothing taken."""
    day = at.astimezone(zone).date()
    # A span may have begun the evening before, or run into the next day.
    around = open_spans(day - timedelta(days=1), day + timedelta(days=1), openings, changes, zone)
    return next(starts(around, (), length, at), None) == at
