"""Pages that hear by themselves: two people, each at their own page, and nobody presses reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.acts import CARLA, LENA, OPERATOR, ORTIZ, switch_portal
from tests.journeys.conftest import People
from tests.support.person import Person

SOON = 5_000
BEGUN = "Could you also tell me whether"


def arrives(person: Person, words: str) -> None:
    """The words come to the page as it stands, without an act of this person."""
    expect(person.page.locator("body")).to_contain_text(words, timeout=SOON)


def top_of_field(person: Person) -> float:
    found: float = person.page.evaluate("() => document.activeElement.getBoundingClientRect().top")
    return found


def test_S9_2_a_message_appears_on_the_other_sides_open_page(people: People) -> None:
    lena, carla = people(LENA), people(CARLA)
    carla.follow("About next week")
    field = carla.page.get_by_label("Message", exact=True)
    # Low enough that there is something to scroll.
    carla.page.set_viewport_size({"width": 1280, "height": 460})
    field.press_sequentially(BEGUN)
    before = top_of_field(carla)

    lena.go_to("Inbox")
    lena.follow("About next week")
    lena.fill("Message", "And please bring the letter.")
    lena.press("Send")

    arrives(carla, "And please bring the letter.")
    expect(carla.page.get_by_role("status").filter(has_text="1 new message")).to_have_count(1)
    expect(field).to_be_focused()
    assert field.input_value() == BEGUN
    assert abs(top_of_field(carla) - before) < 2, "the field doesn't move under the hand that types"
    assert "unread" not in carla.page.locator("#menu").inner_text(), "what is on the screen is read"

    lena.go_to("Today")
    field.press_sequentially(" Tuesday is free?")
    carla.press("Send")
    arrives(lena, "Carla Mendes waits for an answer")
    expect(lena.page.get_by_role("status").filter(has_text="Inbox: 2 new")).to_have_count(1)


@pytest.mark.mouse_alone
def test_the_focus_stays_where_it_went_while_a_part_was_on_its_way(people: People) -> None:
    lena = people(LENA)
    on_their_way: list[Route] = []

    def hold(route: Route) -> None:
        on_their_way.append(route)

    lena.page.route(re.compile("/menu/"), hold)
    lena.page.get_by_role("link", name="Today").first.focus()
    lena.page.evaluate("() => hear(['*'])")
    while not on_their_way:
        lena.page.wait_for_timeout(20)

    lena.page.keyboard.press("Tab")
    reached = lena.page.get_by_role("link", name="Inbox")
    expect(reached).to_be_focused()
    with lena.page.expect_response(re.compile("/menu/")):
        on_their_way[0].continue_()
    lena.page.wait_for_timeout(300)
    expect(reached).to_be_focused()


@pytest.mark.keyboard_alone
def test_A30_a_page_of_a_portal_that_closes_goes_away_by_itself(people: People) -> None:
    carla = people(CARLA)
    operator = people(OPERATOR)
    with carla.expecting(404, "/live/"):
        switch_portal(operator, ORTIZ, "off")
        expect(carla.page).to_have_url(re.compile("/closed/$"), timeout=SOON)
    carla.sees(ORTIZ)
