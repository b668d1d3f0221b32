"""From hours to free times: weeks, exceptions, buffers, and the clock's two leaps."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.appointments.hours import (
    Change,
    Length,
    Opening,
    Span,
    may_start,
    moment_of,
    open_spans,
    starts,
)

CHICAGO = ZoneInfo("America/Chicago")
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/Chicago",
        "America/Santiago",  # leaps at midnight
        "Australia/Lord_Howe",  # leaps by half an hour
        "Pacific/Apia",
        "Asia/Kathmandu",
        "UTC",
    )
]
SPRING = date(2027, 3, 14)
AUTUMN = date(2026, 11, 1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def spans_of(day: date, *minutes: tuple[int, int], changes: Sequence[Change] = ()) -> list[Span]:
    openings = [Opening(day.weekday(), *each) for each in minutes]
    return list(open_spans(day, day, openings, changes, CHICAGO))


def walls(spans: Sequence[Span]) -> list[str]:
    return [f"{a.astimezone(CHICAGO):%H:%M}-{b.astimezone(CHICAGO):%H:%M %Z}" for a, b in spans]


def test_hours_are_the_wall_clock_in_summer_and_winter() -> None:
    for day in (date(2026, 7, 6), date(2026, 12, 7)):
        ((from_at, to_at),) = spans_of(day, (540, 1020))
        assert from_at.astimezone(CHICAGO).hour == 9
        assert to_at - from_at == timedelta(hours=8)


def test_law_10_the_hour_that_is_leaped_over_is_not_offered() -> None:
    assert walls(spans_of(SPRING, (60, 240))) == ["01:00-04:00 CDT"]
    ((from_at, to_at),) = spans_of(SPRING, (60, 240))
    assert to_at - from_at == timedelta(hours=2)
    assert spans_of(SPRING, (125, 175)) == []
    assert walls(spans_of(SPRING, (60, 150))) == ["01:00-03:00 CDT"]
    assert walls(spans_of(SPRING, (150, 300))) == ["03:00-05:00 CDT"]


def test_law_10_the_hour_that_comes_twice_is_offered_twice_inside_a_span() -> None:
    ((from_at, to_at),) = spans_of(AUTUMN, (30, 180))
    assert to_at - from_at == timedelta(hours=3, minutes=30)
    found = list(starts([(from_at, to_at)], [], Length(30), from_at))
    assert len(found) == len(set(found)) == 13
    shown = [f"{at.astimezone(CHICAGO):%H:%M}" for at in found]
    assert shown.count("01:15") == 2


def test_hours_until_midnight_run_on_into_the_next_day() -> None:
    openings = [Opening(0, 1320, 1440), Opening(1, 0, 60)]
    monday = date(2026, 12, 7)
    (span,) = open_spans(monday, monday + timedelta(days=1), openings, [], CHICAGO)
    assert span[1] - span[0] == timedelta(hours=3)


def test_closed_wins_over_open() -> None:
    monday = date(2026, 12, 7)
    changes = [Change(monday, monday, True, 480, 720), Change(monday, monday, False, 600, 660)]
    spans = spans_of(monday, (540, 1020), changes=changes)
    assert walls(spans) == ["08:00-10:00 CST", "11:00-17:00 CST"]
    assert spans_of(monday, (540, 1020), changes=[Change(monday, monday, False)]) == []


def test_starts_come_each_quarter_and_never_reach_over_what_is_taken() -> None:
    monday = date(2026, 12, 7)
    spans = spans_of(monday, (540, 720))
    begin = spans[0][0]
    taken = [(begin + timedelta(minutes=60), begin + timedelta(minutes=110))]
    found = list(starts(spans, taken, Length(50), begin))
    assert [(at - begin) // timedelta(minutes=1) for at in found] == [0, 120]
    with_buffer = list(starts(spans, taken, Length(50, 15, 0), begin))
    assert with_buffer == [begin]


def test_the_earliest_start_keeps_to_the_quarters() -> None:
    spans = spans_of(date(2026, 12, 7), (540, 720))
    begin = spans[0][0]
    first = next(starts(spans, [], Length(30), begin + timedelta(minutes=1)))
    assert first == begin + timedelta(minutes=15)
    assert next(starts(spans, [], Length(30), begin + timedelta(minutes=15))) == first


@st.composite
def weeks(draw: st.DrawFn) -> tuple[date, list[Opening], list[Change], ZoneInfo]:
    first = draw(st.dates(date(2026, 1, 1), date(2027, 12, 20)))
    minutes = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda m: m[0] < m[1])
    openings = [Opening(draw(st.integers(0, 6)), *draw(minutes)) for _ in range(draw(st.integers(0, 6)))]
    changes = [
        Change(first, first + timedelta(days=draw(st.integers(0, 3))), draw(st.booleans()), *draw(minutes))
        for _ in range(draw(st.integers(0, 3)))
    ]
    return first, openings, changes, draw(st.sampled_from(ZONES))


@given(weeks())
def test_spans_are_apart_in_order_and_just_the_open_minutes(
    week: tuple[date, list[Opening], list[Change], ZoneInfo],
) -> None:
    first, openings, changes, zone = week
    spans = list(open_spans(first, first + timedelta(days=7), openings, changes, zone))
    for from_at, to_at in spans:
        assert from_at < to_at
    for one, two in itertools.pairwise(spans):
        assert one[1] < two[0]
    for from_at, to_at in spans:
        middle = from_at + (to_at - from_at) / 2
        assert _is_open(middle.astimezone(zone), openings, changes, zone)


def _is_open(wall: datetime, openings: Sequence[Opening], changes: Sequence[Change], zone: ZoneInfo) -> bool:
    day = wall.date()
    at = wall.astimezone(UTC)

    def holds(from_minute: int, to_minute: int) -> bool:
        return moment_of(day, from_minute, zone) <= at < moment_of(day, to_minute, zone)

    today = [change for change in changes if change.first_on <= day <= change.last_on]
    is_opened = any(holds(o.from_minute, o.to_minute) for o in openings if o.weekday == day.weekday()) or any(
        holds(c.from_minute, c.to_minute) for c in today if c.is_open
    )
    is_closed = any(holds(c.from_minute, c.to_minute) for c in today if not c.is_open)
    return is_opened and not is_closed


@given(weeks(), st.integers(5, 240), st.integers(0, 60), st.integers(0, 60))
def test_each_start_that_is_found_may_start_and_holds_nothing_taken(
    week: tuple[date, list[Opening], list[Change], ZoneInfo], minutes: int, before: int, after: int
) -> None:
    first, openings, changes, zone = week
    length = Length(minutes, before, after)
    spans = list(open_spans(first, first + timedelta(days=2), openings, changes, zone))
    taken: list[Span] = []
    for from_at, _to_at in spans:
        held = from_at + timedelta(minutes=20), from_at + timedelta(minutes=55)
        if not taken or taken[-1][1] <= held[0]:
            taken.append(held)
    for at in starts(spans, taken, length, LONG_AGO):
        from_at, to_at = length.held(at)
        assert all(to_at <= begin or end <= from_at for begin, end in taken)
    for at in starts(spans, [], length, LONG_AGO):
        if at.astimezone(zone).date() == first + timedelta(days=1):
            assert may_start(at, openings, changes, zone, length)


@pytest.mark.parametrize("minutes", [1, 7, 14])
def test_a_time_between_the_quarters_may_not_start(minutes: int) -> None:
    at = datetime(2026, 12, 7, 16, 0, tzinfo=UTC)
    openings = [Opening(0, 540, 1020)]
    assert may_start(at, openings, [], CHICAGO, Length(50))
    assert not may_start(at + timedelta(minutes=minutes), openings, [], CHICAGO, Length(50))
