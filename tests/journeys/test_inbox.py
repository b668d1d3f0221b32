"""The view after login, and messages between a client and the providers joined with."""

from __future__ import annotations

import pytest

from tests.journeys.acts import CARLA, HARBOR, LENA, MAYA, NICO, ORTIZ, TESS, write, write_to_client
from tests.journeys.conftest import People
from tests.support.mail import PostOffice


def test_S6_1_at_a_glance_after_login(people: People) -> None:
    lena = people(LENA)
    write_to_client(lena, "Mendes, Carla", "Larkspur", "The lift is out of order this week.")
    carla, nico = people(CARLA), people(NICO)
    carla.sees("Next appointment")
    carla.sees("2 unread")
    carla.sees("Larkspur")
    nico.sees("Needed before you can schedule.")
    assert nico.has_link("Begin Intake")


def test_S9_1_the_view_after_login_is_the_inbox(people: People) -> None:
    lena = people(LENA)
    write_to_client(lena, "Mendes, Carla", "Foxglove", "Please bring the letter.")
    carla = people(CARLA)
    assert carla.path == "/inbox/"
    assert carla.heading() == "Inbox"
    carla.sees("Foxglove")
    carla.follow("Foxglove")
    carla.sees("Please bring the letter.")


@pytest.mark.also("no-script", "phone")
def test_S9_2_a_client_writes_to_one_of_two_providers_and_is_answered(
    people: People, post_office: PostOffice
) -> None:
    tess = people(TESS)
    write(tess, "Marigold", "Is the side door open on Friday?", to=HARBOR)
    assert "Marigold" not in post_office.wait_for(MAYA, about="new message").text
    lena, maya = people(LENA), people(MAYA)
    lena.go_to("Inbox")
    lena.sees("A form for work")
    lena.does_not_see("Marigold")
    maya.go_to("Inbox")
    maya.follow("Marigold")
    maya.sees("Is the side door open on Friday?")
    maya.fill("Message", "Yes, from eight o'clock.")
    maya.press("Send")
    maya.sees("Sent")
    tess.go_to("Inbox")
    tess.follow("Marigold")
    tess.sees("Yes, from eight o'clock.")
    tess.check_storage()
    carla = people(CARLA)
    carla.follow("New message")
    carla.sees(ORTIZ)
    carla.does_not_see(HARBOR)
