"""The clock: aware, in UTC, and standing still when a test says so."""

from datetime import UTC, date, datetime, timedelta

import gevent
import pytest

from core import clock

NEW_YEAR = datetime(2027, 1, 1, 3, 30, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_today_is_the_date_on_the_wall() -> None:
    with clock.standing_at(NEW_YEAR):
        assert clock.today("America/Chicago") == date(2026, 12, 31)
        assert clock.today("UTC") == clock.today("Asia/Tokyo") == date(2027, 1, 1)


def test_the_clock_goes_on_after_standing() -> None:
    with clock.standing_at(NEW_YEAR):
        with clock.standing_at(NEW_YEAR + timedelta(days=1)):
            assert clock.now() == NEW_YEAR + timedelta(days=1)
        assert clock.now() == NEW_YEAR
    assert clock.now() != NEW_YEAR


def test_it_stands_in_one_greenlet_only() -> None:
    seen = []
    with clock.standing_at(NEW_YEAR):
        other = gevent.spawn(lambda: seen.append(clock.now()))
        other.join()
        assert clock.now() == NEW_YEAR
    assert seen != [NEW_YEAR]


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"), clock.standing_at(datetime(2027, 1, 1)):  # noqa: DTZ001
        pass
