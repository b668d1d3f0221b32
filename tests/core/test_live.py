"""Hints: who hears what, what a second look at somebody's standing does, and where nothing is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import gevent
import pytest

from core import clock, db, live, subscriptions
from core.live import lines
from core.practice import service as practice
from core.spec.errors import ScopeRequired
from core.tenancy import Account, Login, Scope
from core.tenancy.logins import end_logins, start_login, visit_of
from core.web import readmission
from tests.support.house import House

CLIENT, TWICE, STRANGER = "client@demo.test", "twoproviders@demo.test", "stranger@demo.test"
OWNER, PARTNER, BILLER = "provider@demo.test", "provider2@demo.test", "biller@harbor.test"
READERS = ("owner", "clinician", "desk")
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version": "13",
    "Origin": "http://localhost",
}


@dataclass
class Ear:
    """A line with nobody at its other end, long enough open that each telling looks again."""

    line: live.Line
    told: list[str]
    closed: list[int]


Listen = Callable[..., Ear]


@pytest.fixture
def listen(house: House) -> Iterator[Listen]:
    """`listen(email, slug)`: somebody's open page, of a practice where a slug is given."""
    live.bind("", readmission.looker(house.app))
    entered: list[Any] = []

    def enter(email: str, slug: str = "") -> Ear:
        account = house.account(email)
        token = start_login(account, is_staff=bool(slug), address="", agent="")
        visit = visit_of(token)
        assert visit is not None
        entry = live.Entry("practice_live" if slug else "live", visit.login.id, slug or None)
        scope = house.member_scope(email, slug) if slug else house.client_scope(email)
        told: list[str] = []
        closed: list[int] = []
        ear = Ear(live.Line(entry, scope, told.append, closed.append), told, closed)
        ear.line.hears, ear.line.checked_at = True, time.monotonic() - 60
        entered.append(live.opened(ear.line))
        entered[-1].__enter__()
        return ear

    yield enter
    for one in entered:
        one.__exit__(None, None, None)


def hint_of(
    house: House, slug: str, *topics: str, client: str = "", roles: tuple[str, ...] = READERS
) -> live.Hint:
    chart = house.chart(client, slug).id if client else None
    return live.Hint(house.provider_id(slug), topics, chart, roles)


def test_A20_a_hint_reaches_the_client_meant_and_the_members_whose_role_it_is(
    house: House, listen: Listen
) -> None:
    meant, other, both = listen(STRANGER), listen(CLIENT), listen(TWICE)
    owner, biller, foreign = listen(PARTNER, "harbor"), listen(BILLER, "harbor"), listen(OWNER, "ortiz")
    lines.deliver(hint_of(house, "harbor", "inbox", "appointments", client=STRANGER))
    assert meant.told == owner.told == ["inbox appointments"]
    assert other.told == both.told == biller.told == foreign.told == []
    lines.deliver(hint_of(house, "harbor", "inbox"))
    assert meant.told == ["inbox appointments"], "what names no client is for members"
    assert owner.told == ["inbox appointments", "inbox"]


def _end_logins(house: House) -> None:
    end_logins(house.account(CLIENT).id)


def _disable(house: House) -> None:
    with db.transaction():
        db.house_change(house.account(CLIENT), disabled_at=clock.now())


def _leave_idle(house: House) -> None:
    with db.transaction():
        db.house_update(Login, seen_at=clock.now() - timedelta(hours=2)).execute()


def _end_join(house: House) -> None:
    practice.end_join(house.member_scope(OWNER, "ortiz"), house.chart(CLIENT, "ortiz").id)


def _close_portal(house: House) -> None:
    subscriptions.switch(house.operator_scope(), house.provider_id("ortiz"), "CP", is_on=False)


