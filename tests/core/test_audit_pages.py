"""The audit, as people read it: clients their own record, members their practice, operators no names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import audit, clock, db
from core.inbox import service as inbox
from core.tenancy import Scope
from tests.support.house import House

CLIENT, OWNER = "client@demo.test", "provider@demo.test"
HARBOR, DESK = "provider2@demo.test", "desk@harbor.test"
BOTH = "twoproviders@demo.test"


@pytest.fixture
def database() -> str:
    """Pages; the queries behind them run on both in test_audit_reading."""
    return "sqlite"


def record(house: House, email: str, slug: str) -> str:
    return f"/practice/{slug}/clients/{house.chart(email, slug).id}/"


def test_a_client_reads_who_opened_their_record_and_never_another_s(house: House) -> None:
    owner, client = house.browser(OWNER), house.browser(CLIENT)
    before = client.get("/settings/looked/").text
    assert "Opened the record" not in before
    assert owner.get(record(house, CLIENT, "ortiz")).status_code == 200
    scope = house.client_scope(CLIENT, "ortiz")
    thread = inbox.send_new(scope, scope.client_id, subject="Private words", body="B", key="k")
    assert owner.get(f"/practice/ortiz/inbox/{thread.id}/").status_code == 200
    page = client.get("/settings/looked/").text
    name = house.member(OWNER, "ortiz").name
    for words in ("Opened the record", "Read a conversation", name):
        assert words in page
    sent = before.count("Sent a message")
    assert page.count("Sent a message") == sent, "what they did themselves is not listed"
    assert "Private words" not in page
    assert "Opened the record" not in house.browser(BOTH).get("/settings/looked/").text
    assert "Who looked at my record" in client.get("/settings/").text


def test_titles_are_in_the_reader_s_language(house: House) -> None:
    house.browser(OWNER).get(record(house, CLIENT, "ortiz"))
    with db.transaction():
        Scope.system("test").change(house.account(CLIENT), locale="es")
    page = house.browser(CLIENT).get("/settings/looked/").text
    assert "Abrió el expediente" in page
    assert "Quién" in page


def test_a_record_s_tab_shows_its_own_lines_by_person_and_day(house: House) -> None:
    owner, desk = house.browser(HARBOR), house.browser(DESK)
    path = record(house, BOTH, "harbor")
    owner.get(path)
    desk.get(path)
    owner.get(record(house, "stranger@demo.test", "harbor"))
    log = desk.get(f"{path}access-log/").text
    names = [house.member(email, "harbor").name for email in (HARBOR, DESK)]
    assert all(name in log for name in names)
    assert log.count("Opened the record") == 2
    one = desk.get(f"{path}access-log/?who={house.account(HARBOR).id}").text
    assert one.count("Opened the record") == 1
    today = clock.today("America/New_York")
    assert desk.get(f"{path}access-log/?on={today}").text.count("Opened the record") == 2
    assert "Opened the record" not in desk.get(f"{path}access-log/?on={today - timedelta(days=3)}").text
    for wild in (
        "?on=x",
        "?on=9999-12-31",
        "?on=0001-01-01",
        "?who=x",
        "?before=x",
        f"?before={db.new_id()}",
    ):
        assert desk.get(f"{path}access-log/{wild}").status_code == 200, wild


def test_an_owner_reads_all_of_the_practice_and_others_what_concerns_records(house: House) -> None:
    owner, desk = house.browser(HARBOR), house.browser(DESK)
    owner.get(record(house, BOTH, "harbor"))
    audit.note_read(
        Scope(
            "member", account_id=house.account(HARBOR).id, providers=frozenset({house.provider_id("harbor")})
        ),
        "practice.profile_changed",
    )
    path = "/practice/harbor/settings/access-log/"
    whole, part = owner.get(path).text, desk.get(path).text
    words = "Changed the practice&#39;s profile"
    assert words in whole
    assert words not in part
    chart = house.chart(BOTH, "harbor")
    for page in (whole, part):
        assert "Opened the record" in page
        assert chart.family_name in page
    assert "Opened the record" not in house.browser(OWNER).get("/practice/ortiz/settings/access-log/").text


def test_an_operator_reads_acts_and_no_client_s_name(house: House) -> None:
    house.browser(OWNER).get(record(house, CLIENT, "ortiz"))
    scope = house.client_scope(CLIENT, "ortiz")
    inbox.send_new(scope, scope.client_id, subject="Private words", body="B", key="k")
    page = house.browser("operator@demo.test").get("/operator/audit/").text
    chart = house.chart(CLIENT, "ortiz")
    assert "Opened the record" in page
    assert "Sent a message" in page
    for secret in (chart.family_name, chart.given_name, "Private words", str(chart.id), CLIENT):
        assert secret not in page
    assert "A client" in page


def test_a_long_log_is_read_page_by_page_without_gap_or_double(house: House) -> None:
    member = house.member_scope(OWNER, "ortiz")
    chart = house.chart(CLIENT, "ortiz")
    with db.transaction():
        for _ in range(120):
            audit.note(member, "practice.chart_read", chart)
    wanted = audit.Wanted(client_id=chart.id)
    seen: list[object] = []
    found, before = audit.entries(member, wanted)
    seen += [entry.id for entry in found]
    while before is not None:
        found, before = audit.entries(member, wanted, before)
        seen += [entry.id for entry in found]
    assert len(seen) == len(set(seen)) >= 120
    first = house.browser(OWNER).get(f"{record(house, CLIENT, 'ortiz')}access-log/")
    assert "Earlier" in first.text
