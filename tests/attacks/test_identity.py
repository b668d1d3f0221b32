"""Who somebody is: doors that tell nothing of others, floods, and passwords as long as a book."""

from __future__ import annotations

import re

import pytest

from core import outbox
from tests.support import harbor
from tests.support.street import Street
from vestibule.testing.people import PASSWORD

KNOWN, UNKNOWN = "client@demo.test", "nobody@demo.test"
NAMES = {"given_name": "Aiko", "family_name": "Tanaka"}
DOORS = {
    "login": ("/login", {"password": "not the password of anybody"}),
    "forgot": ("/forgot", {}),
    "signup": ("/p/harbor/signup", {**NAMES, "password": PASSWORD}),
}
NEW_EACH_TIME = re.compile(r'name="csrf_token" value="[^"]*"|/confirm/[\w-]+|since=\d+')


def looked(text: str, email: str) -> str:
    """A page but for the address and for what is new in each answer."""
    return NEW_EACH_TIME.sub("", text.replace(email, ""))


@pytest.mark.parametrize("door", DOORS)
def test_A01_each_door_answers_alike_for_known_and_unknown_addresses(street: Street, door: str) -> None:
    path, fields = DOORS[door]
    told = []
    for email in (KNOWN, UNKNOWN):
        browser = street.house.browser()
        answer = browser.post(path, {**fields, "email": email})
        page = browser.get(answer.location) if answer.location else answer
        sizes = [len(NEW_EACH_TIME.sub("", each.text)) for each in (answer, page)]
        told.append((answer.status_code, page.status_code, sizes, looked(page.text, email)))
    assert told[0] == told[1]


def test_A01_a_practice_learns_of_no_account_by_inviting(street: Street) -> None:
    told = []
    for email in (KNOWN, UNKNOWN):
        owner = street.house.browser(harbor.OWNER)
        added = owner.post("/practice/harbor/clients/add/", {**NAMES, "email": email})
        where = added.location
        invited = owner.post(f"{where.partition('?')[0]}invite/", {"email": email})
        page = owner.get(invited.location)
        text = re.sub(r"[0-9a-f-]{36}", "", looked(page.text, email))
        told.append((invited.status_code, page.status_code, len(text), text))
    assert told[0][0] == 303
    assert told[0] == told[1]


def test_A01_A03_a_forged_address_of_a_proxy_counts_as_nothing(street: Street) -> None:
    browser, statuses = street.house.browser(), []
    for number in range(21):
        told = {"csrf_token": browser.csrf_token, "email": f"nobody{number}@demo.test"}
        forged = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        statuses.append(browser._client.post("/forgot", data=told, headers=forged).status_code)
    # One was asked for when the street was furnished.
    assert statuses == [200] * 19 + [429] * 2


def test_A09_a_password_of_a_megabyte_is_refused_before_it_is_hashed(street: Street) -> None:
    long = {"email": KNOWN, "password": "x" * 1_048_576}
    assert street.house.browser().post("/login", long).status_code == 413
    signup = {**NAMES, "email": UNKNOWN, "password": "x" * 400_000}
    assert street.house.browser().post("/p/harbor/signup", signup).status_code == 422


def test_A16_a_mail_scanner_that_opens_each_link_uses_none_up(street: Street) -> None:
    scanner = street.house.browser()
    tokens = {name: ids["token"] for name, ids in street.ids.items() if "token" in ids}
    paths = {door.endpoint: door.path for door in street.doors if door.endpoint in tokens}
    assert len(paths) > 5
    for endpoint, path in paths.items():
        for method in ("GET", "HEAD") * 10:
            assert scanner.ask(method, path).status_code == 200, endpoint
    reset = scanner.post(paths["accounts.reset"], {"password": "four other words here"})
    assert reset.status_code == 200
    assert scanner.get(paths["accounts.reset"]).status_code == 410


def test_A17_a_mailed_link_begins_with_the_address_that_was_set(street: Street) -> None:
    browser = street.house.browser()
    told = {"csrf_token": browser.csrf_token, "email": KNOWN}
    evil = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Cookie": browser.cookie}
    stranger = street.house.app.test_client(use_cookies=False)
    assert stranger.post("/forgot", data=told, headers=evil).status_code == 200
    while outbox.drain():
        pass
    letter = street.office.wait_for(KNOWN)
    assert letter.link("/reset/")
    assert all(link.startswith(street.house.settings.base_url) for link in letter.links)
    assert "evil" not in str(letter.message)
