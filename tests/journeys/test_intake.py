"""Intake from both sides: required, asked, answered, submitted and filed in the record."""

from __future__ import annotations

import pytest

from tests.journeys.acts import (
    CARLA,
    LENA,
    NICO,
    Newcomer,
    accept,
    book,
    fill_about_you,
    invite,
    open_record,
    search,
    submit_intake,
    write,
)
from tests.journeys.conftest import People
from tests.support.mail import PostOffice
from tests.support.person import Person

WHY = "Before you can schedule, submit your intake."
IVY = Newcomer("Ivy", "Ashdown")
PHONE = "(312) 555-0177"


def test_S3_1_a_provider_requires_intake_before_scheduling(people: People, post_office: PostOffice) -> None:
    nico, lena = people(NICO), people(LENA)
    search(nico)
    nico.sees(WHY)
    lena.go_to("Settings")
    lena.follow("Intake before scheduling")
    lena.tick("Intake has to be submitted before scheduling", is_on=False)
    lena.press("Save")
    lena.sees("Saved.")
    search(nico)
    booked = book(nico)
    open_record(lena, "Brandt, Nico", "Appointments")
    lena.sees(booked)
    lena.go_to("Settings")
    lena.follow("Intake before scheduling")
    lena.tick("Intake has to be submitted before scheduling")
    lena.press("Save")
    lena.sees("Saved.")
    invite(lena, IVY, needs_intake_first=True)
    ivy = people()
    accept(ivy, IVY, post_office)
    search(ivy)
    ivy.sees(WHY)


def test_S3_2_until_then_nothing_is_offered_or_booked(people: People) -> None:
    carla, nico = people(CARLA), people(NICO)
    search(carla)
    search(nico)
    nico.sees(WHY)
    assert not nico.rows("Schedule")
    assert crafted_booking(carla, nico) == 409
    nico.follow("Go to Intake")
    nico.heading("Intake")
    nico.go_to("Inbox")
    write(nico, "Quince", "May I book before the form is done?")
    lena = people(LENA)
    lena.go_to("Inbox")
    lena.sees("Quince")
    open_record(lena, "Brandt, Nico", "Appointments")
    lena.does_not_see("Session")


def crafted_booking(carla: Person, nico: Person) -> int:
    """Nico asks for a time that only Carla was offered; the status of the answer."""
    slot = carla.page.locator("[name=slot]").first.get_attribute("value")
    token = nico.page.locator("[name=csrf_token]").first.get_attribute("value")
    assert slot
    assert token
    fields: dict[str, str | float | bool] = {"csrf_token": token, "key": "a key of the test", "slot": slot}
    answer = nico.context.request.post(
        "/appointments/schedule", form=fields, headers={"Origin": origin(nico)}
    )
    assert "Nothing was booked" in answer.text()
    return answer.status


def origin(person: Person) -> str:
    return person.page.url.partition(person.path)[0]


@pytest.mark.also("no-script", "phone")
def test_S4_1_basic_demographics_are_asked_and_kept(people: People) -> None:
    nico, elsewhere = people(NICO), people(NICO)
    nico.follow("Begin Intake")
    nico.follow("Continue")
    nico.fill("First name", "Nicodemus")
    nico.fill("Birth date", "1990-05-04")
    nico.press("Save and continue")
    nico.heading("How to reach you")
    nico.fill("Phone", PHONE)
    nico.fill("City", "Evanston")
    nico.press("Save and continue")
    nico.heading("Whom we call in an emergency")
    elsewhere.reload()
    elsewhere.follow("Continue Intake")
    elsewhere.follow("Continue")
    elsewhere.fill("Their name", "Johanna Brandt")
    elsewhere.press("Save and continue")
    elsewhere.fill("What brings you here?", "Cornflower")
    elsewhere.press("Save and continue")
    elsewhere.sees("Nicodemus")
    elsewhere.sees("May 4, 1990")
    elsewhere.press("Submit Intake")
    lena = people(LENA)
    open_record(lena, "Brandt, Nicodemus")
    for typed in (PHONE, "Evanston", "Johanna Brandt"):
        lena.sees(typed)


@pytest.mark.also("no-script", "phone")
def test_S4_2_custom_fields_that_the_provider_defines(people: People) -> None:
    lena, question = people(LENA), "Which colour is your door?"
    lena.go_to("Settings")
    lena.follow("Intake: your questions")
    lena.follow("Add a question")
    lena.fill("Question", question)
    lena.select("Kind of answer", "Text, one line")
    lena.press("Save question")
    lena.sees(question)
    lena.press("Publish")
    nico = people(NICO)
    nico.follow("Begin Intake")
    nico.follow("Continue")
    fill_about_you(nico, phone=PHONE)
    nico.fill("What brings you here?", "Cornflower")
    nico.fill(question, "Periwinkle")
    nico.press("Save and continue")
    nico.press("Submit Intake")
    open_record(lena, "Brandt, Nico", "Other Information")
    lena.sees(question)
    lena.sees("Periwinkle")


def test_S5_1_after_submitting_the_client_schedules(people: People) -> None:
    nico = people(NICO)
    submit_intake(nico, phone=PHONE, answer="Cornflower")
    nico.follow("Search for Appointments")
    booked = book(nico)
    lena = people(LENA)
    open_record(lena, "Brandt, Nico", "Appointments")
    lena.sees(booked)


def test_S5_2_demographics_fill_the_record(people: People) -> None:
    nico = people(NICO)
    nico.follow("Begin Intake")
    nico.follow("Continue")
    fill_about_you(nico, given="Nicolas", family="Brandtner", phone=PHONE)
    nico.fill("What brings you here?", "Cornflower")
    nico.press("Save and continue")
    nico.press("Submit Intake")
    lena = people(LENA)
    open_record(lena, "Brandtner, Nicolas")
    lena.sees(PHONE)
    lena.sees("May 4, 1990")


def test_S5_3_custom_fields_stand_under_other_information(people: People) -> None:
    nico = people(NICO)
    submit_intake(nico, phone=PHONE, answer="Trouble with sleep since Marigold left")
    nico.follow("Read your answers")
    nico.sees("Trouble with sleep since Marigold left")
    lena = people(LENA)
    lena.go_to("Inbox")
    lena.follow("Intake submitted: Nico Brandt")
    lena.follow("Read it in the record")
    lena.sees("What brings you here?")
    lena.sees("Trouble with sleep since Marigold left")
