"""Prepared selects: the SQL of the first call serves the later ones, each with its own values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core import clock, db
from core.inbox.models import Thread
from core.limits import LimitCount
from core.settings import Settings
from core.spec.errors import ScopeRequired
from core.tenancy import Client, Scope
from core.tenancy.charts import client_record
from core.tenancy.logins import end_login, start_login
from core.tenancy.models import Account, Login
from tests.support.booking import new_account
from tests.support.house import House

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)

_logins = db.Prepared(
    lambda: (
        db.house_rows(Login, Login, Account)
        .join(Account, on=(Login.account_id == Account.id), attr="account")
        .where(
            (Login.account_id == db.blank(Login.account_id, "account_id"))
            & (Login.idle_seconds > db.blank(Login.idle_seconds, "least"))
            & Login.ended_at.is_null()
        )
        .order_by(Login.idle_seconds)
    )
)


def test_each_call_has_its_own_values_and_sees_what_was_written_since(ground: Settings) -> None:
    carla, lena = new_account("Carla Mendes"), new_account("Dr Lena Ortiz")
    for account, is_staff in ((carla, False), (carla, True), (lena, True)):
        start_login(account, is_staff=is_staff, address="", agent="")
    found = _logins(account_id=carla.id, least=0)
    assert [(row.account.name, row.account_id) for row in found] == [("Carla Mendes", carla.id)] * 2
    assert [row.account.name for row in _logins(account_id=lena.id, least=0)] == ["Dr Lena Ortiz"]
    most = max(row.idle_seconds for row in found)
    assert _logins(account_id=carla.id, least=most) == []

    end_login(found[0].id)
    assert [row.id for row in _logins(account_id=carla.id, least=0)] == [found[1].id]


def test_a_value_that_is_not_given_is_an_error(ground: Settings) -> None:
    with pytest.raises(KeyError):
        _logins(account_id=db.new_id())


_threads = db.PreparedRows(
    lambda scope: scope.rows(Thread, Thread.id).where(Thread.last_at > db.blank(Thread.last_at, "since"))
)
_own_account = db.PreparedRows(lambda scope: scope.rows(Account))
_charts = db.PreparedRows(lambda scope: scope.rows(Client, Client.id).where(Client.erased_at.is_null()))


def _askers(house: House) -> list[Scope]:
    """One after the other on purpose: each must find its own by the SQL that another wrote."""
    carla = house.member_scope("provider@demo.test", "ortiz")
    chart = client_record(carla, house.chart("client@demo.test", "ortiz").id)
    return [
        house.client_scope("client@demo.test", "ortiz"),
        house.client_scope("newclient@demo.test", "ortiz"),
        house.client_scope("twoproviders@demo.test"),
        house.client_scope("twoproviders@demo.test", "harbor"),
        carla,
        house.member_scope("provider2@demo.test", "harbor"),
        carla.about(chart),
        Scope.system("test", house.provider_id("harbor")),
        house.client_scope("client@demo.test", "ortiz"),
    ]


def test_law_04_each_scope_finds_by_a_written_select_what_it_finds_by_its_own(house: House) -> None:
    sees = set()
    for scope in _askers(house):
        own = {row.id for row in scope.rows(Thread, Thread.id)}
        assert {row.id for row in _threads(scope, since=LONG_AGO)} == own
        assert _threads(scope, since=clock.now()) == []
        charts = {row.id for row in scope.rows(Client, Client.id)}
        assert {row.id for row in _charts(scope)} == charts
        if scope.account_id is not None:
            (mine,) = _own_account(scope)
            assert mine.id == scope.account_id
        sees |= {frozenset(own), frozenset(charts)}
    assert len(sees) > 8, "what they see differs"


def test_law_04_no_select_is_written_that_a_scope_forbids(house: House) -> None:
    counts = db.PreparedRows(lambda scope: scope.rows(LimitCount))
    with pytest.raises(ScopeRequired):
        counts(house.client_scope("client@demo.test", "ortiz"))
