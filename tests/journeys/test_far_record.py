"""Intake from both sides while the practice's record is far away and fails: nobody waits, all arrives."""

from __future__ import annotations

import pytest

from tests.journeys.acts import LENA, NICO, book, open_record, search
from tests.journeys.conftest import People
from tests.journeys.test_record import GOAL, PHONE, choose_form, fill_in_three_parts, reload_until
from tests.support.far_record import FarRecord
from tests.support.person import Person
from tests.support.server import Server
from vestibule.data import records

QUESTION = "Which colour is your door?"


@pytest.fixture
def far(tmp_path_factory: pytest.TempPathFactory) -> FarRecord:
    return FarRecord(tmp_path_factory.mktemp("far"))


@pytest.fixture
def settings(far: FarRecord) -> dict[str, str]:
    return far.environment


@pytest.mark.mouse_alone
def test_S2_2_S4_1_S4_2_S4_3_S5_1_S5_2_S5_3_S5_4_nobody_waits_for_a_record_that_is_down_slow_or_forgets(
    people: People, server: Server, far: FarRecord
) -> None:
    # That an answer made no sense is an error in the server's log, and is meant to be.
    server.is_trouble_expected = True
    lena = people(LENA)
    far.fail("down")
    keep_far_away(lena)
    choose_form(lena)
    ask(lena, QUESTION)
    lena.go_to("Clients")
    lena.sees("Intake outstanding", within="Brandt, Nico")
    nico = people(NICO)
    nico.sees("Needed before you can schedule.")
    far.fail("never")
    fill_in_three_parts(nico, {QUESTION: "Periwinkle"})
    search(nico)
    booked = book(nico)
    open_record(lena, "Brandt, Nicolas")
    lena.sees("Waiting for My Clients Plus")
    lena.sees(PHONE)
    lena.follow("Appointments", within="Record")
    lena.sees(booked)
    lena.follow("Other Information")
    lena.sees("Periwinkle")
    lena.follow("What My Clients Plus has of it")
    far.fail("forgets")
    lena.press("Try again now")
    reload_until(lena, "It answered with something that makes no sense.", times=120)
    lena.sees("Nothing is lost")
    far.mend()
    lena.press("Try again now")
    reload_until(lena, "Filed")
    lena.does_not_see("Waiting for My Clients Plus")
    check_what_arrived(far)


def keep_far_away(lena: Person) -> None:
    """From now on another system keeps the practice's record."""
    lena.go_to("Settings")
    lena.follow("My Clients Plus")
    lena.tick("My Clients Plus is kept here", is_on=False)
    lena.press("Save")
    lena.sees("Saved.")


def ask(lena: Person, question: str) -> None:
    """One more question of the practice's own."""
    lena.go_to("Forms")
    lena.follow("Intake: your questions")
    lena.follow("Add a question")
    lena.fill("Question", question)
    lena.select("Kind of answer", "Text, one line")
    lena.press("Save question")
    lena.press("Publish")
    lena.sees("It is version 2.")


def check_what_arrived(far: FarRecord) -> None:
    """The far side holds the person and one whole note, each once."""
    ((told, _based_on),) = far.kept("person")
    assert (told.given_name, told.phone) == ("Nicolas", PHONE)
    ((note, amends),) = far.kept("note")
    assert isinstance(note, records.Note)
    assert (note.kind, note.title, amends) == ("intake", "Clinical history", "")
    assert GOAL in note.text
    assert "Who is there for you when things are hard?\n-" in note.text
