"""Another e-mail address: the new one confirms, the old one is told and can undo (S12.1, A13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import gevent
import pytest

from core import clock, db, limits
from core.accounts import service
from core.accounts.models import EmailChange
from core.accounts.service import people
from core.spec.errors import Refused
from core.tenancy import Account, Scope
from core.tenancy.logins import start_login
from core.tenancy.models import Login
from tests.core.test_accounts_entering import last_token, letters, log_in
from tests.support.house import House
from vestibule.testing.people import PASSWORD

CLIENT, TWO, NEW = "client@demo.test", "twoproviders@demo.test", "carla.new@demo.test"
EMAIL = "/settings/email/"
A_WHILE = timedelta(minutes=11)
system = Scope.system("test")


def account_id(house: House, email: str) -> Any:
    return house.account(email).id


def email_of(id_: Any) -> str:
    return str(system.one(Account, id_).email)


def login_of(house: House, email: str) -> Any:
    """A login of somebody, as an id."""
    start_login(house.account(email), is_staff=False, address="127.0.0.1", agent="test")
    rows = system.rows(Login).where(Login.account_id == account_id(house, email))
    return rows.order_by(Login.created_at.desc(), Login.id.desc()).first().id


def test_S12_1_the_new_address_confirms_and_the_old_one_is_told(house: House) -> None:
    browser, elsewhere = house.browser(CLIENT), house.browser(CLIENT)
    id_ = account_id(house, CLIENT)
    browser.open("/settings/")
    browser.follow("E-mail address")
    page = browser.press("Send the link", {"email": NEW})
    assert page.has(f"{NEW} waits to be confirmed")
    assert letters("accounts/email_confirm")[-1].payload["address"] == NEW
    assert email_of(id_) == CLIENT
    token = last_token("accounts/email_confirm")
    assert browser.open(f"/email/{token}").has(f"From now on you log in with {NEW}.")
    page = browser.press("Use this address")
    assert page.path == "/settings/?saved=email"
    assert email_of(id_) == NEW
    assert house.chart(NEW, "ortiz").email == NEW
    assert house.browser("provider@demo.test").open(record(house)).has(NEW)
    told = letters("accounts/email_changed")[-1].payload
    assert told["address"] == CLIENT
    assert elsewhere.get("/settings/").location.startswith("/login")
    assert log_in(house.browser(), NEW).status_code == 303
    assert log_in(house.browser(), CLIENT).status_code == 422


def record(house: House) -> str:
    return f"/practice/ortiz/clients/{house.chart(NEW, 'ortiz').id}/"


def test_A16_opening_the_links_uses_nothing_up(house: House) -> None:
    browser = house.browser(CLIENT)
    browser.post(EMAIL, {"email": NEW})
    confirm = f"/email/{last_token('accounts/email_confirm')}"
    for _ in range(20):
        assert house.browser().get(confirm).status_code == 200
    assert browser.post(confirm).status_code == 303
    undo = f"/email/undo/{last_token('accounts/email_changed')}"
    for _ in range(20):
        assert house.browser().get(undo).status_code == 200
    assert email_of(account_id(house, NEW)) == NEW


def test_A13_only_the_account_itself_confirms_not_whoever_reads_the_letter(house: House) -> None:
    house.browser(CLIENT).post(EMAIL, {"email": NEW})
    confirm = f"/email/{last_token('accounts/email_confirm')}"
    visitor, stranger = house.browser(), house.browser(TWO)
    page = visitor.open(confirm)
    assert page.has("Log in with your present address")
    assert not page.has(NEW)
    assert visitor.post(confirm).status_code == 200
    assert stranger.post(confirm).status_code == 403
    assert email_of(account_id(house, CLIENT)) == CLIENT
    led = log_in(visitor, CLIENT, next=confirm)
    assert led.location == confirm


def test_A13_a_stolen_login_needs_the_password(house: House) -> None:
    thief = house.browser(CLIENT)
    with clock.standing_at(clock.now() + A_WHILE):
        page = thief.open(EMAIL)
        assert page.heading == "Confirm it is you"
        assert thief.press("Continue", {"Your password": "not the password of hers"}).status == 422
        assert thief.post(EMAIL, {"email": NEW}).location.startswith("/settings/prove/")
        assert not letters("accounts/email_confirm")
        for _ in range(4):
            thief.post("/settings/prove/", {"password": "not the password of hers"})
        assert thief.post("/settings/prove/", {"password": PASSWORD}).status_code == 429
        assert log_in(house.browser(), CLIENT).status_code == 303


def test_law_16_the_form_survives_the_step_up(house: House) -> None:
    browser = house.browser(CLIENT)
    browser.open(EMAIL)
    before = browser.cookie
    with clock.standing_at(clock.now() + A_WHILE):
        assert browser.press("Send the link", {"email": NEW}).heading == "Confirm it is you"
        page = browser.press("Continue", {"Your password": PASSWORD})
        assert page.path == EMAIL
        assert page.has("This is what you had typed")
        assert page.form_with("Send the link")[0].values["email"] in (NEW, [NEW])
        assert not letters("accounts/email_confirm")
        assert browser.press("Send the link").has(f"{NEW} waits to be confirmed")
        assert not browser.open(EMAIL).has("This is what you had typed")
        copied = house.browser()
        copied._client.set_cookie("vestibule", before.partition("=")[2])
        assert copied.get("/settings/").location.startswith("/login"), "A05: the old cookie still works"


def test_A01_A13_a_taken_address_looks_the_same_and_its_owner_is_told(house: House) -> None:
    browser = house.browser(CLIENT)
    said = []
    for email in (TWO, NEW):
        browser.open(EMAIL)
        page = browser.press("Send the link", {"email": email})
        said.append((page.status, page.text.replace(email, "…")))
    assert said[0] == said[1]
    letter = letters("accounts/email_taken")[-1].payload
    assert letter["address"] == TWO
    assert not letter["values"]["token"]
    assert browser.press("Keep the present address").has("E-mail address")
    assert service.pending_email(house.client_scope(CLIENT)) is None


def test_A13_two_that_race_for_one_address_one_gets_it(house: House) -> None:
    ids = [account_id(house, who) for who in (CLIENT, TWO)]
    for number in range(10):
        email, tokens = f"wanted{number}@demo.test", []
        addresses = [email_of(id_) for id_ in ids]
        scopes = [house.client_scope(address) for address in addresses]
        logins = [login_of(house, address) for address in addresses]
        for scope in scopes:
            limits.clear("email_change", scope.account_id)
            service.ask_for_email(scope, email)
            tokens.append(last_token("accounts/email_confirm"))
        racers = [gevent.spawn(attempt, *one) for one in zip(scopes, tokens, logins, strict=True)]
        gevent.joinall(racers)
        assert sorted(str(one.value) for one in racers) == ["changed", "taken"]
        assert [email_of(id_) for id_ in ids].count(email) == 1


def attempt(scope: Scope, token: str, login_id: Any) -> str:
    with db.connection():
        try:
            service.confirm_email(scope, token, login_id)
        except Refused as error:
            return error.code
    return "changed"


@pytest.mark.parametrize("database", ["postgresql"])
def test_A13_without_the_guard_both_would_get_it(house: House, database: str) -> None:
    db.database.execute_sql("ALTER TABLE account DROP CONSTRAINT account_email_blind_key")
    wishes = []
    for who in (CLIENT, TWO):
        service.ask_for_email(house.client_scope(who), NEW)
        wishes.append((house.client_scope(who), last_token("accounts/email_confirm"), login_of(house, who)))
    assert [attempt(*wish) for wish in wishes] == ["changed", "changed"]
    rows = system.rows(Account).where(Account.email_blind == people.email_blind(NEW))
    assert rows.count() == 2


def changed(house: House) -> tuple[Any, str]:
    """Carla's address was changed by somebody; the account and the token of the undo link."""
    thief = house.browser(CLIENT)
    id_ = account_id(house, CLIENT)
    thief.post(EMAIL, {"email": NEW})
    thief.post(f"/email/{last_token('accounts/email_confirm')}")
    assert email_of(id_) == NEW
    return id_, last_token("accounts/email_changed")


