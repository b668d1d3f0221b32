"""The password, where one is logged in, and the password asked again (S12.3, A5, A7, A8, A13)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from flask import Flask

from core import clock
from core.accounts.agents import browser_words
from core.spec.errors import PluginRefused
from core.spec.types import Route
from core.tenancy import Scope
from core.web import guard
from tests.core.test_accounts_entering import last_token, letters, log_in
from tests.support.house import Browser, House
from tests.support.mail import PostOffice
from tests.support.place import KINDS, Place
from tests.support.server import open_servers
from vestibule.testing.people import PASSWORD

CLIENT, TWO, OWNER, OPERATOR = (
    "client@demo.test",
    "twoproviders@demo.test",
    "provider@demo.test",
    "operator@demo.test",
)
OTHER = "quite another four words"
QUESTIONS_PAGE, LOGINS, CHANGE = "/settings/questions/", "/settings/logins/", "/settings/password/"
system = Scope.system("test")


@pytest.fixture
def database() -> str:
    """Pages don't depend on it; what is written by each service is tried on both below."""
    return "sqlite"


def change(browser: Browser, current: str = PASSWORD, new: str = OTHER) -> Any:
    return browser.post(CHANGE, {"current_password": current, "password": new})


@pytest.mark.parametrize("database", KINDS)
@pytest.mark.parametrize("email", [CLIENT, OWNER, OPERATOR])
def test_S12_3_the_password_is_changed_and_other_logins_end_at_their_next_click(
    house: House, email: str
) -> None:
    browser, elsewhere = house.browser(email), house.browser(email)
    cookie = browser.cookie
    assert elsewhere.get("/settings/").status_code == 200
    assert change(browser).location == "/settings/?saved=password"
    assert elsewhere.get("/settings/").location.startswith("/login")
    assert browser.open("/settings/?saved=password").has("Your password is changed.")
    assert browser.cookie != cookie, "A05: a new id after the password was given"
    assert log_in(house.browser(), email).status_code == 422
    assert log_in(house.browser(), email, OTHER).status_code == 303
    (letter,) = letters("accounts/password_renewed")
    assert letter.payload["account_id"] == str(house.account(email).id)


@pytest.mark.parametrize("database", ["postgresql"])
def test_A08_two_processes_a_password_changed_on_one_ends_the_login_of_the_other(
    place: Place, post_office: PostOffice, tmp_path: Path
) -> None:
    with open_servers(place, post_office.environment, tmp_path, count=2) as (here, there):
        carla, elsewhere = Visitor(here.base_url), Visitor(there.base_url)
        for visitor in (carla, elsewhere):
            assert visitor.send("/login", {"email": CLIENT, "password": PASSWORD}) == "/inbox/"
            assert visitor.get("/settings/") == "/settings/"
        told = {"current_password": PASSWORD, "password": OTHER}
        assert carla.send("/settings/password/", told) == "/settings/"
        assert elsewhere.get("/settings/") == "/login"
        assert carla.get("/settings/") == "/settings/"


