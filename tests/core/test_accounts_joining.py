"""Invitations of clients and members, and signing up: each joins one person once, by proof."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core import clock, db, mail, outbox, subscriptions
from core.accounts import service
from core.spec.errors import Invalid, NotFound, Refused
from core.tenancy import Client, Scope
from tests.support.house import Browser, House

PASSWORD = "violet kettle under snow"
SIGNUP = {
    "given_name": "Aiko",
    "family_name": "Tanaka",
    "email": "aiko@demo.test",
    "password": PASSWORD,
}


def values(target: str) -> list[dict[str, Any]]:
    """What the queued letters of one template say, oldest first."""
    rows: Any = db.house_rows(outbox.Outbox).where(outbox.Outbox.target == target)
    return [row.payload["values"] for row in rows.order_by(outbox.Outbox.created_at)]


def new_chart(house: House, email: str = "mara@demo.test", slug: str = "ortiz") -> UUID:
    """A chart that nobody has joined."""
    provider = Scope.system("test", house.provider_id(slug))
    with db.transaction():
        chart = provider.add(
            Client,
            given_name="Mara",
            family_name="Silva",
            email=email,
            origin="provider",
            created_at=clock.now(),
        )
    chart_id: UUID = chart.id
    return chart_id


def invited(house: House, **more: Any) -> str:
    """The token of a fresh invitation."""
    scope = house.member_scope("provider@demo.test", "ortiz")
    service.invite_client(scope, new_chart(house), **more)
    return str(values("accounts/invitation")[-1]["token"])


def accept(browser: Browser, token: str) -> Any:
    return browser.post(f"/invitation/{token}", {"password": PASSWORD})


def test_A16_an_invitation_is_opened_often_and_accepted_once(house: House) -> None:
    token = invited(house)
    browser = house.browser()
    for _ in range(20):
        page = browser.get(f"/invitation/{token}")
        assert "Dr Lena Ortiz invites you" in page.text
        assert browser.ask("HEAD", f"/invitation/{token}").status_code == 200
    assert "15 characters" in browser.get(f"/invitation/{token}?accept=yes").text
    assert browser.post(f"/invitation/{token}", {"password": "short"}).status_code == 422
    assert accept(browser, token).location == "/"
    assert browser.get("/").location == "/inbox/"
    chart = house.chart("mara@demo.test", "ortiz")
    assert chart.origin == "invited"
    assert not chart.needs_intake_first
    gone = accept(house.browser(), token)
    assert gone.status_code == 410
    assert "Ortiz" not in gone.text


def test_A15_an_expired_invitation_names_nobody_and_can_be_sent_again(house: House) -> None:
    token = invited(house)
    with clock.standing_at(clock.now() + timedelta(days=15)):
        page = house.browser().get(f"/invitation/{token}")
        assert page.status_code == 410
        assert "has expired" in page.text
        assert "Ortiz" not in page.text
        assert accept(house.browser(), token).status_code == 410
        house.browser().post(f"/invitation/{token}", {"again": "yes"})
        newer = values("accounts/invitation")[-1]["token"]
        assert newer != token
        assert accept(house.browser(), newer).location == "/"


def test_A15_revoked_closed_and_made_up_invitations_join_nobody(house: House) -> None:
    scope = house.member_scope("provider@demo.test", "ortiz")
    chart_id = new_chart(house)
    service.invite_client(scope, chart_id)
    older = values("accounts/invitation")[-1]["token"]
    service.resend_invitation(scope, chart_id)
    newer = values("accounts/invitation")[-1]["token"]
    assert accept(house.browser(), older).status_code == 410
    assert accept(house.browser(), "made-up").status_code == 410
    subscriptions.switch(scope, house.provider_id("ortiz"), "CP", is_on=False)
    assert accept(house.browser(), newer).status_code == 410
    subscriptions.switch(scope, house.provider_id("ortiz"), "CP", is_on=True)
    service.revoke_invitation(scope, chart_id)
    assert accept(house.browser(), newer).status_code == 410
    record = service.invitation_of(scope, chart_id)
    assert record is not None
    assert record.state == "revoked"
    assert service.account_with_email("mara@demo.test") is None


def test_A15_another_account_cannot_use_a_forwarded_invitation(house: House) -> None:
    token = invited(house)
    other = house.browser("client@demo.test")
    page = other.get(f"/invitation/{token}")
    assert page.status_code == 403
    assert "m…@d…" in page.text
    assert accept(other, token).status_code == 403


def test_an_account_that_is_there_logs_in_and_adds_the_provider(house: House) -> None:
    scope = house.member_scope("provider@demo.test", "ortiz")
    service.invite_client(scope, new_chart(house, "stranger@demo.test"))
    token = values("accounts/invitation")[-1]["token"]
    page = house.browser().get(f"/invitation/{token}")
    assert "Log in and add Dr Lena Ortiz" in page.text
    assert accept(house.browser(), token).status_code != 303
    own = house.browser("stranger@demo.test")
    assert "Accept invitation" in own.get(f"/invitation/{token}").text
    assert own.post(f"/invitation/{token}").location == "/"
    assert len(house.client_scope("stranger@demo.test").providers) == 2


def test_inviting_says_what_is_wrong(house: House) -> None:
    scope = house.member_scope("provider@demo.test", "ortiz")
    with pytest.raises(Invalid):
        service.invite_client(scope, new_chart(house, ""))
    with pytest.raises(Refused, match="already_joined"):
        service.invite_client(scope, house.chart("client@demo.test", "ortiz").id)
    with pytest.raises(NotFound):
        service.invite_client(scope, house.chart("stranger@demo.test", "harbor").id)
    assert values("accounts/invitation") == []


def test_the_letter_is_neutral_and_has_the_link(house: House) -> None:
    token = invited(house)
    said = {**values("accounts/invitation")[-1], "practice": "Elm Office", "reader": ""}
    said["expires_at"] = clock.now()
    subject, body = mail.render("accounts/invitation", said, "en", "America/Chicago")
    assert subject == "Elm Office invites you"
    assert f"/invitation/{token}" in body
    for target in ("welcome", "reset", "password_changed", "tries", "signup", "signup_known"):
        more = {**said, "code": "012345"}
        assert mail.render(f"accounts/{target}", more, "en", "America/Chicago")[1]


def test_a_member_joins_the_team_by_a_link(house: House) -> None:
    scope = house.member_scope("provider@demo.test", "ortiz")
    service.invite_member(scope, "Desk@Demo.test", "Ruth Adeyemi", "desk")
    waiting = service.waiting_members(scope)
    assert [(one.name, one.email, one.role) for one in waiting] == [
        ("Ruth Adeyemi", "desk@demo.test", "desk")
    ]
    token = values("accounts/welcome")[-1]["token"]
    browser = house.browser()
    assert "Welcome to Dr Lena Ortiz" in browser.get(f"/welcome/{token}").text
    assert browser.post(f"/welcome/{token}", {"password": PASSWORD}).location == "/"
    assert browser.get("/").location == "/practice/"
    assert house.member("desk@demo.test", "ortiz").role == "desk"
    assert service.waiting_members(scope) == []
    assert house.browser().post(f"/welcome/{token}", {"password": PASSWORD}).status_code == 410
    with pytest.raises(Refused, match="already_member"):
        service.invite_member(scope, "desk@demo.test", "Ruth Adeyemi", "desk")
    assert house.browser("client@demo.test").get(f"/welcome/{token}").status_code == 410


def test_an_owner_is_invited_by_the_house(house: House) -> None:
    provider = Scope.system("providers add", house.provider_id("ortiz"))
    welcome_id = service.invite_owner(provider, "owner@demo.test", "Dr Grace Lin")
    newer = service.resend_welcome(provider, welcome_id)
    older, token = (value["token"] for value in values("accounts/welcome"))
    assert house.browser().get(f"/welcome/{older}").status_code == 410
    wrong = house.browser("client@demo.test").get(f"/welcome/{token}")
    assert wrong.status_code == 403
    service.revoke_welcome(provider, newer)
    assert house.browser().get(f"/welcome/{token}").status_code == 410


def signed_up(browser: Browser, **more: str) -> tuple[str, dict[str, Any]]:
    """The page for the code, and what the letter says."""
    answer = browser.post("/p/ortiz/signup", {**SIGNUP, **more})
    assert answer.status_code == 303, answer.text
    letters = values("accounts/signup") + values("accounts/signup_known")
    return answer.location, letters[-1]


def test_signing_up_by_the_code_makes_account_and_chart(house: House) -> None:
    browser = house.browser()
    assert "Sign up" in browser.get("/p/ortiz/").text
    page, letter = signed_up(browser)
    assert service.account_with_email("aiko@demo.test") is None
    assert "Check your e-mail" in browser.get(page).text
    wrong = f"{(int(letter['code']) + 1) % 1_000_000:06d}"
    assert browser.post(page, {"code": wrong}).status_code == 422
    assert browser.post(page, {"code": letter["code"]}).location == "/"
    assert browser.get("/").location == "/inbox/"
    chart = house.chart("aiko@demo.test", "ortiz")
    assert (chart.origin, chart.needs_intake_first) == ("self", True)
    assert browser.get(page).status_code == 410


def test_signing_up_by_the_link_in_the_same_browser_asks_nothing_more(house: House) -> None:
    browser = house.browser()
    _page, letter = signed_up(browser)
    path = f"/confirm/{letter['token']}"
    for _ in range(20):
        shown = browser.get(path)
        assert "Continue" in shown.text
        assert 'type="password"' not in shown.text
    assert browser.post(path).location == "/"
    login = house.browser().post("/login", {"email": "aiko@demo.test", "password": PASSWORD})
    assert login.status_code == 303


def test_whoever_reads_the_mail_of_a_strangers_signup_chooses_the_password(house: House) -> None:
    _page, letter = signed_up(house.browser())
    owner = house.browser()
    path = f"/confirm/{letter['token']}"
    assert 'type="password"' in owner.get(path).text
    assert owner.post(path).status_code == 422
    assert owner.post(path, {"password": "words of my own here"}).location == "/"
    stranger = house.browser().post("/login", {"email": "aiko@demo.test", "password": PASSWORD})
    assert stranger.status_code == 422


def test_A01_signing_up_with_a_known_address_looks_the_same_and_needs_its_login(house: House) -> None:
    browser = house.browser()
    page, letter = signed_up(browser, email="stranger@demo.test")
    assert len(values("accounts/signup_known")) == 1
    new_page, _letter = signed_up(house.browser())
    assert browser.get(page).text == house.browser().get(new_page).text
    assert browser.post(page, {"code": letter["code"]}).location == page
    assert "Log in and add Dr Lena Ortiz" in browser.get(page).text
    assert browser.post(page).status_code == 200
    assert len(house.client_scope("stranger@demo.test").providers) == 1
    assert house.browser("client@demo.test").post(page).status_code == 403
    own = house.browser("stranger@demo.test")
    assert own.post(page).location == "/"
    assert len(house.client_scope("stranger@demo.test").providers) == 2


def test_A26_a_signup_never_joins_a_chart_that_is_there(house: House) -> None:
    theirs = new_chart(house, SIGNUP["email"])
    browser = house.browser()
    page, letter = signed_up(browser)
    browser.post(page, {"code": letter["code"]})
    assert house.chart(SIGNUP["email"], "ortiz").id != theirs


def test_A26_floods_of_signups_and_of_codes_are_stopped(house: House) -> None:
    browser = house.browser()
    page, _letter = signed_up(browser)
    for _ in range(5):
        browser.post(page, {"code": "12"})
    assert browser.post(page, {"code": "12"}).status_code == 429
    for _ in range(9):
        signed_up(house.browser(), email="flood@demo.test")
    assert len(values("accounts/signup")) == 1 + 3
    assert house.browser().post("/p/ortiz/signup", SIGNUP).status_code == 429


def test_a_closed_portal_takes_nobody(house: House) -> None:
    browser = house.browser()
    page, letter = signed_up(browser)
    operator = house.operator_scope()
    subscriptions.switch(operator, house.provider_id("ortiz"), "CP", is_on=False)
    assert browser.get("/p/ortiz/").status_code == 404
    assert browser.get("/p/ortiz/signup").status_code == 404
    assert browser.post(page, {"code": letter["code"]}).status_code == 410
    assert service.account_with_email("aiko@demo.test") is None


def test_weak_passwords_are_refused_with_a_reason(house: House) -> None:
    answer = house.browser().post("/p/ortiz/signup", {**SIGNUP, "password": "aiko@demo.test1"})
    assert answer.status_code == 422
    assert "too close to your e-mail" in answer.text
    assert 'value="Tanaka"' in answer.text
