"""Settings of an account: another e-mail address, another password, security questions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from tests.journeys.acts import CARLA, LENA, open_record
from tests.journeys.conftest import People
from tests.support.mail import PostOffice
from tests.support.person import Person
from tests.support.place import Place
from vestibule.testing.people import PASSWORD

NEW = "carla.new@journeys.test"
OTHER = "quite another four words"
ANSWERS = {"first": "Elm Street", "second": "O'Hára", "third": "Ben"}


def later(place: Place, by: timedelta) -> None:
    """Let each login have been used, and proven, longer ago."""
    back = int(by.total_seconds() * 1_000_000)
    with closing(sqlite3.connect(place.sqlite_file, timeout=10)) as rows, rows:
        rows.execute("UPDATE login SET seen_at = seen_at - ?, proven_at = proven_at - ?", (back, back))


@pytest.mark.keyboard_alone
def test_S12_1_another_address_is_confirmed_told_and_seen_by_the_provider(
    people: People, post_office: PostOffice, place: Place
) -> None:
    carla, lena = people(CARLA), people(LENA)
    carla.go_to("Settings")
    carla.follow("E-mail address")
    carla.fill("New e-mail address", NEW)
    later(place, timedelta(minutes=11))
    carla.press("Send the link")
    carla.heading("Confirm it is you")
    carla.fill("Your password", PASSWORD)
    carla.press("Continue")
    carla.sees("This is what you had typed")
    assert carla.value("New e-mail address") == NEW
    carla.press("Send the link")
    carla.sees(f"{NEW} waits to be confirmed")
    carla.open(post_office.wait_for(NEW, about="Confirm").link("/email/"))
    carla.press("Use this address")
    carla.sees("You log in with the new address from now on.")
    carla.sees(NEW)
    told = post_office.wait_for(CARLA, about="another e-mail address")
    assert "Ortiz" not in told.text
    open_record(lena, "Mendes, Carla")
    lena.sees(NEW)
    later_visitor = people()
    later_visitor.log_in(NEW)
    later_visitor.heading("Inbox")


@pytest.mark.keyboard_alone
def test_S12_3_another_password_and_the_other_login_ends(people: People, post_office: PostOffice) -> None:
    carla, phone = people(CARLA), people(CARLA)
    carla.go_to("Settings")
    carla.follow("Where I'm logged in")
    carla.sees("this one")
    carla.go_to("Settings")
    carla.follow("Password")
    carla.fill("Present password", PASSWORD)
    carla.fill("New password", OTHER)
    # The page that is open elsewhere hears of it, asks why, and leads to the login by itself.
    with phone.expecting(401, "/live/"):
        carla.press("Save the password")
        carla.sees("Your password is changed.")
        phone.heading("Log in")
    assert "was changed" in post_office.wait_for(CARLA, about="password").subject
    again = people()
    again.log_in(CARLA, OTHER)
    again.heading("Inbox")


@pytest.mark.keyboard_alone
def test_S12_4_own_questions_are_asked_after_the_link_and_the_practice_helps(
    people: People, post_office: PostOffice
) -> None:
    carla, lena = people(CARLA), people(LENA)
    carla.go_to("Settings")
    carla.follow("Security Questions")
    carla.select("First question", "On which street did you live when you started school?")
    carla.select("Second question", "What was the last name of your first teacher?")
    carla.select("Third question", "What was the first name of your best friend when you were ten?")
    for which, answer in ANSWERS.items():
        carla.fill(f"Answer to the {which} question", answer)
    carla.press("Save the questions")
    carla.sees("Your security questions are saved.")
    visitor = people()
    reset(visitor, post_office)
    with visitor.expecting(422, "/reset/"):
        give_answers(visitor, "Oak Street")
    visitor.sees("Not all answers are right.")
    with carla.expecting(401, "/live/"):
        give_answers(visitor, "elm street")
        visitor.heading("Your password is changed")
        carla.heading("Log in")
    forgetful = people()
    reset(forgetful, post_office, count=2)
    forgetful.press("Ask my practice to confirm it is me")
    forgetful.heading("Your practice has been asked")
    lena.go_to("Today")
    lena.follow("Carla Mendes can't get into the portal")
    lena.press("It is them: send a link")
    lena.sees("The link is on its way")
    forgetful.open(post_office.wait_for(CARLA, about="Choose another password", count=3).link("/reset/"))
    forgetful.does_not_see("first teacher")


def reset(visitor: Person, post_office: PostOffice, count: int = 1) -> None:
    """Forget the password, and open the link that comes."""
    visitor.open("/forgot")
    visitor.fill("E-mail", CARLA)
    visitor.press("Send me a link")
    visitor.open(post_office.wait_for(CARLA, about="Choose another password", count=count).link("/reset/"))


def give_answers(visitor: Person, street: str) -> None:
    visitor.fill("On which street did you live when you started school?", street)
    visitor.fill("What was the last name of your first teacher?", "ohara")
    visitor.fill("What was the first name of your best friend when you were ten?", "BEN")
    visitor.fill("Password", OTHER)
    visitor.press("Save the password")


@pytest.mark.keyboard_alone
def test_law_16_what_was_typed_is_there_after_login(people: People, place: Place) -> None:
    carla = people(CARLA)
    carla.follow("New message")
    carla.fill("Subject", "Lantern")
    carla.fill("Message", "It took me all afternoon to write this.")
    carla.sees("Saved")
    later(place, timedelta(minutes=61))
    carla.press("Send")
    carla.heading("Log in")
    carla.sees("What you had written is kept for 30 minutes")
    carla.log_in(CARLA)
    carla.sees("You wrote this before you were logged out")
    assert carla.value("Message") == "It took me all afternoon to write this."
    carla.press("Send")
    carla.heading("Lantern")
    carla.sees("It took me all afternoon to write this.")