ENDS = (_end_logins, _disable, _leave_idle, _end_join, _close_portal)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__.strip("_"))
def test_A21_A30_who_may_no_longer_hear_is_told_nothing_and_closed(
    house: House, listen: Listen, end: Callable[[House], None]
) -> None:
    ear, lena = listen(CLIENT), listen(OWNER, "ortiz")
    end(house)
    lines.deliver(hint_of(house, "ortiz", "inbox", client=CLIENT))
    assert (ear.told, ear.closed) == ([], [live.REVOKED])
    assert lena.told[-1:] == ([] if end is _leave_idle else ["inbox"]), "others hear on"
    lines.deliver(hint_of(house, "ortiz", "inbox", client=CLIENT))
    assert ear.told == []


def test_A30_without_the_second_look_the_hint_would_be_told(house: House, listen: Listen) -> None:
    ear = listen(CLIENT)
    _end_join(house)
    ear.line.checked_at = time.monotonic()
    lines.deliver(hint_of(house, "ortiz", "inbox", client=CLIENT))
    assert ear.told == ["inbox"], "looked at a moment ago: the look is what keeps it from being told"


def test_A30_one_portal_of_two_closes_and_the_socket_hears_on_for_the_other(
    house: House, listen: Listen
) -> None:
    ear = listen(TWICE)
    _close_portal(house)
    lines.deliver(hint_of(house, "ortiz", "inbox", client=TWICE))
    assert (ear.told, ear.closed) == ([live.EVERYTHING], []), "the page has to forget the closed one's rows"
    lines.deliver(hint_of(house, "harbor", "inbox", client=TWICE))
    assert ear.told[1:] == ["inbox"]


def test_A30_another_role_hears_what_it_may_and_a_removed_member_nothing(
    house: House, listen: Listen
) -> None:
    desk = listen("desk@harbor.test", "harbor")
    maya = house.member_scope(PARTNER, "harbor")
    practice.change_role(maya, house.member("desk@harbor.test", "harbor").id, "biller")
    lines.deliver(hint_of(house, "harbor", "inbox"))
    assert desk.told == [live.EVERYTHING]
    lines.deliver(hint_of(house, "harbor", "appointments", roles=("owner", "biller")))
    assert desk.told[1:] == ["appointments"]
    practice.remove_member(maya, house.member("desk@harbor.test", "harbor").id)
    lines.check("account", house.account("desk@harbor.test").id)
    assert desk.closed == [live.REVOKED]


def test_law_02_a_plugins_hint_is_told_where_the_plugin_is_on(house: House, listen: Listen) -> None:
    ear = listen(CLIENT)
    told = hint_of(house, "ortiz", "intake", "inbox", client=CLIENT)
    lines.deliver(told)
    subscriptions.switch_plugin(house.operator_scope(), "intake", house.provider_id("ortiz"), is_on=False)
    ear.line.checked_at = time.monotonic() - 60
    lines.deliver(told)
    assert ear.told == ["intake inbox", live.EVERYTHING, "inbox"]


def test_A66_what_can_not_be_checked_is_not_told_and_made_good_later(house: House, listen: Listen) -> None:
    ear = listen(CLIENT)
    look = lines._Here.look_again
    assert look is not None

    def away(_entries: Any) -> Any:
        raise OSError("the database is away")

    lines._Here.look_again = away
    assert not lines.guarded(lines.deliver, hint_of(house, "ortiz", "inbox", client=CLIENT))
    assert ear.told == []
    lines._Here.look_again = look
    lines.look_again([ear.line], 0)
    assert (ear.told, ear.closed) == ([live.EVERYTHING], [])


def test_a_page_hears_what_came_between_its_drawing_and_its_socket(house: House, listen: Listen) -> None:
    ear = listen(CLIENT)
    ear.line.hears = False
    live.bind("", readmission.looker(house.app))
    drawn_at = int(time.time() * 1000) + 1
    lines.deliver(hint_of(house, "ortiz", "inbox", client=CLIENT))
    lines.deliver(hint_of(house, "ortiz", "appointments", client=TWICE))
    live.hear(ear.line, drawn_at)
    assert ear.told == ["inbox"]
    for unknown in (None, drawn_at - 3_600_000, drawn_at + 3_600_000):
        ear.told.clear()
        live.hear(ear.line, unknown)
        assert ear.told == [live.EVERYTHING], "what can't be known counts as missed"
    lines.deafen(True)
    ear.told.clear()
    live.hear(ear.line, drawn_at)
    assert ear.told == [live.EVERYTHING]