class Visitor:
    """A browser without a page: it keeps cookies and says where it was led to."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._opener = build_opener(HTTPCookieProcessor())

    def get(self, path: str, data: dict[str, str] | None = None) -> str:
        body = None if data is None else urlencode(data).encode()
        with self._opener.open(self._base + path, body, timeout=20) as answer:
            self.text = answer.read().decode()
            return urlsplit(answer.url).path

    def send(self, path: str, data: dict[str, str]) -> str:
        """Open a page, and send its form with the token that stands in it."""
        return self.get(path, data | {"csrf_token": self.token(path)})

    def token(self, path: str) -> str:
        """What the form of a page proves itself with."""
        self.get(path)
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert found is not None
        return found[1]


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("not my password at all", OTHER, "This is not your password."),
        (PASSWORD, "too short", "15 characters or more"),
        (PASSWORD, "passwordpassword", "easily guessed"),
        (PASSWORD, "client@demo.test1", "too close to your e-mail address"),
        (PASSWORD, PASSWORD, "This is your present password."),
        ("", OTHER, "Enter your present password."),
    ],
)
def test_A09_a_poor_password_is_refused_with_its_reason(
    house: House, current: str, new: str, words: str
) -> None:
    answer = change(house.browser(CLIENT), current, new)
    assert answer.status_code == 422
    assert words in answer.text
    assert log_in(house.browser(), CLIENT).status_code == 303


def test_A14_links_to_reset_die_with_a_changed_password(house: House) -> None:
    house.browser().post("/forgot", {"email": CLIENT})
    link = f"/reset/{last_token('accounts/reset')}"
    change(house.browser(CLIENT))
    assert house.browser().get(link).status_code == 410


def test_A05_a_login_gets_another_id_and_the_planted_cookie_is_worth_nothing(house: House) -> None:
    browser = house.browser()
    browser.get("/login")
    planted = browser.cookie
    log_in(browser, CLIENT)
    assert browser.cookie != planted
    thief = house.browser()
    thief._client.set_cookie("vestibule", planted.partition("=")[2])
    assert thief.get("/settings/").location.startswith("/login")


def test_A07_idle_and_aged_logins_lead_to_login_and_back(house: House) -> None:
    staff, client = house.browser(OWNER), house.browser(CLIENT)
    with clock.standing_at(clock.now() + timedelta(minutes=16)):
        assert staff.get("/settings/").location == "/login?next=/settings/"
        assert client.get("/settings/").status_code == 200
    busy = house.browser(CLIENT)
    for hour in range(1, 25):
        with clock.standing_at(clock.now() + timedelta(hours=hour) - timedelta(minutes=10)):
            for_now = busy.get("/settings/").status_code
    assert for_now == 303


# ---- where I'm logged in


@pytest.mark.parametrize("database", KINDS)
def test_S12_3_logins_are_listed_and_ended_one_by_one_or_all(house: House) -> None:
    browser, second, third = (house.browser(CLIENT) for _ in range(3))
    stranger = house.browser(TWO)
    page = browser.open(LOGINS)
    assert page.text.count("Last used") == 3
    assert page.text.count("this one") == 1
    ends = [form.action for form in page.forms if form.action.endswith("/end")]
    assert len(ends) == 2
    assert stranger.post(ends[0]).status_code == 404
    browser.post(ends[0])
    left = [one for one in (second, third) if one.get(LOGINS).status_code == 200]
    assert len(left) == 1
    assert browser.post(f"{LOGINS}end-others").status_code == 303
    assert left[0].get(LOGINS).location.startswith("/login")
    assert browser.open(LOGINS).has("You are logged in nowhere else.")
    assert stranger.get(LOGINS).status_code == 200


@pytest.mark.parametrize("email", [OWNER, OPERATOR])
def test_S12_3_staff_and_operators_see_their_logins_too(house: House, email: str) -> None:
    browser, other = house.browser(email), house.browser(email)
    assert browser.open(LOGINS).text.count("Last used") == 2
    browser.press("Log out everywhere else")
    assert other.get(LOGINS).location.startswith("/login")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                " Version/18.0 Safari/605.1.15"
            ),
            "Safari on Mac",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
                " Gecko) CriOS/130.0 Mobile/15E148 Safari/604.1"
            ),
            "Chrome on iPhone",
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/130.0.0.0 Safari/537.36 Edg/130.0"
            ),
            "Edge on Windows",
        ),
        ("curl/8.5.0", "A browser that does not say which"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert browser_words(agent) == words


# ---- step-up


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/settings/email/"),
        ("POST", "/settings/email/"),
        ("GET", QUESTIONS_PAGE),
        ("POST", QUESTIONS_PAGE),
        ("POST", f"{QUESTIONS_PAGE}remove"),
        ("POST", f"{LOGINS}end-others"),
    ],
)
def test_A13_an_old_proof_asks_for_the_password_again(house: House, method: str, path: str) -> None:
    browser = house.browser(CLIENT)
    with clock.standing_at(clock.now() + timedelta(minutes=9)):
        assert browser.ask(method, path).status_code in (200, 303, 422)
        assert not (browser.ask(method, path).location or "").startswith("/settings/prove/")
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        assert browser.ask(method, path).location.startswith("/settings/prove/")
        browser.post("/settings/prove/", {"password": PASSWORD})
        again = house.browser(CLIENT) if browser.get(path).status_code == 404 else browser
        assert not (again.get("/settings/email/").location or "").startswith("/settings/prove/")


def test_A18_the_proof_leads_to_own_paths_only(house: House) -> None:
    browser = house.browser(CLIENT)
    for evil in ("//evil", "https://evil/", "/\\evil"):
        led = browser.post("/settings/prove/", {"password": PASSWORD, "next": evil})
        assert led.location == "/settings/"


def test_law_03_a_route_for_visitors_cannot_ask_for_a_password(house: House) -> None:
    def page(scope: object) -> str:
        return "open"

    route = Route("/door", page, who=("client", "anyone"), of="all", needs=frozenset(), proven=True)
    with pytest.raises(PluginRefused, match="a password that they don't have"):
        guard.install(Flask("planted"), [("door", route)], lambda _plugin: frozenset())
