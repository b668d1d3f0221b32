"""What was typed survives a login that ran out (law 16), on every form, and is never sent by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import clock, db
from core.inbox.models import Message
from core.spec.types import Route
from core.tenancy import Scope, kept
from core.tenancy.logins import end_logins
from core.tenancy.models import KeptForm
from core.web.kept import WORDLESS
from tests.support import harbor
from tests.support.house import Browser, House, open_app
from tests.support.mail import PostOffice
from tests.support.place import Place
from vestibule.testing.people import PASSWORD

CLIENT, NEWCOMER, OWNER = "client@demo.test", "newclient@demo.test", "provider@demo.test"
WRITE = "/inbox/new/"
AN_HOUR = timedelta(minutes=61)
WORDS = "What a person wrote, <b>with care</b> & at length"
TITLE = "You wrote this before you were logged out"
PEOPLE = {"client", "member", "operator"}


@pytest.fixture
def database() -> str:
    """The rows of kept forms are tried on both databases below; pages don't depend on it."""
    return "sqlite"


@pytest.fixture
def later() -> Iterator[None]:
    with clock.standing_at(clock.now() + AN_HOUR):
        yield


def rows() -> list[Any]:
    return list(db.house_rows(KeptForm))


def log_in_again(browser: Browser, email: str) -> Any:
    return browser.press("Log in", {"E-mail": email, "Password": PASSWORD})


def three_forms(house: House) -> dict[str, tuple[str, str, str, dict[str, str]]]:
    """Who, the page, its button, and what is typed."""
    newcomer, carla = house.chart(NEWCOMER, "ortiz").id, house.chart(CLIENT, "ortiz").id
    intake = address(house, "intake.section", client_id=newcomer, number=1)
    book = address(house, "appointments.calendar_book", client_id=carla)
    names = {"First name": "Nicola", "Last name": "Brandt-Ode"}
    return {
        "message": (CLIENT, WRITE, "Send", {"Subject": "Thursday", "Message": WORDS}),
        "intake": (NEWCOMER, intake, "Save and continue", names),
        "calendar": (OWNER, book, "Book", {"at": "10:35"}),
    }


@pytest.mark.parametrize("form", ["message", "intake", "calendar"])
def test_law_16_a_form_that_came_too_late_is_filled_in_after_login(house: House, form: str) -> None:
    email, path, button, typed = three_forms(house)[form]
    browser = house.browser(email)
    browser.open(path)
    sent = messages()
    with clock.standing_at(clock.now() + AN_HOUR):
        page = browser.press(button, typed)
        assert page.heading == "Log in"
        assert page.has("What you had written is kept for 30 minutes")
        page = log_in_again(browser, email)
        assert page.path.partition("?")[0] == path
        assert page.has(TITLE)
        shown = page.form_with(button)[0].values
        for field, value in typed.items():
            assert shown[page.name_of(field)] in (value, [value]), field
        assert messages() == sent
        assert len(rows()) == 1


def address(house: House, endpoint: str, **values: Any) -> str:
    with house.app.test_request_context():
        return str(house.app.url_for(endpoint, slug="ortiz", **values)).partition("?")[0]


def messages() -> int:
    return int(Scope.system("test").rows(Message).count())


def test_law_16_what_was_sent_after_all_is_kept_no_longer(house: House) -> None:
    browser = house.browser(CLIENT)
    browser.open(WRITE)
    with clock.standing_at(clock.now() + AN_HOUR):
        browser.press("Send", {"Subject": "Thursday", "Message": WORDS})
        log_in_again(browser, CLIENT)
        before = messages()
        page = browser.press("Send")
        assert page.has(WORDS)
        assert messages() == before + 1
        assert not rows()
        assert not browser.open(WRITE).has(TITLE)


def test_law_16_a_refused_sending_keeps_it(house: House) -> None:
    browser = house.browser(CLIENT)
    browser.open(WRITE)
    with clock.standing_at(clock.now() + AN_HOUR):
        browser.press("Send", {"Message": WORDS})
        log_in_again(browser, CLIENT)
        assert browser.press("Send", {"Message": "x" * 11_000}).status == 422
        assert browser.open(WRITE).has(TITLE)


def test_law_16_it_can_be_thrown_away(house: House) -> None:
    browser = house.browser(CLIENT)
    browser.open(WRITE)
    with clock.standing_at(clock.now() + AN_HOUR):
        browser.press("Send", {"Message": WORDS})
        log_in_again(browser, CLIENT)
        browser.press("Throw it away")
        assert not rows()
        assert not browser.open(WRITE).has(TITLE)


def send_late(browser: Browser, data: dict[str, Any], path: str = WRITE) -> Any:
    return browser.post(path, data)


