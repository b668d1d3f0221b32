"""Every kind of question, filled in by mouse, by keyboard, without scripts and on a phone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.questionnaires import write_questionnaire
from tests.core.questionnaire_samples import PNG, every_kind
from tests.journeys.acts import LENA, NICO, fill_about_you, open_record
from tests.journeys.conftest import People
from tests.support.browser import MOUSE
from tests.support.person import Person
from tests.support.place import Place
from tests.support.server import run_command

PHONE = "(312) 555-0177"


@pytest.fixture
def place(place: Place, tmp_path: Path) -> Place:
    """The small practice, whose owner asks one of everything."""
    file = tmp_path / "every-kind.json"
    file.write_text(json.dumps(write_questionnaire(every_kind())), encoding="utf-8")
    said = run_command(place, "forms", "import", "ortiz", str(file), "--publish")
    assert "Published." in said
    return place


@pytest.mark.keyboard_alone
@pytest.mark.timeout(400)  # a long form on a busy machine
@pytest.mark.also("no-script", "phone")
def test_S4_2_each_kind_of_question_is_answered_and_read_by_the_practice(
    people: People, tmp_path: Path
) -> None:
    nico = people(NICO)
    nico.follow("Begin Intake")
    nico.follow("Continue")
    fill_about_you(nico, phone=PHONE)
    nico.heading("Typed")
    nico.check_fits()
    with nico.expecting(422):
        nico.press("Save and continue")
    nico.sees("There is a problem")
    nico.check_accessibility()
    fill_typed(nico)
    nico.press("Save and continue")
    nico.heading("Chosen")
    nico.check_accessibility()
    nico.choose("A lot", within="One?")
    nico.tick("Red")
    nico.tick("Blue")
    nico.fill("Or in your own words", "Something else", within="Own?")
    nico.tick("A little", within="Owns?")
    nico.choose("No", within="Sure?")
    nico.choose("7", within="Scale?")
    nico.press("Save and continue")
    nico.heading("Nested")
    nico.check_accessibility()
    fill_medicines(nico)
    picture = tmp_path / "card.png"
    picture.write_bytes(PNG)
    nico.page.get_by_label("File? (optional)", exact=True).set_input_files(picture)
    nico.fill("Your full name, as your signature", "Nico Brandt")
    nico.press("Save and continue")
    nico.heading("Check your answers")
    nico.sees("card.png")
    nico.check_fits()
    nico.press("Submit Intake")
    nico.heading("Intake sent")
    nico.check_storage()
    read_by_practice(people)


def fill_typed(nico: Person) -> None:
    """What is typed, a second name by another line."""
    nico.fill("Line?", "Ana")
    nico.fill("Words?", "One and two")
    nico.fill("Whole?", "3")
    nico.fill("Number?", "2.5")
    nico.fill("Day?", "1990-12-31")
    nico.fill("Date", "2026-12-03", within="Moment?")
    nico.fill("Time", "14:02", within="Moment?")
    nico.fill("Hour?", "14:30")
    nico.fill("Web?", "example.com/a")
    nico.fill("Number", "80.5", within="Amount?")
    nico.select("Unit", "kg", within="Amount?")
    nico.fill("Names? (optional)", "Ann")
    nico.press("Add another")
    nico.fill("Names? (2)", "Bo")


def fill_medicines(nico: Person) -> None:
    """Two medicines, of which one is not taken daily: that brings up a question."""
    nico.fill("Name?", "Sertraline", within="Medicine 1")
    nico.fill("Dose? (optional)", "50", within="Medicine 1")
    nico.choose("Yes", within="Medicine 1")
    nico.press("Add another")
    nico.fill("Name?", "Lithium", within="Medicine 2")
    nico.choose("No", within="Medicine 2")
    has_script = nico.page.locator("[name=live]").get_attribute("value") == "1"
    if not has_script:
        nico.fill("Your full name, as your signature", "Nico Brandt")
        nico.press("Save and continue")
        nico.sees("Your answers brought up more questions.")
    nico.sees("Why not?", within="Medicine 2")
    nico.fill("Why not?", "On weekdays", within="Medicine 2")


def read_by_practice(people: People) -> None:
    """The answers stand in the record, what was not asked does not."""
    lena = people(LENA, way=MOUSE)
    open_record(lena, "Brandt, Nico", "Other Information")
    for words in ("Ana", "80.5 kg", "Something else", "Lithium", "On weekdays", "5.5", "card.png"):
        lena.sees(words)
    lena.does_not_see("Hidden")
