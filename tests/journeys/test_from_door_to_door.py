"""From a client's page to the provider's and back: what one does, the other sees."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import People
from tests.support.mail import PostOffice
from tests.support.person import Person

NICO, CARLA, TESS = "newclient@demo.test", "client@demo.test", "twoproviders@demo.test"
LENA, MAYA, OPERATOR = "provider@demo.test", "provider2@demo.test", "operator@demo.test"


def switch_portal(operator: Person, provider: str, to: str) -> None:
    operator.open("/operator/")
    operator.follow(provider)
    operator.press(f"Switch {to}", within="Client Portal")


@pytest.mark.both_databases
def test_law_02_subscriptions_decide_where_a_client_of_two_providers_books(people: People) -> None:
    operator, tess = people(OPERATOR), people(TESS)
    switch_portal(operator, "Dr Lena Ortiz", "off")
    tess.open("/appointments/search")
    tess.does_not_see("Dr Lena Ortiz")
    offered = tess.rows("Schedule")[0]
    tess.press("Schedule", within=offered)
    tess.heading("Your appointment is booked")
    maya = people(MAYA)
    maya.follow("Clients")
    maya.follow("Farrow, Tess")
    maya.does_not_see("none")
    switch_portal(operator, "Dr Lena Ortiz", "on")
    tess.open("/appointments/search")
    tess.sees("Dr Lena Ortiz")


@pytest.mark.also("no-script", "phone")
def test_S9_2_a_message_and_its_answer(people: People, post_office: PostOffice) -> None:
    carla = people(CARLA)
    assert carla.path == "/inbox/"
    carla.follow("New message")
    carla.fill("Subject", "Marigold")
    carla.fill("Message", "Is the side door open on Friday?")
    carla.press("Send")
    carla.sees("Sent")
    letter = post_office.wait_for(LENA, about="new message")
    assert "Marigold" not in letter.text
    lena = people(LENA)
    lena.open("/practice/ortiz/inbox/")
    lena.follow("Marigold")
    lena.sees("Is the side door open on Friday?")
    lena.fill("Message", "Yes, from eight o'clock.")
    lena.press("Send")
    carla.open("/inbox/")
    carla.follow("Marigold")
    carla.sees("Yes, from eight o'clock.")
    carla.check_storage()


def test_S3_2_S4_1_S5_1_intake_first_then_scheduling(people: People) -> None:
    nico = people(NICO)
    nico.go_to("Appointments")
    nico.follow("Search for Appointments")
    nico.sees("Before you can schedule")
    nico.follow("Go to Intake")
    nico.follow("Continue")
    nico.fill("First name", "Nicolas")
    nico.fill("Last name", "Brandt")
    nico.fill("Birth date", "1990-05-04")
    nico.press("Save and continue")
    nico.fill("Phone", "(312) 555-0177")
    nico.press("Save and continue")
    nico.press("Save and continue")
    answer_the_practice(nico)
    nico.heading("Check your answers")
    nico.press("Submit Intake")
    nico.heading("Intake sent")
    nico.follow("Search for Appointments")
    nico.press("Schedule", within=nico.rows("Schedule")[0])
    nico.heading("Your appointment is booked")
    lena = people(LENA)
    lena.go_to("Clients")
    lena.follow("Brandt, Nicolas")
    lena.sees("(312) 555-0177")
    lena.follow("Other Information")
    lena.sees("Cornflower")
    lena.go_to("Inbox")
    lena.sees("Intake submitted: Nicolas Brandt")


def answer_the_practice(nico: Person) -> None:
    """The provider's own questions, whichever kinds they are."""
    nico.fill("What brings you here?", "Cornflower")
    nico.press("Save and continue")


@pytest.mark.also("no-script", "phone")
def test_S10_1_S10_2_booked_seen_and_cancelled(people: People) -> None:
    carla = people(CARLA)
    carla.go_to("Appointments")
    carla.follow("Search for Appointments")
    offered = carla.rows("Schedule")[-1]
    carla.press("Schedule", within=offered)
    carla.heading("Your appointment is booked")
    carla.go_to("Appointments")
    carla.sees("Session")
    carla.follow("Past")
    carla.heading()
    lena = people(LENA)
    lena.open("/practice/ortiz/clients/")
    lena.follow("Mendes, Carla")
    lena.follow("Appointments", within="Summary")
    lena.sees("Dr Lena Ortiz")


def test_S9_1_clicks_are_few(people: People) -> None:
    """Counted from the page after login to the confirmation, fields included."""
    carla = people(CARLA)
    carla.follow("New message")
    carla.fill("Message", "One line.")
    carla.press("Send")
    assert carla.clicks <= 3
    tess = people(TESS)
    tess.go_to("Appointments")
    tess.follow("Search for Appointments")
    tess.press("Schedule", within=tess.rows("Schedule")[0])
    tess.heading("Your appointment is booked")
    assert tess.clicks <= 3
    nico = people(NICO)
    nico.follow("Begin Intake")
    nico.heading("Intake")
    assert nico.clicks == 1
