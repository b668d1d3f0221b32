"""How few clicks it takes, counted by a listener in the page from the one after login to the confirmation."""

from __future__ import annotations

from tests.journeys.acts import CARLA, NICO, TESS, book, search
from tests.journeys.conftest import People


def test_clicks_a_message_takes_three(people: People) -> None:
    carla = people(CARLA)
    carla.follow("New message")
    carla.fill("Message", "One line.")
    carla.press("Send")
    carla.sees("Sent")
    assert carla.clicks <= 3


def test_clicks_a_booking_takes_three_with_two_providers_too(people: People) -> None:
    tess = people(TESS)
    search(tess)
    book(tess)
    assert tess.clicks <= 3


def test_clicks_intake_is_begun_with_one(people: People) -> None:
    nico = people(NICO)
    nico.follow("Begin Intake")
    nico.heading("Intake")
    assert nico.clicks == 1
