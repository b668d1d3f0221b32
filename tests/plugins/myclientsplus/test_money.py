"""Money that members note by hand: once, of one client, and never more of a session than it costs."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import Any

import pytest

from core import clock, db, subscriptions
from core.practice.service import change_role
from core.tenancy import Scope
from plugins.myclientsplus import service
from tests.support.house import Browser, House
from vestibule.testing.page import read_page

MAYA, STAN = "provider2@demo.test", "stranger@demo.test"
DAY = {"on-month": "3", "on-day": "4", "on-year": "2026"}


@pytest.fixture
def chart(house: House) -> Any:
    """A client of Harbor Street, which holds My Clients Plus here."""
    found = house.chart(STAN, "harbor")
    subscriptions.switch(Scope.system("test"), found.provider_id, "MCP", is_on=True)
    return found


def begin(house: House, chart: Any, page: str) -> tuple[Browser, str, dict[str, str]]:
    """A member's browser with a form open, where it is sent, and what stands in it."""
    browser, path = house.browser(MAYA), f"/practice/harbor/clients/{chart.id}/balance/{page}/"
    (form,) = [form for form in browser.open(path).forms if "key" in form.values]
    return browser, path, {name: values[0] for name, values in form.values.items() if values}


def standing(house: House, chart: Any) -> tuple[list[int], list[int]]:
    """What is due of each session, and the sums of payments."""
    ledger = service.EmbeddedRecord(house.member_scope(MAYA, "harbor")).ledger
    due = [each.due for each in ledger.balances(chart.id, is_due=False)]
    return due, sorted(each.payment.amount for each in ledger.payments(chart.id).entries)


def note(house: House, chart: Any, page: str, **told: str) -> list[int]:
    """Send one open form twice, as a double click does; returns how each was answered."""
    browser, path, form = begin(house, chart, page)
    return [browser.post(path, form | told).status_code for _click in range(2)]


def test_A57_what_is_pressed_twice_is_done_once_and_answered_alike(house: House, chart: Any) -> None:
    assert note(house, chart, "charge", title="Session", amount="120") == [303, 303]
    assert standing(house, chart) == ([12_000], [])
    assert note(house, chart, "payment", amount="150", method="cash") == [303, 303]
    assert standing(house, chart) == ([0], [15_000])
    note(house, chart, "charge", title="Never held", amount="80")
    ledger = service.EmbeddedRecord(house.member_scope(MAYA, "harbor")).ledger
    (unpaid,) = ledger.balances(chart.id)
    path = f"/practice/harbor/clients/{chart.id}/balance/{unpaid.ref}/cancel/"
    assert [house.browser(MAYA).post(path).status_code for _click in range(2)] == [303, 303]
    assert standing(house, chart) == ([0], [15_000])


def test_A58_a_page_sent_again_with_another_amount_changes_nothing_by_itself(
    house: House, chart: Any
) -> None:
    note(house, chart, "charge", title="Session", amount="120")
    browser, path, form = begin(house, chart, "payment")
    told = form | {"amount": "50", "method": "cash"}
    assert browser.post(path, told).status_code == 303
    again = browser.post(path, told | {"amount": "60"})
    assert again.status_code == 409
    assert standing(house, chart) == ([7_000], [5_000])
    assert "was sent before" in again.text
    assert 'value="60"' in again.text, "what was typed is kept"
    (offered,) = [form for form in read_page(again, path).forms if "key" in form.values]
    fields = {name: values[0] for name, values in offered.values.items() if values}
    assert browser.post(path, fields).status_code == 303, "sent once more it is meant"
    assert standing(house, chart) == ([1_000], [5_000, 6_000])


def test_A58_nobody_else_s_charge_is_reached(house: House, chart: Any) -> None:
    note(house, chart, "charge", title="Session", amount="120")
    ledger = service.EmbeddedRecord(house.member_scope(MAYA, "harbor")).ledger
    (theirs,) = ledger.balances(chart.id)
    other = house.chart("twoproviders@demo.test", "harbor")
    path = f"/practice/harbor/clients/{other.id}/balance/{theirs.ref}/cancel/"
    assert house.browser(MAYA).post(path).status_code == 404
    assert standing(house, chart) == ([12_000], [])


@pytest.mark.parametrize("database", ["postgresql"])
def test_A57_two_payments_at_the_same_moment_pay_a_session_once(house: House, chart: Any) -> None:
    """Of two who note money at once the second one sees what the first one paid."""
    note(house, chart, "charge", title="Session", amount="120")
    scope, begun = house.member_scope(MAYA, "harbor"), Event()

    def pay(key: str, amount: int) -> None:
        paid = service.Paid(amount, "USD", clock.now(), "cash")
        service.noted(scope, chart.id, lambda ledger: ledger.take_payment(chart.id, paid, key=key))

    def pay_slowly() -> None:
        with db.transaction():
            pay("page:payment:one", 10_000)
            begun.set()
            time.sleep(0.3)

    first = Thread(target=pay_slowly)
    first.start()
    begun.wait(5)
    pay("page:payment:two", 10_000)
    first.join()
    ledger = service.EmbeddedRecord(scope).ledger
    (session,) = ledger.balances(chart.id, is_due=False)
    assert (session.paid, session.due) == (12_000, 0), "the other 80 dollars are credit"
    assert [account.credit for account in service.accounts_of(scope)] == [8_000]


def head(browser: Browser, chart: Any, tab: str = "") -> str:
    """The head of a client's record, as a member sees it at one of its tabs."""
    page = browser.get(f"/practice/harbor/clients/{chart.id}/{tab}")
    assert page.status_code == 200
    return page.text.partition('class="record-head"')[2].partition("</dl>")[0]


def test_the_head_of_a_record_tells_the_balance_at_each_tab(house: House, chart: Any) -> None:
    maya = house.browser(MAYA)
    assert "nothing due" in head(maya, chart)
    note(house, chart, "charge", title="Session", amount="120")
    for tab in ("", "notes/", "messages/", "appointments"):
        assert "$120.00 due" in head(maya, chart, tab)
    note(house, chart, "payment", amount="150", method="cash")
    assert "Credit: $30.00" in head(maya, chart)


def test_the_head_tells_the_balance_to_whom_it_may_concern(house: House, chart: Any) -> None:
    note(house, chart, "charge", title="Session", amount="120")
    sam, path = house.member("clinician@harbor.test", "harbor"), f"{chart.id}/balance/"
    browser = house.browser("clinician@harbor.test")
    assert path in head(browser, chart)
    change_role(house.member_scope(MAYA, "harbor"), sam.id, "desk")
    assert path not in head(browser, chart)
    assert "Balance" not in head(browser, chart)
    subscriptions.switch(Scope.system("test"), chart.provider_id, "MCP", is_on=False)
    assert "Balance" not in head(house.browser(MAYA), chart)
