"""Prepared selects: the SQL of the first call serves the later ones, each with its own values."""

from __future__ import annotations

import pytest

from core import db
from core.settings import Settings
from core.tenancy.logins import end_login, start_login
from core.tenancy.models import Account, Login
from tests.support.booking import new_account

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
