"""The practice's calendar: booked for a client, moved, cancelled, and seen by the client each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Route

from tests.journeys.acts import CARLA, LENA, open_record
from tests.journeys.conftest import People
from tests.support.finding import BUTTONS
from tests.support.mail import PostOffice
from tests.support.person import Person

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.keyboard_alone
def test_a_practice_books_moves_and_cancels_for_a_client(people: People, post_office: PostOffice) -> None:
    lena, carla = people(LENA), people(CARLA)
    day = datetime.now(CHICAGO).date() + timedelta(days=12)
    in_words = f"{day:%a, %b} {day.day}"
    open_record(lena, "Mendes, Carla")
    lena.follow("Schedule")
    lena.select("Type", "Session")
    lena.fill("Day", f"{day:%Y-%m-%d}")
    lena.fill("Time", "14:30")
    lena.press("Book")
    lena.heading("Appointment")
    post_office.wait_for(CARLA, about="booked")
    carla.go_to("Appointments")
    carla.sees(f"{in_words}, 2:30")
    lena.follow("Move")
    lena.fill("Time", "16:00")
    lena.press("Move")
    lena.heading("Appointment")
    post_office.wait_for(CARLA, about="another time")
    carla.go_to("Appointments")
    carla.sees(f"{in_words}, 4:00")
    carla.does_not_see(f"{in_words}, 2:30")
    lena.follow("Cancel this appointment")
    lena.press("Cancel this appointment")
    post_office.wait_for(CARLA, about="cancelled")
    carla.go_to("Appointments")
    carla.does_not_see(in_words)
    carla.follow("Past")
    carla.sees(f"{in_words}, 4:00")
    carla.sees("Cancelled")


@pytest.mark.mouse_alone  # a key that is held down sends nothing twice
def test_a_double_click_on_a_slow_line_removes_hours_once(people: People) -> None:
    lena = people(LENA)
    lena.open("/practice/ortiz/settings/")
    lena.follow("Hours")
    before = lena.rows("Remove")
    asked = len(lena.watch.requests)
    lena.page.route("**/remove/**", answer_late)
    press_twice(lena, "Remove", within=before[0].split(" Remove")[0])
    lena.sees(before[1].split(" Remove")[0])
    assert lena.status == 200
    assert lena.rows("Remove") == before[1:]
    assert len([url for url in lena.watch.requests[asked:] if "/remove/" in url]) == 1


def press_twice(person: Person, button: str, within: str) -> None:
    """Where it stands, 150 ms apart, as some people press everywhere."""
    box = person.finder.control(BUTTONS, button, within).bounding_box()
    assert box is not None
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    person.page.mouse.click(*at)
    person.page.wait_for_timeout(150)
    person.page.mouse.click(*at)


def answer_late(route: Route) -> None:
    """The act is done at once, and its answer is a while under way."""
    answer = route.fetch(max_redirects=0)
    route.request.frame.page.wait_for_timeout(500)
    route.fulfill(response=answer)
