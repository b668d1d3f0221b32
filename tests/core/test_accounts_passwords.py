"""Which passwords are good enough, and that a missing account costs what a wrong password costs."""

import statistics
import time
import unicodedata
from itertools import pairwise

import gevent
import pytest

from core.accounts import passwords
from core.spec.errors import Invalid

GOOD = "violet kettle under snow"


def weakness(password: str, email: str = "ana.souza@example.com") -> str:
    """The code for a refused password, empty for a good one."""
    try:
        passwords.refuse_weak(password, email=email)
    except Invalid as error:
        return error.fields["password"]
    return ""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        (GOOD, ""),
        ("x" * 14, "too_short"),
        ("elm river stone", ""),
        ("🐢🦊🌵 garden walk", ""),
        ("naïve café élan!", ""),
        ("a" * 20, "common"),
        ("passwordpassword", "common"),
        ("PasswordPassword", "common"),
        ("vestibulevestibule", "common"),
        ("123456789012345", "common"),
        ("qwertyuiopasdfgh", "common"),
        ("correct horse battery staple", "common"),
        ("Four words work well", "common"),
        ("ana.souza@example.com", "own"),
        ("ana.souza@example.com1", "own"),
        ("anasouza-likes-her-long-river-walks", ""),
        (" spaces at both ends ", ""),
        ("long enough " * 83, ""),
        ("long enough " * 84, "too_long"),
    ],
)
def test_A09_a_password_is_judged_by_length_and_by_being_known(password: str, code: str):
    assert weakness(password) == code


def test_A09_both_writings_of_an_accent_are_one_password():
    composed = "résumé of a long summer"
    hashed = passwords.hashed(composed)
    assert passwords.matches(hashed, unicodedata.normalize("NFD", composed))
    assert not passwords.matches(hashed, composed + " ")


def test_A09_a_thousand_characters_all_count():
    hashed = passwords.hashed("ab" * 499 + "cd")
    assert passwords.matches(hashed, "ab" * 499 + "cd")
    assert not passwords.matches(hashed, "ab" * 499 + "ce")


def test_a_damaged_hash_matches_nothing():
    assert not passwords.matches("not a hash", GOOD)


def test_A01_no_account_costs_what_a_wrong_password_costs():
    hashed = passwords.hashed(GOOD)
    passwords.matches(None, GOOD)

    def median(password_hash: str | None) -> float:
        times = []
        for _ in range(15):
            begun = time.perf_counter()
            assert not passwords.matches(password_hash, "another four words")
            times.append(time.perf_counter() - begun)
        return statistics.median(times)

    assert abs(median(hashed) - median(None)) < 0.010


def test_A04_others_are_served_while_hashes_are_made():
    beats = []

    def beat() -> None:
        while True:
            beats.append(time.perf_counter())
            gevent.sleep(0.005)

    heart = gevent.spawn(beat)
    gevent.joinall([gevent.spawn(passwords.hashed, GOOD) for _ in range(10)])
    heart.kill()
    longest = max(later - earlier for earlier, later in pairwise(beats))
    assert longest < 0.2, f"the loop stood still for {longest * 1000:.0f} ms"
