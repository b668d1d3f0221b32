"""The practice's calendar: booked for a client, moved, cancelled, and seen by the client each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.acts import CARLA, LENA, open_record
from tests.journeys.conftest import People
from tests.support.mail import PostOffice

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