def test_law_16_secrets_and_tokens_are_never_kept(house: House, later: None) -> None:
    browser = house.browser(CLIENT)
    with clock.standing_at(clock.now() - AN_HOUR):
        browser = house.browser(CLIENT)
    told = {"body": WORDS, "password": "pass-one", "my_Secret": "pass-two", "pin": "pass-three"}
    send_late(browser, {**told, "unkept": ["pin"]})
    (found,) = kept.kept_for(house.account(CLIENT).id)
    assert found.typed.fields == [("body", WORDS)]
    assert b"care" not in bytes(rows()[0].__data__["body"])


def test_law_16_every_password_field_of_a_page_says_that_it_is_secret(house: House) -> None:
    page = house.browser(CLIENT).open("/settings/questions/")
    assert page.form_with("Save the questions")[0].values["unkept"] == ["answer1", "answer2", "answer3"]


@pytest.mark.parametrize("how", ["ended", "without a token", "too much", "nothing"])
def test_law_16_is_not_for_everything(house: House, how: str) -> None:
    browser = house.browser(CLIENT)
    data: dict[str, Any] = {"body": WORDS}
    if how == "ended":
        end_logins(house.account(CLIENT).id)
    elif how == "without a token":
        data["csrf_token"] = "forged"
    else:
        data["body"] = "" if how == "nothing" else "x" * (kept.MOST_CHARACTERS + 1)
    with clock.standing_at(clock.now() + AN_HOUR):
        assert send_late(browser, data).location.startswith("/login")
    assert not rows()


def test_law_16_a_revoked_login_keeps_nothing_even_before_it_runs_out(house: House) -> None:
    browser = house.browser(CLIENT)
    end_logins(house.account(CLIENT).id)
    assert send_late(browser, {"body": WORDS}).location == "/login"
    assert not rows()


def test_law_16_is_for_that_account_alone_and_for_half_an_hour(house: House) -> None:
    browser = house.browser(CLIENT)
    with clock.standing_at(clock.now() + AN_HOUR):
        send_late(browser, {"body": WORDS})
        stranger = house.browser()
        stranger.open(f"/login?next={WRITE}")
        log_in_again(stranger, "twoproviders@demo.test")
        assert not stranger.open(WRITE).has(TITLE)
        elsewhere = house.browser()
        elsewhere.open(f"/login?next={WRITE}")
        assert log_in_again(elsewhere, CLIENT).has(TITLE)
        foreign = rows()[0].id
        other = house.browser("twoproviders@demo.test")
        assert other.post(f"/kept/{foreign}/forget").status_code == 303
        assert len(rows()) == 1
    with clock.standing_at(clock.now() + AN_HOUR + timedelta(minutes=31)):
        assert kept.sweep(None) == 1
    assert not rows()


def test_law_16_htmx_is_led_to_login_and_the_form_is_kept(house: House) -> None:
    browser = house.browser(CLIENT)
    with clock.standing_at(clock.now() + AN_HOUR):
        sent = {"csrf_token": browser.csrf_token, "body": WORDS}
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{WRITE}?to=x"}
        answer = browser._client.post(WRITE, data=sent, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == f"/login?next={WRITE}?to%3Dx"
    assert len(rows()) == 1


def posted(house: House) -> list[str]:
    """Every endpoint that takes a form from somebody who is logged in."""
    return [
        endpoint
        for endpoint, bound in house.app.extensions["routes"].items()
        if "POST" in bound.route.methods and PEOPLE.issuperset(bound.route.kinds)
    ]


def viewer_of(route: Route) -> str:
    who = {"client": harbor.CLIENT, "member": harbor.OWNER, "operator": "operator@demo.test"}
    return who[route.kinds[0]]


def test_law_16_holds_for_every_form_of_the_route_table(place: Place, post_office: PostOffice) -> None:
    with open_app(place, post_office.environment) as house:
        ids = harbor.furnish(house, post_office)
        forms = harbor.fields(ids[""])
        for act in ("change_note", "sign_note"):
            # A signed note leads on to the list.
            ids[f"myclientsplus.{act}"] = {"note_id": ids[""]["draft_id"]}
        wrong, seen = [], 0
        for endpoint in sorted(set(posted(house)) - WORDLESS):
            email = viewer_of(house.app.extensions["routes"][endpoint].route)
            path = harbor.address(house, ids, endpoint)
            browser = house.browser(email)
            told = {**forms.get(endpoint, {}), "from a test": WORDS}
            with clock.standing_at(clock.now() + AN_HOUR):
                where = browser.post(path, told).location
                waiting = [one.typed for one in kept.kept_for(house.account(email).id)]
                if not where.startswith("/login?next=") or [one.action for one in waiting] != [path]:
                    wrong.append(f"{endpoint}: led to {where}, kept {len(waiting)}")
                browser.open(where)
                page = log_in_again(browser, email)
                seen += page.has(WORDS) and page.has(TITLE)
                if page.status == 200 and not page.has(WORDS):
                    wrong.append(f"{endpoint}: {page.path} does not show it")
                clear(house, email)
        assert not wrong, "\n".join(wrong)
        assert seen > 40


def clear(house: House, email: str) -> None:
    account = house.account(email)
    for one in kept.kept_for(account.id):
        kept.forget(account.id, one.id)
