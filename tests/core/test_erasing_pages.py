"""A77: the page on which an owner erases a client's data, who may, and what it says of what is missing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core import clock, db, hooks
from core.app import ROOMS, bring_up_to_date, open_house
from core.appointments import service as appointments
from core.inbox import service as inbox
from core.inbox.models import Message, Thread
from core.practice import service
from core.settings import CHECKOUT, load
from core.spec.errors import NotFound
from core.tenancy import Client, ErasurePart, Scope
from tests.faulty.erasing import MENDED, WRONG
from tests.faulty.plugin import write_all
from tests.support import record_rows
from tests.support.erasing import CLIENT, MARKER, OWNER, TWO, cancel_all, erase_path, erased, furnish
from tests.support.house import House, open_app
from tests.support.place import Place

HOUSE = Scope.system("test")


@pytest.fixture
def database() -> str:
    """What these pages say does not depend on the database."""
    return "sqlite"


def test_A77_the_record_of_an_erased_client_opens_and_takes_nothing_new(house: House) -> None:
    furnish(house)
    chart = house.chart(CLIENT, "ortiz")
    kind = appointments.types_of(house.member_scope(OWNER, "ortiz"))[0].type
    thread = HOUSE.rows(Thread).where(Thread.client_id == chart.id).first()
    erased(house, CLIENT)
    owner, one = house.browser(OWNER), f"/practice/ortiz/clients/{chart.id}/"
    for tab in ("", "messages/", "demographics/", "access-log/", "other-information/", "erase/"):
        answer = owner.get(f"{one}{tab}")
        assert answer.status_code == 200, tab
        assert MARKER not in answer.text
    for path in (
        "/practice/ortiz/",
        "/practice/ortiz/inbox/",
        "/practice/ortiz/calendar/",
        "/practice/ortiz/clients/",
    ):
        assert owner.get(path).status_code == 200
    assert owner.get(f"/practice/ortiz/inbox/{thread.id}/").status_code == 404
    told = {"given_name": "New", "family_name": "Name", "email": CLIENT}
    assert owner.post(f"{one}demographics/", told).status_code == 404
    assert owner.post(f"{one}invite/", told).status_code == 404
    scope = house.member_scope(OWNER, "ortiz")
    with pytest.raises(NotFound):
        inbox.send_new(scope, chart.id, subject="S", body="B", key="new")
    at = clock.now() + timedelta(days=6)
    wish = appointments.Wish(chart.id, kind.id, scope.member.id, at, b"0123456789abcdef", overrides=True)
    with pytest.raises(NotFound):
        appointments.book_appointment(scope, wish)


def test_A77_a_login_that_leads_elsewhere_stays_and_the_page_says_no_more_of_it(house: House) -> None:
    cancel_all(house, TWO)
    cancel_all(house, CLIENT)
    both, one = erased(house, TWO), erased(house, CLIENT)
    login = "one that leads nowhere else was erased too"
    assert both.partition(login)[2][:60] == one.partition(login)[2][:60], (
        "it must not tell of another practice"
    )
    account = house.account(TWO)
    assert (account.email, account.disabled_at) == (TWO, None)
    browser = house.browser(TWO)
    assert browser.get("/inbox/").status_code == 200
    assert "Dr Lena Ortiz" not in browser.get("/settings/data/").text
    assert house.chart(TWO, "harbor").email == TWO


def test_A77_an_appointment_ahead_or_another_name_erases_nothing(house: House) -> None:
    owner, path = house.browser(OWNER), erase_path(house, CLIENT)
    name = house.chart(CLIENT, "ortiz").record().name
    assert "appointment is still ahead" in owner.get(path).text
    answer = owner.post(path, {"name": name})
    assert answer.status_code == 422
    assert "cancel it first" in answer.text
    cancel_all(house, CLIENT)
    assert owner.post(path, {"name": "Somebody Else"}).status_code == 422
    assert owner.post(path, {"name": ""}).status_code == 422
    chart = house.chart(CLIENT, "ortiz")
    assert (chart.erased_at, chart.ended_at) == (None, None)
    assert owner.post(path, {"name": f"  {name.upper()} "}).status_code == 303


def test_A77_the_owner_gives_the_password_again_first(house: House) -> None:
    owner, path = house.browser(OWNER), erase_path(house, CLIENT)
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        answer = owner.get(path)
        assert answer.status_code == 303
        assert "/settings/prove/" in answer.location


def test_law_04_a_scope_about_one_chart_reaches_no_other_client(house: House) -> None:
    scope = house.member_scope(OWNER, "ortiz").about(house.chart(CLIENT, "ortiz").record())
    assert [row.email for row in scope.rows(Client)] == [CLIENT]
    with db.transaction():
        scope.delete(Message).execute()
        assert scope.update(Client, pronouns="x").execute() == 1
    assert HOUSE.rows(Client).where(Client.pronouns == "x").count() == 1
    assert HOUSE.rows(Message).where(Message.client_id != scope.client_id).count() > 0
    with pytest.raises(NotFound):
        house.member_scope(OWNER, "ortiz").about(house.chart("stranger@demo.test", "harbor").record())


def test_A77_a_record_that_the_law_keeps_stays_with_whose_it_is_and_drafts_go(house: House) -> None:
    chart = house.chart(CLIENT, "ortiz")
    ids = record_rows.furnish(house, OWNER, "ortiz", chart.id)
    cancel_all(house, CLIENT)
    page = erased(house, CLIENT)
    for words in (
        "1 erased, 1 kept. Signed notes are the clinical record",
        "2 kept. They are the practice&#39;s accounts",
        "1 kept. Filed documents are the clinical record",
        "Every part has erased what it may.",
    ):
        assert words in page
    owner, one = house.browser(OWNER), f"/practice/ortiz/clients/{chart.id}/"
    assert "First session" in owner.get(f"{one}notes/").text
    assert owner.get(f"{one}notes/{ids['draft_id']}/").status_code == 404
    assert owner.get(f"{one}balance/").status_code == 200


def test_A77_what_is_missing_is_named_and_taken_up_again(place: Place, tmp_path: Path) -> None:
    write_all(WRONG, tmp_path / "plugins")
    more = {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}
    settings = load(place.environment(more))
    open_house(settings)
    bring_up_to_date(settings)
    with open_app(place, more) as house:
        hooks.note_absent([hooks.Plugin("gone", "Gone one", "1", frozenset({"CP"}))])
        cancel_all(house, CLIENT)
        page = erased(house, CLIENT)
        states = {row.plugin: row.state for row in HOUSE.rows(ErasurePart) if row.state != "whole"}
        assert states == {**{one.name: one.said for one in WRONG}, "gone": "absent"}
        for words in (
            "could not erase",
            "is not working here now",
            "can&#39;t erase it for one client",
            "Gone one",
        ):
            assert words in page
        assert "panic" not in page
        assert "Every part has erased" not in page
        assert "not erased everywhere yet" in house.browser(OWNER).get("/practice/ortiz/").text
    hooks.note_absent([])
    for one in WRONG:
        (tmp_path / "plugins" / one.name / "hooks.py").write_text(MENDED, encoding="utf-8")
    with open_app(place, more) as house:
        chart = HOUSE.rows(Client).where(Client.erased_at.is_null(False)).get()
        owner, path = house.browser(OWNER), f"/practice/ortiz/clients/{chart.id}/erase/"
        assert owner.post(path, {}).status_code == 303
        assert "Every part has erased what it may." in owner.get(path).text
        assert "not erased everywhere yet" not in owner.get("/practice/ortiz/").text
        parts = {
            row.plugin: row for row in service.erasure_parts(house.member_scope(OWNER, "ortiz"), chart.id)
        }
        assert "gone" not in parts
        (login,) = [each for each in parts["accounts"].told if "leads nowhere" in each["title"]]
        assert login["erased"] == 1, "what was erased the first time still counts"
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
