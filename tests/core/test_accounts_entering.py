"""Logging in and out, the front door, and forgotten passwords, through pages."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from core import clock, db, outbox
from core.tenancy import Scope
from core.tenancy.models import Account, Client
from tests.support.house import Browser, House, open_app
from tests.support.place import Place
from vestibule.testing.people import PASSWORD

WRONG = "not the password of anybody"


def log_in(browser: Browser, email: str, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/login", {"email": email, "password": password, **more})


def without_tokens(answer: Any) -> str:
    """A page but for what is new in each answer."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text)


def letters(target: str) -> list[Any]:
    """Queued letters of one template, oldest first."""
    rows: Any = db.house_rows(outbox.Outbox).where(outbox.Outbox.target == target)
    return list(rows.order_by(outbox.Outbox.created_at))


def last_token(target: str) -> str:
    return str(letters(target)[-1].payload["values"]["token"])


@pytest.mark.parametrize(
    ("email", "first"),
    [
        ("client@demo.test", "/inbox/"),
        ("provider@demo.test", "/practice/"),
        ("operator@demo.test", "/operator/"),
    ],
)
def test_each_person_is_led_to_their_own_first_page(house: House, email: str, first: str) -> None:
    browser = house.browser()
    assert browser.get("/").location == "/login"
    assert log_in(browser, email).location == "/"
    assert browser.get("/").location == first


def test_A01_a_wrong_password_and_an_unknown_address_get_the_same_page(house: House) -> None:
    known, unknown = (
        log_in(house.browser(), email, WRONG) for email in ("client@demo.test", "nobodyx@demo.test")
    )
    assert known.status_code == unknown.status_code == 422
    assert "is wrong" in known.text
    assert without_tokens(known).replace("client@", "") == without_tokens(unknown).replace("nobodyx@", "")


def test_A02_the_fifth_wrong_password_makes_everybody_wait_but_a_known_place(house: House) -> None:
    for _ in range(5):
        assert log_in(house.browser(), "client@demo.test", WRONG).status_code == 422
    paused = log_in(house.browser(), "client@demo.test")
    assert paused.status_code == 429
    assert 0 < int(paused.headers["Retry-After"]) <= 30
    assert len(letters("accounts/tries")) == 1
    with clock.standing_at(clock.now() + timedelta(seconds=31)):
        assert log_in(house.browser(), "client@demo.test").status_code == 303
    for _ in range(5):
        log_in(house.browser(), "newclient@demo.test", WRONG)
    assert log_in(house.browser(), "client@demo.test").status_code == 303


def test_A06_a_copied_cookie_is_worth_nothing_after_logout(house: House) -> None:
    browser = house.browser("client@demo.test")
    copied = browser._client.get_cookie("vestibule")
    assert copied is not None
    answer = browser.post("/logout")
    assert answer.location == "/login"
    assert "storage" in answer.headers["Clear-Site-Data"]
    thief = house.browser()
    thief._client.set_cookie("vestibule", copied.value)
    assert thief.get("/settings/").location.startswith("/login")


@pytest.mark.parametrize(
    "evil",
    ["//evil", "/\\evil", "https:evil", "\t//evil", "javascript:alert(1)", "https://evil/", "evil"],
)
def test_A18_login_leads_to_own_paths_only(house: House, evil: str) -> None:
    assert log_in(house.browser(), "client@demo.test", next=evil).location == "/"


def test_login_goes_on_to_what_was_asked_for(house: House) -> None:
    browser = house.browser()
    asked = browser.get("/settings/?saved=yes").location
    assert asked.startswith("/login?next=")
    page = browser.get(asked).text
    assert 'value="/settings/?saved=yes"' in page
    assert log_in(browser, "client@demo.test", next="/settings/").location == "/settings/"


@pytest.mark.parametrize(
    ("email", "asked", "led"),
    [
        ("client@demo.test", "/inbox/?page=2", "/inbox/?page=2"),
        ("client@demo.test", "/help", "/help"),
        ("client@demo.test", "/practice/ortiz/clients/", "/"),
        ("client@demo.test", "/nowhere/", "/"),
        ("provider@demo.test", "/inbox/", "/"),
        ("provider@demo.test", "/practice/ortiz/", "/practice/ortiz/"),
        ("provider@demo.test", "/practice/harbor/", "/"),
        ("operator@demo.test", "/inbox/", "/"),
    ],
)
def test_whoever_logs_in_at_anothers_page_is_led_to_their_own(
    house: House, email: str, asked: str, led: str
) -> None:
    browser = house.browser()
    assert log_in(browser, email, next=asked).location == led
    assert browser.get(f"/login?{urlencode({'next': asked})}").location == led


def test_a_client_of_closed_portals_learns_whom_to_call(house: House) -> None:
    system = Scope.system("test")
    chart = house.chart("client@demo.test", "ortiz")
    with db.transaction():
        system.change(chart, ended_at=clock.now())
    browser = house.browser("client@demo.test")
    assert browser.get("/").location == "/closed/"
    page = browser.get("/closed/")
    assert "Dr Lena Ortiz" in page.text
    assert "(312) 555-0142" in page.text
    assert browser.get("/settings/").status_code == 200


