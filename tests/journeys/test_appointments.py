"""A client's appointments: searched, scheduled, seen by both sides, cancelled, past."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.acts import CARLA, LENA, book, open_record, search
from tests.journeys.conftest import People

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.also("no-script", "phone")
def test_S10_1_a_client_books_what_the_search_offers(people: People) -> None:
    carla, lena = people(CARLA), people(LENA)
    search(carla)
    soonest = book(carla)
    if carla.way.has_script:
        assert carla.clicks == 3
    today = datetime.now(CHICAGO).date()
    wanted = today + timedelta(days=9)
    search(carla)
    carla.unfold(f"Session · from {today:%a, %b} {today.day} · Change")
    carla.fill("From", f"{wanted:%Y-%m-%d}")
    carla.press("Show times")
    later = book(carla)
    assert f"{wanted:%a, %b} {wanted.day}," in later
    open_record(lena, "Mendes, Carla", "Appointments")
    lena.sees(soonest)
    lena.sees(later)
    lena.follow(later)
    lena.sees("Carla Mendes")
    lena.go_to("Calendar")
    while f"{wanted:%B} {wanted.day}," not in lena.heading():
        lena.follow("Later")
    lena.sees("Carla Mendes")


@pytest.mark.also("phone")
def test_S10_2_scheduled_and_past_appointments(people: People) -> None:
    carla, lena = people(CARLA), people(LENA)
    search(carla)
    booked = book(carla)
    carla.go_to("Appointments")
    carla.sees(booked)
    carla.follow(booked)
    carla.sees("Dr Lena Ortiz")
    past = datetime.now(CHICAGO) - timedelta(days=7)
    week_ago = f"{past:%a, %b} {past.day}, 10:00"
    carla.go_to("Appointments")
    carla.does_not_see(week_ago)
    carla.follow("Past")
    carla.sees(week_ago)
    carla.does_not_see(booked)
    open_record(lena, "Mendes, Carla", "Appointments")
    lena.sees(booked)
    lena.sees(week_ago)


def test_S10_2_a_client_cancels_within_the_notice(people: People) -> None:
    carla, lena = people(CARLA), people(LENA)
    search(carla)
    wanted = datetime.now(CHICAGO).date() + timedelta(days=9)
    carla.unfold(f"Session · from {date_in_words(datetime.now(CHICAGO).date())} · Change")
    carla.fill("From", f"{wanted:%Y-%m-%d}")
    carla.press("Show times")
    booked = book(carla)
    carla.go_to("Appointments")
    carla.follow(booked)
    carla.follow("Cancel this appointment")
    carla.press("Cancel this appointment")
    carla.go_to("Appointments")
    carla.does_not_see(booked)
    lena.go_to("Inbox")
    lena.sees("Appointment cancelled: Carla Mendes")
    open_record(lena, "Mendes, Carla", "Appointments")
    lena.sees("Cancelled", within=booked)


def date_in_words(day: date) -> str:
    """As the page says a near day: Thu, Dec 3."""
    return f"{day:%a, %b} {day.day}"
