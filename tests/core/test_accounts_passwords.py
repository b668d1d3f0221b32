"""Which passwords are good enough, and that a missing account costs what a wrong password costs."""

import statistics
import time
import unicodedata

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
def test_A09_a_password_is_judged_by_length_and_by_being_known(password: str, code: str) -> None:
    assert weakness(password) == code


def test_A09_both_writings_of_an_accent_are_one_password() -> None:
    composed = "résumé of a long summer"
    hashed = passwords.hashed(composed)
    assert passwords.matches(hashed, unicodedata.normalize("NFD", composed))
    assert not passwords.matches(hashed, composed + " ")


def test_A09_a_thousand_characters_all_count() -> None:
    hashed = passwords.hashed("ab" * 499 + "cd")
    assert passwords.matches(hashed, "ab" * 499 + "cd")
    assert not passwords.matches(hashed, "ab" * 499 + "ce")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not passwords.matches("not a hash", GOOD)


def test_A01_no_account_costs_what_a_wrong_password_costs() -> None:
    hashed = passwords.hashed(GOOD)
    passwords.matches(None, GOOD)

    # By turns, so that a busy machine slows both.
    times: dict[str | None, list[float]] = {hashed: [], None: []}
    for password_hash in [hashed, None] * 20:
        begun = time.process_time()
        assert not passwords.matches(password_hash, "another four words")
        times[password_hash].append(time.process_time() - begun)
    known, unknown = (statistics.median(found) for found in times.values())
    assert abs(known - unknown) < 0.010


def test_A04_others_are_served_while_hashes_are_made() -> None:
    beats = 0

    def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            gevent.sleep(0.002)

    heart = gevent.spawn(beat)
    gevent.joinall([gevent.spawn(passwords.hashed, GOOD) for _ in range(10)])
    heart.kill()
    # Made inline, ten hashes leave room for one beat between each two.
    assert beats > 30
