"""Telling: signed, ids only, tried again, and never into a private network."""

from __future__ import annotations

import hmac
from collections.abc import Callable

import pytest

from receiver import Receiver
from vestibule.data import Invalid
from vestibule.testing import Browser, Clock, House, Person, Practice, Subscriptions
from webhooks import reaching, running, service

SECRET = "a secret of the practice"
Browsers = Callable[[Person | None], Browser]


def test_each_event_is_told_once_signed_and_with_ids_only(
    practice: Practice, client: Person, house: House, allowed: Receiver
) -> None:
    service.configure(practice.owner.scope, allowed.address, SECRET)
    booked = practice.book(client)
    moved = practice.move(booked, practice.free_times(9)[8])
    practice.cancel(moved)
    house.deliver()
    assert sorted(told["event"] for told in allowed.told) == [
        "appointment_booked",
        "appointment_cancelled",
        "appointment_moved",
    ]
    assert {told["appointment_id"] for told in allowed.told} == {str(booked.id)}
    assert not any(b"Carl" in body or b"202" in body.partition(b'"sequence"')[2] for body in allowed.bodies)
    for headers, body in zip(allowed.headers, allowed.bodies, strict=True):
        moment, signed = (part.partition("=")[2] for part in headers["Vestibule-Signature"].split(","))
        assert hmac.compare_digest(signed, service.signature(SECRET, int(moment), body))
    house.deliver()
    assert len(allowed.told) == 3


def test_what_is_not_taken_is_tried_again_with_the_same_id(
    practice: Practice, client: Person, house: House, allowed: Receiver, clock: Clock, browser: Browsers
) -> None:
    service.configure(practice.owner.scope, allowed.address, SECRET)
    allowed.answers = [500, 302]
    practice.book(client)
    for _try in range(4):
        house.deliver()
        clock.forward(minutes=10)
    assert len({told["id"] for told in allowed.told}) == 1
    assert len(allowed.told) == 3
    page = browser(practice.owner).open("/practice/maple/settings/webhooks/")
    assert page.has("Booked taken 3")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://127.0.0.1/", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://169.254.169.254/latest/meta-data/", "not_public"),
        ("https://10.0.0.8/", "not_public"),
        ("https://[::ffff:127.0.0.1]/", "not_public"),
        ("https://localhost/", "not_public"),
        ("http://93.184.215.14/", "not_https"),
        ("file:///etc/passwd", "no_address"),
        ("https://user@93.184.215.14/", "no_address"),
        ("https://", "no_address"),
        ("gopher://93.184.215.14/", "no_address"),
        ("https://93.184.215.14:0/", "no_address"),
        ("https://exa mple.org/", "no_address"),
    ],
)
def test_A39_what_may_not_be_reached_is_not_asked(address: str, code: str) -> None:
    with pytest.raises(reaching.Unreachable) as refused:
        reaching.post(address, b"{}", {})
    assert refused.value.code == code


def test_A39_a_name_that_leads_inside_is_refused_at_each_delivery(
    practice: Practice, client: Person, house: House, receiver: Receiver, browser: Browsers
) -> None:
    """A good name when it was typed, and a private address by the time it is used."""
    inside = f"https://localhost:{receiver.host.partition(':')[2]}/"
    service.configure(practice.owner.scope, inside, SECRET)
    practice.book(client)
    house.deliver()
    assert receiver.bodies == []
    page = browser(practice.owner).open("/practice/maple/settings/webhooks/")
    assert page.has("refused: the address leads into a private network")


def test_A39_redirects_are_not_followed(allowed: Receiver) -> None:
    allowed.answers = [307]
    assert reaching.post(allowed.address, b"{}", {}) == 307


def test_the_owner_is_told_what_to_mend(practice: Practice, browser: Browsers) -> None:
    at = browser(practice.owner)
    at.open("/practice/maple/settings/")
    at.follow("Webhooks")
    assert at.press("Save", {"address": "http://example.org/", "secret": SECRET}).status == 422
    assert at.page.has("The address has to begin with https://.")
    assert at.press("Save", {"address": "https://example.org/", "secret": ""}).has("A secret is needed")
    assert at.press("Save", {"address": "https://example.org/", "secret": "short"}).has(
        "16 characters or more."
    )
    assert at.press("Save", {"address": "https://example.org/", "secret": SECRET}).has("Saved.")
    assert at.press("Save", {"address": "https://example.org/x", "secret": ""}).has("Saved.")
    assert SECRET not in at.page.html
    with pytest.raises(Invalid):
        service.configure(practice.owner.scope, "nowhere", "")


def test_switched_off_nothing_is_told(
    practice: Practice, client: Person, house: House, allowed: Receiver, subscriptions: Subscriptions
) -> None:
    service.configure(practice.owner.scope, allowed.address, SECRET)
    practice.book(client)
    subscriptions.off("CP")
    house.deliver()
    assert allowed.bodies == []


def test_practices_are_apart(
    practice: Practice, other_practice: Practice, house: House, allowed: Receiver, browser: Browsers
) -> None:
    service.configure(practice.owner.scope, allowed.address, SECRET)
    other_practice.book(other_practice.client)
    house.deliver()
    assert allowed.bodies == []
    assert browser(other_practice.owner).open("/practice/maple/settings/webhooks/").status == 404
    desk = practice.add_member("desk@maple.test", "Dee Esk", "desk")
    assert browser(desk).open("/practice/maple/settings/webhooks/").status == 404


def test_the_secret_is_sealed(practice: Practice, house: House) -> None:
    service.configure(practice.owner.scope, "https://example.org/hook", SECRET)
    assert b"example.org/hook" in house.stored("plugin_setting")
    assert SECRET.encode() not in house.stored("plugin_setting")


def test_an_owner_reads_it_in_spanish(practice: Practice, browser: Browsers) -> None:
    at = browser(practice.owner)
    at.open("/settings/")
    at.press("Save", {"locale": "es"})
    assert at.open("/practice/maple/settings/webhooks/").has("Últimas entregas")


def test_the_operator_hears_of_what_was_given_up_and_lets_it_be_sent_again(
    practice: Practice, client: Person, house: House, allowed: Receiver, clock: Clock
) -> None:
    service.configure(practice.owner.scope, allowed.address, SECRET)
    allowed.answers = [500] * 10
    practice.book(client)
    for _try in range(10):
        assert running.given_up(practice.scope) == ""
        house.deliver()
        clock.forward(hours=2)
    assert running.given_up(practice.scope).startswith("1 delivery was given up.")
    assert running.send_again(practice.scope) == "1 delivery is sent again"
    house.deliver()
    assert len(allowed.told) == 11
    assert running.given_up(practice.scope) == ""
    assert running.send_again(practice.scope) == "0 deliveries are sent again"
