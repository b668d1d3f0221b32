"""Limits on tries: growing waits, windows, one count for all processes."""

from datetime import timedelta

import gevent
import pytest

from core import clock, db, limits
from core.spec.errors import TooManyTries
from core.tenancy import Scope

pytestmark = pytest.mark.usefixtures("ground")


def waits(name: str, *keys: object) -> int:
    """Seconds that the key has to wait now."""
    try:
        limits.check(name, *keys)
    except TooManyTries as refused:
        return refused.retry_after
    return 0


def test_A02_the_wait_grows_from_the_fifth_wrong_password() -> None:
    now, seen = clock.now(), []
    for _ in range(13):
        with clock.standing_at(now):
            limits.spend("login_account", "a@demo.test")
            seen.append(waits("login_account", "a@demo.test"))
            now += timedelta(seconds=seen[-1])
    assert seen == [0, 0, 0, 0, 30, 60, 120, 300, 600, 1800, 3600, 3600, 3600]


def test_A02_after_a_hundred_in_a_row_only_clearing_helps() -> None:
    now = clock.now()
    for _ in range(100):
        with clock.standing_at(now):
            limits.spend("login_account", "a@demo.test")
        now += timedelta(seconds=3600)
    with clock.standing_at(now + timedelta(days=365)):
        assert waits("login_account", "a@demo.test") > 0
        limits.sweep(Scope.system("test"))
        assert waits("login_account", "a@demo.test") > 0, "sweeping forgets no lock"
        limits.clear("login_account", "a@demo.test")
        assert waits("login_account", "a@demo.test") == 0


def test_A02_a_right_password_begins_the_count_anew() -> None:
    for _ in range(4):
        limits.spend("login_account", "a@demo.test")
    limits.clear("login_account", "a@demo.test")
    limits.spend("login_account", "a@demo.test")
    assert waits("login_account", "a@demo.test") == 0


def test_A03_a_window_ends_and_a_refused_try_is_not_counted() -> None:
    now = clock.now()
    with clock.standing_at(now):
        for _ in range(30):
            limits.spend("login_address", "198.51.100.7")
        with pytest.raises(TooManyTries) as refused:
            limits.spend("login_address", "198.51.100.7")
        assert refused.value.retry_after == 600
        assert waits("login_address", "198.51.100.8") == 0
    with clock.standing_at(now + timedelta(seconds=601)):
        limits.spend("login_address", "198.51.100.7")
        assert waits("login_address", "198.51.100.7") == 0


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("198.51.100.7", "198.51.100.8", False),
        ("no address", "no address", True),
    ],
)
def test_A03_what_counts_as_one_address(first: str, second: str, *, is_same: bool) -> None:
    assert (limits.address_key(first) == limits.address_key(second)) == is_same


def test_giving_back_a_try_unlocks_only_what_it_locked() -> None:
    for _ in range(5):
        limits.spend("code_entry", "x")
    assert waits("code_entry", "x") > 0
    limits.give_back("code_entry", "x")
    assert waits("code_entry", "x") == 0
    limits.spend("code_entry", "x")
    assert waits("code_entry", "x") > 0


def test_A04_tries_at_the_same_moment_do_not_slip_through() -> None:
    outcomes: list[bool] = []

    def attempt() -> None:
        with db.connection():
            try:
                limits.spend("code_entry", "x")
            except TooManyTries:
                outcomes.append(False)
            else:
                outcomes.append(True)

    gevent.joinall([gevent.spawn(attempt) for _ in range(20)], raise_error=True)
    assert sorted(outcomes) == [False] * 15 + [True] * 5


def test_law_11_neither_addresses_nor_e_mail_stand_in_the_table() -> None:
    limits.count("login_account", "a@demo.test")
    limits.count("login_address", "198.51.100.7")
    rows = db.database.execute_sql("SELECT * FROM limit_count").fetchall()
    assert len(rows) == 2
    assert "demo.test" not in repr(rows)
    assert "198.51" not in repr(rows)


def test_sweeping_removes_windows_that_passed() -> None:
    limits.count("login_address", "198.51.100.7")
    assert limits.sweep(Scope.system("test")) == 0
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        assert limits.sweep(Scope.system("test")) == 1


def test_a_rule_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="no limit named loggin"):
        limits.count("loggin", "x")