def test_A13_the_old_address_undoes_and_whoever_changed_it_is_out(house: House) -> None:
    id_, token = changed(house)
    thief = house.browser(NEW)
    thief.post("/forgot", {"email": NEW})
    link = last_token("accounts/reset")
    page = house.browser()
    page.open(f"/email/undo/{token}")
    assert page.press("Bring this address back").heading == "Your earlier address is back"
    assert email_of(id_) == CLIENT
    assert house.chart(CLIENT, "ortiz").email == CLIENT
    assert thief.get("/settings/").location.startswith("/login")
    assert house.browser().get(f"/reset/{link}").status_code == 410
    assert log_in(house.browser(), CLIENT).status_code == 422, "the thief's password is void"
    assert letters("accounts/reset")[-1].payload["account_id"] == str(id_)
    fresh = f"/reset/{last_token('accounts/reset')}"
    assert house.browser().post(fresh, {"password": "quite another four words"}).status_code == 200
    assert log_in(house.browser(), CLIENT, "quite another four words").status_code == 303
    assert house.browser().post(f"/email/undo/{token}").status_code == 410


def test_A13_a_second_change_does_not_take_the_first_undo_away(house: House) -> None:
    id_, first = changed(house)
    thief = house.browser(NEW)
    thief.post(EMAIL, {"email": "third@demo.test"})
    thief.post(f"/email/{last_token('accounts/email_confirm')}")
    second = last_token("accounts/email_changed")
    assert house.browser().post(f"/email/undo/{second}").status_code == 200
    assert email_of(id_) == NEW
    assert house.browser().post(f"/email/undo/{first}").status_code == 200
    assert email_of(id_) == CLIENT


