"""The operator's side: switching with a reason, in time and in their zone; what was dropped; the audit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core import audit, clock, db, outbox, subscriptions
from core.operators import service
from core.outbox import Outbox
from core.spec.errors import Invalid, NotFound
from core.tenancy import Account, Client, Scope
from tests.support import operating
from tests.support.house import House

OPERATOR, LENA, CARLA = "operator@demo.test", "provider@demo.test", "client@demo.test"
SYSTEM = Scope.system("test")
WHY = "The trial begins"


def path_of(house: House, feature: str = "RS", slug: str = "harbor") -> str:
    return f"/operator/providers/{house.provider_id(slug)}/subscriptions/{feature}/"


def in_zone(house: House, zone: str) -> None:
    with db.transaction():
        mine = Account.id == house.account(OPERATOR).id
        SYSTEM.update(Account, zone=zone).where(mine).execute()


def is_on_at(house: House, moment: datetime) -> bool:
    with clock.standing_at(moment):
        return subscriptions.on(house.provider_id("harbor"), {"RS"})


def test_law_10_times_are_typed_in_the_operators_zone(house: House) -> None:
    in_zone(house, "America/Chicago")
    told = {
        "to": "on",
        "from_on": "2027-03-13",
        "from_time": "2:30 pm",
        "until_on": "3/14/2027",
        "until_time": "",
        "reason": WHY,
    }
    assert house.browser(OPERATOR).post(path_of(house), told).status_code == 303
    begins, ends = datetime(2027, 3, 13, 20, 30, tzinfo=UTC), datetime(2027, 3, 14, 6, tzinfo=UTC)
    around = [begins.replace(minute=29), begins, ends.replace(hour=5), ends]
    assert [is_on_at(house, moment) for moment in around] == [False, True, True, False]
    shown = house.browser(OPERATOR).get(f"/operator/providers/{house.provider_id('harbor')}/").text
    assert "Begins March 13, 2027, 2:30 pm" in shown
    form = house.browser(OPERATOR).get(path_of(house)).text
    assert 'value="2027-03-13"' in form
    assert 'value="14:30"' in form


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": ""}, "Say why."),
        ({"from_time": "10:00"}, "Enter the day too."),
        ({"from_on": "soon"}, "Enter a date as month, day and year"),
        ({"from_on": "2027-03-14", "from_time": "02:30"}, "The clocks skip this time on that day."),
        ({"from_on": "2027-03-14", "until_on": "2027-03-13"}, "The end must be after the beginning."),
        ({"to": ""}, "Choose on or off."),
    ],
)
def test_law_16_a_mistake_is_told_at_its_field_and_what_was_typed_stays(
    house: House, typed: dict[str, str], said: str
) -> None:
    in_zone(house, "America/Chicago")
    told = {"to": "on", "reason": WHY, "until_on": "2027-05-01", "until_time": "9 pm"} | typed
    answer = house.browser(OPERATOR).post(path_of(house), told)
    assert answer.status_code == 422
    assert said in answer.text
    kept = [value for name, value in told.items() if name != "to" and value]
    assert not [value for value in kept if f'value="{value}"' not in answer.text]
    assert not subscriptions.on(house.provider_id("harbor"), {"RS"})


def test_a_switch_without_a_reason_is_refused_by_the_service(house: House) -> None:
    scope, harbor = house.operator_scope(), house.provider_id("harbor")
    for reason, code in (("  ", "missing"), ("x" * 301, "too_long")):
        with pytest.raises(Invalid) as refused:
            service.switch(scope, harbor, "RS", is_on=True, reason=reason)
        assert refused.value.fields == {"reason": code}
        with pytest.raises(Invalid):
            service.switch_plugin(scope, "intake", harbor, is_on=False, reason=reason)
    with pytest.raises(NotFound):
        service.switch_plugin(scope, "nobody", harbor, is_on=False, reason=WHY)


def test_the_owner_reads_what_was_changed_and_why_and_no_other_practice_s(house: House) -> None:
    scope = house.operator_scope()
    service.switch(scope, house.provider_id("ortiz"), "RS", is_on=False, reason="Ended by phone")
    service.switch(scope, house.provider_id("harbor"), "RS", is_on=True, reason="Somebody else's")
    page = house.browser(LENA).get("/practice/ortiz/settings/subscriptions/").text
    assert "Reminders: off" in page
    assert "Ended by phone" in page
    assert "Somebody else" not in page
    assert "Subscriptions" in house.browser(LENA).get("/practice/ortiz/settings/").text
    for email in ("clinician@harbor.test", "desk@harbor.test", "biller@harbor.test"):
        assert house.browser(email).get("/practice/harbor/settings/subscriptions/").status_code == 404


def test_since_when_it_is_on_is_not_moved_by_another_end(house: House) -> None:
    scope, harbor = house.operator_scope(), house.provider_id("harbor")
    first, later = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC)
    with clock.standing_at(first):
        service.switch(scope, harbor, "RS", is_on=True, reason=WHY)
    with clock.standing_at(later):
        period = subscriptions.Period(None, datetime(2027, 1, 1, tzinfo=UTC))
        service.switch(scope, harbor, "RS", is_on=True, reason="It has an end now", period=period)
        assert subscriptions.standings([harbor])[harbor]["RS"].since_at == first
        service.switch(scope, harbor, "RS", is_on=False, reason="Off")
        service.switch(scope, harbor, "RS", is_on=True, reason="On again")
        assert subscriptions.standings([harbor])[harbor]["RS"].since_at == later


def test_health_tells_what_was_given_up_and_dropped_and_tries_again(house: House) -> None:
    operating.lose_a_plugin()
    row_id = operating.spoil_deliveries(house.provider_id("ortiz"))
    browser = house.browser(OPERATOR)
    page = browser.get("/operator/").text
    for words in ("gone:appointment_booked · Dr Lena Ortiz", "The plugin is gone or quarantined"):
        assert words in page
    for words in ("inbox/message · Dr Lena Ortiz", "The client&#39;s join had ended", "Signed consent"):
        assert words in page
    assert browser.post(f"/operator/deliveries/{row_id}/again/").status_code == 303
    row: Any = SYSTEM.one(Outbox, row_id)
    assert (row.parked_at, row.tries) == (None, 0)
    assert browser.post(f"/operator/deliveries/{row_id}/again/").status_code == 404
    assert "Nothing was given up." in browser.get("/operator/").text


def test_health_tells_how_jobs_went(house: House) -> None:
    assert "core.outbox_sweep" in house.browser(OPERATOR).get("/operator/").text
    assert "No good run yet" in house.browser(OPERATOR).get("/operator/").text


def test_law_12_what_an_operator_did_stands_in_the_audit_which_names_no_client(house: House) -> None:
    browser = house.browser(OPERATOR)
    browser.post(path_of(house), {"to": "on", "reason": WHY})
    browser.post(
        f"/operator/plugins/intake/switch/{house.provider_id('harbor')}/", {"to": "off", "reason": WHY}
    )
    house.browser(LENA).get(f"/practice/ortiz/clients/{house.chart(CARLA, 'ortiz').id}/")
    page = browser.get("/operator/audit/").text
    for title in (
        "Switched a subscription",
        "Switched a plugin off or on",
        "Opened the record",
    ):
        assert title in page
    chart = house.chart(CARLA, "ortiz")
    assert chart.family_name not in page
    assert WHY not in page


def test_the_audit_goes_back_page_by_page(house: House) -> None:
    scope = house.operator_scope()
    for n in range(60):
        service.switch(scope, house.provider_id("harbor"), "RS", is_on=bool(n % 2), reason=WHY)
    first, before = audit.entries(scope, audit.Wanted())
    rest, _end = audit.entries(scope, audit.Wanted(), before)
    assert not {entry.id for entry in first} & {entry.id for entry in rest}
    assert f"before={before}" in house.browser(OPERATOR).get("/operator/audit/").text


def test_no_page_of_the_operators_names_a_client(house: House) -> None:
    operating.spoil_deliveries(house.provider_id("ortiz"))
    names = {row.family_name for row in SYSTEM.rows(Client)}
    browser, harbor = house.browser(OPERATOR), house.provider_id("ortiz")
    pages = [
        "/operator/",
        "/operator/providers/",
        f"/operator/providers/{harbor}/",
        "/operator/subscriptions/",
    ]
    pages += ["/operator/plugins/", "/operator/plugins/intake/", "/operator/audit/"]
    for path in pages:
        page = browser.get(path)
        assert page.status_code == 200
        assert not [name for name in names if name in page.text], path


def test_an_operator_is_added_with_an_account_of_their_own(house: House) -> None:
    added = service.add_operator(SYSTEM, "new@operators.test", "Nia Ops", "America/Chicago")
    assert house.browser("new@operators.test").get("/operator/").status_code == 200
    assert added.zone == "America/Chicago"
    waiting = SYSTEM.rows(Outbox).where(Outbox.target == "accounts/reset")
    assert waiting.exists(), "a link to choose a password is under way"
    with pytest.raises(Invalid) as refused:
        service.add_operator(SYSTEM, CARLA, "Carla", "")
    assert refused.value.fields == {"email": "taken"}
    with pytest.raises(Invalid) as refused:
        service.add_operator(SYSTEM, "nobody", " ", "Chicago")
    assert set(refused.value.fields) == {"email", "name", "zone"}
    assert outbox.counts().parked == 0
