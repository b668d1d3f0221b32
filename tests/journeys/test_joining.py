"""Getting in: by the provider's invitation, or from the provider's own website."""

from __future__ import annotations

import pytest

from tests.journeys.acts import (
    LENA,
    Newcomer,
    accept,
    book,
    invite,
    open_record,
    search,
    sign_up,
    website_link,
)
from tests.journeys.conftest import People
from tests.support.mail import PostOffice
from vestibule.testing.people import PASSWORD

IVY = Newcomer("Ivy", "Ashdown")
OTTO = Newcomer("Otto", "Weyland")


def test_S1_1_an_invited_person_joins_the_record(people: People, post_office: PostOffice) -> None:
    lena = people(LENA)
    invite(lena, IVY)
    lena.sees("Not in the portal")
    ivy = people()
    accept(ivy, IVY, post_office)
    ivy.go_to("Settings")
    ivy.sees(IVY.email)
    open_record(lena, IVY.in_lists)
    lena.sees("This client has joined the portal.")
    late = people()
    with late.expecting(410, "/invitation/"):
        late.open(post_office.wait_for(IVY.email, about="invite").link("/invitation/"))
    late.does_not_see(IVY.family)


def test_S1_2_an_invited_client_logs_in_and_schedules_at_once(
    people: People, post_office: PostOffice
) -> None:
    lena = people(LENA)
    invite(lena, OTTO)
    accept(people(), OTTO, post_office)
    otto = people()
    otto.log_in(OTTO.email, PASSWORD)
    search(otto)
    booked = book(otto)
    open_record(lena, OTTO.in_lists, "Appointments")
    lena.sees(booked)


def test_S2_1_a_visitor_signs_up_from_the_providers_website(people: People, post_office: PostOffice) -> None:
    lena = people(LENA)
    link = website_link(lena)
    sign_up(people(), IVY, link, post_office)
    open_record(lena, IVY.in_lists)
    lena.sees("Signed up by themselves.")
    lena.sees(IVY.email)


@pytest.mark.also("no-script", "phone")
def test_S2_2_intake_is_waiting_at_the_first_login(people: People, post_office: PostOffice) -> None:
    lena = people(LENA)
    sign_up(people(), OTTO, website_link(lena), post_office)
    otto = people()
    otto.log_in(OTTO.email, PASSWORD)
    otto.sees("Needed before you can schedule.")
    otto.follow("Begin Intake")
    otto.heading("Intake")
    if otto.way.has_script:
        assert otto.clicks == 1
    lena.go_to("Clients")
    lena.sees("Intake outstanding", within=OTTO.in_lists)