def test_A13_the_undo_link_ends_after_a_week_and_the_confirmation_after_a_day(house: House) -> None:
    house.browser(CLIENT).post(EMAIL, {"email": NEW})
    late = f"/email/{last_token('accounts/email_confirm')}"
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        assert house.browser().get(late).status_code == 410
    _id, token = changed(house)
    with clock.standing_at(clock.now() + timedelta(days=6, hours=23)):
        assert house.browser().get(f"/email/undo/{token}").status_code == 200
    with clock.standing_at(clock.now() + timedelta(days=8)):
        assert house.browser().get(f"/email/undo/{token}").status_code == 410


def test_A14_links_to_reset_die_with_the_address(house: House) -> None:
    house.browser().post("/forgot", {"email": CLIENT})
    link = f"/reset/{last_token('accounts/reset')}"
    assert house.browser().get(link).status_code == 200
    changed(house)
    assert house.browser().get(link).status_code == 410


def test_S12_1_taking_the_wish_back_kills_its_link(house: House) -> None:
    browser = house.browser(CLIENT)
    browser.post(EMAIL, {"email": NEW})
    token = last_token("accounts/email_confirm")
    browser.open(EMAIL)
    assert not browser.press("Keep the present address").has("waits to be confirmed")
    assert browser.get(f"/email/{token}").status_code == 410


def test_S12_1_the_present_address_is_refused_and_a_new_wish_replaces_the_last(house: House) -> None:
    browser = house.browser(CLIENT)
    assert browser.post(EMAIL, {"email": CLIENT.upper()}).status_code == 422
    browser.post(EMAIL, {"email": NEW})
    first = last_token("accounts/email_confirm")
    browser.post(EMAIL, {"email": "other@demo.test"})
    assert browser.get(f"/email/{first}").status_code == 410
    assert browser.open(EMAIL).has("other@demo.test waits to be confirmed")


def test_the_addresses_of_a_change_are_sealed_and_swept(house: House) -> None:
    changed(house)
    raw = db.database.execute_sql("SELECT old_email, new_email FROM accounts_email_change").fetchone()
    assert not any(b"demo.test" in bytes(value) for value in raw)
    with clock.standing_at(clock.now() + timedelta(days=15)):
        service.sweep(house.member_scope("provider@demo.test", "ortiz"))
    assert not list(system.rows(EmailChange))
