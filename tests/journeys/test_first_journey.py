"""The first journey: subscriptions and intake decide who books where; each provider sees their own."""

from __future__ import annotations

import pytest

from tests.journeys.acts import (
    HARBOR,
    LENA,
    MAYA,
    NICO,
    OPERATOR,
    ORTIZ,
    TESS,
    book,
    open_record,
    search,
    submit_intake,
    switch_portal,
)
from tests.journeys.conftest import People


@pytest.mark.both_databases
def test_first_journey_a_client_of_two_books_where_the_portal_is_on(people: People) -> None:
    operator, tess = people(OPERATOR), people(TESS)
    switch_portal(operator, ORTIZ, "off")
    search(tess)
    tess.does_not_see(ORTIZ)
    at_harbor = book(tess)
    tess.sees(HARBOR)
    switch_portal(operator, ORTIZ, "on")
    search(tess)
    at_ortiz = book(tess, ORTIZ, at=-1)
    tess.sees(ORTIZ)
    lena, maya = people(LENA), people(MAYA)
    open_record(lena, "Farrow, Tess", "Appointments")
    lena.sees(at_ortiz)
    lena.does_not_see(at_harbor)
    open_record(maya, "Farrow, Tess", "Appointments")
    # Maya's pages have the times of New York; the day is the same.
    maya.sees(at_harbor.rpartition(", ")[0])
    maya.does_not_see(ORTIZ)


@pytest.mark.both_databases
def test_first_journey_a_newcomer_books_once_intake_is_submitted(people: People) -> None:
    nico = people(NICO)
    search(nico)
    nico.sees("Before you can schedule, submit your intake.")
    assert not nico.rows("Schedule")
    submit_intake(nico, phone="(312) 555-0177", answer="Cornflower")
    search(nico)
    booked = book(nico)
    lena, maya = people(LENA), people(MAYA)
    open_record(lena, "Brandt, Nico", "Appointments")
    lena.sees(booked)
    lena.follow("Other Information")
    lena.sees("Cornflower")
    maya.go_to("Clients")
    maya.sees("Farrow, Tess")
    maya.does_not_see("Brandt")
