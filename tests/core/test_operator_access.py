"""A23: an operator sees a practice for one hour, with a reason, reading only, and everybody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import audit, clock, db
from core.inbox import service as inbox
from core.operators import service
from core.outbox import Outbox
from core.spec.errors import NotFound, Refused
from core.tenancy import Client, OperatorAccess, Scope, standing
from tests.support.digest import SECURITY_LOG, digest
from tests.support.house import House

HOUSE = Scope.system("test")
CLIENT, OWNER, OPERATOR = "client@demo.test", "provider@demo.test", "operator@demo.test"
WHY = "The owner asked for help by phone"


def access_path(house: House) -> str:
    return f"/operator/providers/{house.provider_id('ortiz')}/access/"


def test_A23_an_operator_reads_for_an_hour_with_a_reason_and_changes_nothing(house: House) -> None:
    operator, path = house.browser(OPERATOR), access_path(house)
    chart = house.chart(CLIENT, "ortiz")
    record = f"/practice/ortiz/clients/{chart.id}/"
    pages = ("/practice/ortiz/", record, "/practice/ortiz/inbox/", "/practice/ortiz/calendar/")
    assert {operator.get(page).status_code for page in pages} == {404}, "without an hour nothing is there"
    assert operator.post(path, {"reason": " "}).status_code == 422, "without a reason there is no hour"
    assert {operator.get(page).status_code for page in pages} == {404}
    assert operator.post(path, {"reason": WHY}).status_code == 303
    for page in pages:
        answer = operator.get(page)
        assert answer.status_code == 200, page
        assert "nothing can be changed" in answer.text
    assert operator.get("/practice/harbor/").status_code == 404, "and nowhere else"
    before = digest(house.place, SECURITY_LOG)
    for page, told in (
        (f"{record}demographics/", {"given_name": "X", "family_name": "Y"}),
        (f"{record}end/", {}),
        ("/practice/ortiz/clients/add/", {"given_name": "X", "family_name": "Y"}),
        ("/practice/ortiz/settings/team/invite/", {"name": "X", "email": "x@demo.test", "role": "owner"}),
    ):
        assert operator.post(page, told).status_code == 404, page
    assert digest(house.place, SECURITY_LOG) == before


def test_A23_everybody_is_told_and_each_page_is_noted(house: House) -> None:
    operator, owner = house.browser(OPERATOR), house.browser(OWNER)
    operator.post(access_path(house), {"reason": WHY})
    chart = house.chart(CLIENT, "ortiz")
    operator.get(f"/practice/ortiz/clients/{chart.id}/")
    assert WHY in owner.get("/practice/ortiz/").text
    log = owner.get("/practice/ortiz/settings/access-log/").text
    for words in (WHY, "Began an hour of reading in the practice", "Opened a page of the practice"):
        assert words in log
    assert "Opened a page of the practice" in house.browser(CLIENT).get("/settings/looked/").text
    rows = HOUSE.rows(audit.AuditRow).where(audit.AuditRow.event == "operators.page_read")
    assert [(row.kind, row.client_id) for row in rows] == [("operator", chart.id)]
    letters = HOUSE.rows(Outbox).where(Outbox.target == "operators/access_begun")
    assert letters.count() == 1


def test_A23_the_hour_ends_by_itself_and_by_the_button(house: House) -> None:
    operator, path = house.browser(OPERATOR), access_path(house)
    operator.post(path, {"reason": WHY})
    assert operator.get("/practice/ortiz/").status_code == 200
    now = clock.now()
    scope = house.operator_scope()
    with clock.standing_at(now + timedelta(minutes=61)):
        assert service.own_access(scope, house.provider_id("ortiz")) is None
        assert standing.access_scope(house.account(OPERATOR), "ortiz", lambda _ids: {}) is None
    assert operator.post(f"{path}end/").status_code == 303
    assert operator.get("/practice/ortiz/").status_code == 404
    assert WHY not in house.browser(OWNER).get("/practice/ortiz/").text


def test_A23_another_operator_and_others_gain_nothing_by_it(house: House) -> None:
    house.browser(OPERATOR).post(access_path(house), {"reason": WHY})
    for email in (CLIENT, "provider2@demo.test", "stranger@demo.test"):
        assert house.browser(email).get("/practice/ortiz/").status_code == 404
        assert house.browser(email).post(access_path(house), {"reason": WHY}).status_code == 404
    with pytest.raises(NotFound):
        service.begin_access(house.member_scope("provider2@demo.test"), house.provider_id("ortiz"), WHY)


def test_A23_law_04_the_scope_of_such_an_hour_writes_nothing_at_all(house: House) -> None:
    service.begin_access(house.operator_scope(), house.provider_id("ortiz"), WHY)
    scope = standing.access_scope(house.account(OPERATOR), "ortiz", lambda _ids: {})
    assert scope is not None
    row = scope.one(Client, house.chart(CLIENT, "ortiz").id)
    with db.transaction():
        for act in (
            lambda: scope.change(row, given_name="X"),
            lambda: scope.remove(row),
            lambda: scope.update(Client, given_name="X"),
            lambda: scope.add(
                Client, given_name="X", family_name="Y", origin="provider", created_at=clock.now()
            ),
        ):
            with pytest.raises(Refused):
                act()
    with pytest.raises(NotFound):
        scope.one(Client, house.chart("stranger@demo.test", "harbor").id)


def test_A23_reading_a_thread_marks_nothing_read(house: House) -> None:
    client = house.client_scope(CLIENT, "ortiz")
    thread = inbox.send_new(client, client.client_id, subject="S", body="B", key="k")
    operator = house.browser(OPERATOR)
    operator.post(access_path(house), {"reason": WHY})
    before = digest(house.place, SECURITY_LOG)
    assert operator.get(f"/practice/ortiz/inbox/{thread.id}/").status_code == 200
    assert digest(house.place, SECURITY_LOG) == before
    assert HOUSE.rows(OperatorAccess).count() == 1


def test_A23_no_page_of_the_practice_breaks_under_such_an_hour(house: House) -> None:
    operator = house.browser(OPERATOR)
    operator.post(access_path(house), {"reason": WHY})
    known = {
        "slug": "ortiz",
        "client_id": house.chart(CLIENT, "ortiz").id,
        "member_id": house.member(OWNER, "ortiz").id,
    }
    urls = house.app.url_map.bind("localhost")
    seen, before = 0, digest(house.place, SECURITY_LOG)
    for rule in house.app.url_map.iter_rules():
        is_page = (
            "slug" in rule.arguments and "GET" in (rule.methods or ()) and rule.rule.startswith("/practice/")
        )
        if is_page and rule.arguments <= known.keys():
            path = urls.build(rule.endpoint, {name: known[name] for name in rule.arguments})
            assert operator.get(path).status_code in (200, 303, 404), path
            seen += 1
    assert seen > 15
    assert digest(house.place, SECURITY_LOG) == before