def test_one_click_choices_stand_in_the_demo_only(house: House) -> None:
    assert "operator@demo.test" not in house.browser().get("/login").text


def test_A14_a_reset_link_works_once_and_only_the_newest(house: House) -> None:
    browser = house.browser()
    elsewhere = house.browser("client@demo.test")
    for _ in range(2):
        assert "on its way" in browser.post("/forgot", {"email": "client@demo.test"}).text
    older, newer = (row.payload["values"]["token"] for row in letters("accounts/reset"))
    assert browser.get(f"/reset/{older}").status_code == 410
    for _ in range(20):
        assert browser.get(f"/reset/{newer}").status_code == 200
    weak = browser.post(f"/reset/{newer}", {"password": "passwordpassword"})
    assert weak.status_code == 422
    assert "easily guessed" in weak.text
    done = browser.post(f"/reset/{newer}", {"password": "another four words here"})
    assert done.status_code == 200
    again = house.browser().post(f"/reset/{newer}", {"password": "yet another four words"})
    assert again.status_code == 410
    assert elsewhere.get("/settings/").location.startswith("/login")
    assert log_in(house.browser(), "client@demo.test").status_code == 422
    assert log_in(house.browser(), "client@demo.test", "another four words here").status_code == 303
    assert len(letters("accounts/password_changed")) == 1


def test_A01_forgotten_says_the_same_for_an_unknown_address_and_writes_to_nobody(house: House) -> None:
    known, unknown = (
        house.browser().post("/forgot", {"email": email})
        for email in ("client@demo.test", "nobody@demo.test")
    )
    assert without_tokens(known) == without_tokens(unknown)
    account = house.account("client@demo.test")
    assert [row.payload["account_id"] == str(account.id) for row in letters("accounts/reset")] == [
        True,
        False,
    ]


def test_A14_a_reset_link_of_a_disabled_account_is_refused(house: House) -> None:
    house.browser().post("/forgot", {"email": "client@demo.test"})
    account = house.account("client@demo.test")
    with db.transaction():
        Scope.system("test").change(account, disabled_at=clock.now())
    assert house.browser().get(f"/reset/{last_token('accounts/reset')}").status_code == 410


def test_settings_are_kept_and_read_in_the_chosen_language(house: House) -> None:
    browser = house.browser("client@demo.test")
    sent = {"name": "Carla M.", "locale": "es", "zone": "America/Denver"}
    assert browser.post("/settings/", sent).status_code == 303
    page = browser.get("/settings/").text
    assert "Carla M." in page
    assert 'lang="es"' in page
    account = Scope.system("test").one(Account, house.account("client@demo.test").id)
    assert account.zone == "America/Denver"
    assert house.chart("client@demo.test", "ortiz").zone == "America/Denver"
    assert browser.post("/settings/", {**sent, "zone": "Mars/Olympus"}).status_code == 422


def test_details_are_told_to_one_provider_and_offered_to_the_other(house: House) -> None:
    browser = house.browser("twoproviders@demo.test")
    ortiz = house.provider_id("ortiz")
    sent = {"provider_id": str(ortiz), "at0-phone": "(312) 555-0199", "at0-address-line1": "5 Oak"}
    assert browser.post("/settings/details/", sent).location == "/settings/details/?saved=yes"
    told: Client = house.chart("twoproviders@demo.test", "ortiz")
    assert (told.phone, told.address["line1"]) == ("(312) 555-0199", "5 Oak")
    assert not house.chart("twoproviders@demo.test", "harbor").phone
    page = browser.get("/settings/details/").text
    assert "Use what I told Dr Lena Ortiz" in page
    offered = re.search(r'href="(/settings/details/\?from=[^"]+)"', page)
    assert offered is not None
    assert browser.get(offered[1].replace("&amp;", "&")).text.count("5 Oak") == 2
    foreign = {**sent, "provider_id": str(house.provider_id("harbor"))}
    assert house.browser("client@demo.test").post("/settings/details/", foreign).status_code == 404


def test_help_names_the_practices_of_whoever_asks(house: House) -> None:
    assert "Dr Lena Ortiz" not in house.browser().get("/help/").text
    assert "Dr Lena Ortiz" in house.browser("client@demo.test").get("/help/").text
    for email in ("provider@demo.test", "operator@demo.test"):
        for path in ("/help/", "/settings/"):
            assert house.browser(email).get(path).status_code == 200


def test_the_demo_offers_its_people_by_one_click(place: Place) -> None:
    with open_app(
        place, {"VESTIBULE_MODE": "demo", "VESTIBULE_MAILBOX_URL": "http://127.0.0.1:8025/"}
    ) as house:
        page = house.browser().get("/login?next=/settings/").text
        assert page.count(f'value="{PASSWORD}"') == 6
        assert "http://127.0.0.1:8025/" in page
        assert log_in(house.browser(), "operator@demo.test").location == "/"