FAILURES = (RuntimeError("the panic came back"), SystemExit(3), gevent.Timeout(1))


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_law_05_a_socket_that_fails_ends_with_1011_and_nobody_else_does(
    house: House, listen: Listen, failure: BaseException, capfd: pytest.CaptureFixture[str]
) -> None:
    other, mine = listen(CLIENT), listen(TWICE)

    def view() -> None:
        raise failure

    with live.opened(mine.line):
        view()
    assert (mine.closed, other.closed) == ([live.FAULT], [])
    assert "the panic came back" not in "".join(capfd.readouterr())


def test_A51_a_login_has_five_places(house: House, listen: Listen) -> None:
    entry = listen(CLIENT).line.entry
    held = [live.place_for(entry) for _ in range(lines.MOST_OF_A_LOGIN)]
    for place in held:
        place.__enter__()
    with pytest.raises(live.Full), live.place_for(entry):
        raise AssertionError("a sixth one")
    with live.place_for(listen(TWICE).line.entry):
        held[0].__exit__(None, None, None)
    with live.place_for(entry):
        pass


def test_a_topic_begins_with_a_room_or_plugin_and_a_hint_has_one_provider(house: House) -> None:
    mine = house.client_scope(CLIENT, "ortiz")
    for wrong in ("weather", "Inbox", "inbox:7", "inbox thread", "*", ""):
        with pytest.raises(ValueError, match="no topic"):
            live.hint(mine, wrong)
    live.hint(mine, "inbox", f"inbox.thread:{db.new_id()}", "intake")
    with pytest.raises(ScopeRequired):
        live.hint(house.client_scope(TWICE), "inbox")


def test_A07_what_a_page_asks_by_itself_keeps_nobody_logged_in(house: House) -> None:
    browser, account = house.browser(CLIENT), house.account(CLIENT)
    by_itself = {"HX-Request": "true", "Vestibule-Background": "1"}
    before = _seen_at(account)
    with clock.standing_at(clock.now() + timedelta(minutes=30)):
        assert browser.get("/menu/", by_itself).status_code == 200
        assert browser.get("/live/", by_itself).status_code == 200
        assert _seen_at(account) == before
    with clock.standing_at(clock.now() + timedelta(minutes=61)):
        refused = browser.get("/menu/", by_itself)
        assert (refused.status_code, refused.headers.get("HX-Redirect")) == (401, None)
    with clock.standing_at(clock.now() + timedelta(minutes=30)):
        browser.get("/menu/")
        assert _seen_at(account) > before, "a person's own click does"


def _seen_at(account: Account) -> Any:
    rows = Scope.system("test").rows(Login).where(Login.account_id == account.id)
    return max(row.seen_at for row in rows)


def test_A19_A29_a_handshake_is_refused_before_it_is_one(house: House) -> None:
    def status(email: str, path: str, **headers: str) -> int:
        return house.browser(email).get(path, UPGRADE | headers).status_code

    assert status("", "/live/") == 403
    assert status("", "/nowhere/") == 403
    for origin in (
        "http://evil.test",
        "null",
        "https://localhost",
        "http://localhost:81",
        "",
        "http://localhost@evil",
    ):
        assert status(CLIENT, "/live/", Origin=origin) == 403, origin
    without = {name: value for name, value in UPGRADE.items() if name != "Origin"}
    assert house.browser(CLIENT).get("/live/", without).status_code == 403
    assert status(CLIENT, "/practice/ortiz/live/") == 404
    assert status(OWNER, "/practice/harbor/live/") == 404
    assert status(OWNER, "/live/") == 404
    assert status(CLIENT, "/inbox/") in (400, 404), "a page is no socket"
