"""The form for My Clients Plus from both sides: chosen, filled in, filed; and the record's own pages."""

from __future__ import annotations

import pytest

from tests.journeys.acts import LENA, NICO, fill_about_you, open_record
from tests.journeys.conftest import People
from tests.support.person import Person

PHONE = "(312) 555-0177"
GOAL = "Sleep through again, like before Marigold left."


def choose_form(lena: Person) -> None:
    lena.go_to("Settings")
    lena.follow("My Clients Plus intake form")
    lena.press("Use “Clinical history”")
    lena.sees("Clients are asked")


def fill_in_three_parts(nico: Person, more: dict[str, str] | None = None) -> None:
    """All of intake, submitted; `more` are answers to further questions of the practice's own."""
    nico.follow("Begin Intake")
    nico.sees("Clinical history")
    nico.follow("Continue")
    fill_about_you(nico, given="Nicolas", phone=PHONE)
    nico.fill("What brings you here?", "Cornflower")
    for question, answer in (more or {}).items():
        nico.fill(question, answer)
    nico.press("Save and continue")
    nico.heading("Clinical history")
    nico.fill("What would you like to be different after our work together?", GOAL)
    nico.choose("On some days")
    nico.choose("No", within="Have you been in therapy or counselling before?")
    nico.choose("No", within="In the last two weeks, have you thought of harming yourself?")
    nico.press("Save and continue")
    nico.heading("Check your answers")
    nico.press("Submit Intake")
    nico.heading("Intake sent")


def reload_until(person: Person, words: str, *, times: int = 60) -> None:
    """What goes through the outbox is there in a moment; what hangs first, in some."""
    for _time in range(times):
        if person.page.get_by_text(words).count():
            break
        person.page.wait_for_timeout(300)
        person.reload()
    person.sees(words)


@pytest.mark.keyboard_alone
def test_S4_3_S5_2_S5_4_the_form_is_filed_as_a_note_and_the_record_knows_the_person(people: People) -> None:
    lena, nico = people(LENA), people(NICO)
    choose_form(lena)
    nico.reload()
    fill_in_three_parts(nico)
    nico.follow("Read your answers")
    nico.sees(GOAL)
    open_record(lena, "Brandt, Nicolas", "Progress Notes")
    reload_until(lena, GOAL)
    lena.sees("Clinical history")
    lena.sees("filled in by Nicolas Brandt")
    lena.sees("What would you like to be different after our work together?")
    lena.follow("My Clients Plus")
    assert lena.value("Phone") == PHONE
    assert lena.value("First name") == "Nicolas"
    lena.follow("Demographics")
    assert lena.value("Phone") == PHONE
    lena.go_to("Inbox")
    lena.sees("Intake submitted: Nicolas Brandt")


@pytest.mark.mouse_alone
def test_a_note_is_signed_and_added_to_and_a_session_charged_and_paid(people: People) -> None:
    lena = people(LENA)
    open_record(lena, "Mendes, Carla", "Progress Notes")
    lena.follow("Write a note")
    lena.fill("Title", "Sleep and evenings")
    lena.fill("Note", "Four good nights of seven.")
    lena.press("Sign and lock")
    lena.sees("Four good nights of seven.")
    lena.sees("Signed")
    lena.follow("Add to it")
    lena.fill("Note", "The diary says five.")
    lena.press("Sign and lock")
    lena.sees("The diary says five.")
    lena.sees("Four good nights of seven.")
    lena.follow("Balance")
    lena.follow("Add a charge")
    lena.fill("For what", "Session")
    lena.fill("Amount", "120.50")
    lena.press("Save")
    lena.sees("Due: $120.50")
    lena.follow("Note a payment")
    lena.fill("Amount", "100")
    lena.choose("Cash")
    lena.press("Save")
    lena.sees("Due: $20.50")
    lena.go_to("Balances")
    lena.sees("$20.50 due")
