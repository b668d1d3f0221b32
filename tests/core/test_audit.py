"""Audit rows: in the transaction of the act, ids and codes only, declared events only."""

from contextlib import suppress
from typing import Any

import pytest

from core import audit, clock, db
from core.spec.errors import ScopeRequired
from core.spec.types import AuditEvent
from core.tenancy import Provider, Scope

pytestmark = pytest.mark.usefixtures("ground")
HOUSE = Scope.system("test")


@pytest.fixture(autouse=True)
def events() -> None:
    audit.declare(AuditEvent(name, name) for name in ("room.thing_read", "room.thing_changed"))


def rows() -> list[Any]:
    return list(HOUSE.rows(audit.AuditRow).order_by(audit.AuditRow.id))


def test_law_12_a_row_says_who_what_which_when_and_from_where() -> None:
    provider_id, account_id = db.new_id(), db.new_id()
    scope = Scope("member", account_id=account_id, providers=frozenset({provider_id}), address="198.51.100.7")
    before = clock.now()
    with db.transaction():
        provider = HOUSE.add(Provider, slug="a", name="A", zone="UTC", created_at=before)
        audit.note(scope, "room.thing_changed", provider, client_id=account_id, is_on=True, feature="CP")
    (row,) = rows()
    assert (row.provider_id, row.account_id, row.kind) == (provider_id, account_id, "member")
    assert (row.record_table, row.record_id) == ("provider", provider.id)
    assert row.address == "198.51.100.7"
    assert row.at >= before
    assert row.detail == {"client_id": str(account_id), "is_on": True, "feature": "CP"}


def test_law_12_an_act_that_is_undone_leaves_no_row_and_a_reading_always_does() -> None:
    with suppress(InterruptedError), db.transaction():
        audit.note(HOUSE, "room.thing_changed")
        raise InterruptedError
    audit.note_read(HOUSE, "room.thing_read")
    assert [row.event for row in rows()] == ["room.thing_read"]


def test_an_act_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(ScopeRequired):
        audit.note(HOUSE, "room.thing_changed")


def test_law_11_words_of_people_are_refused() -> None:
    for words in ("she said no", "Ünï", "a@b.test", "x" * 65, ""):
        with pytest.raises(ValueError, match="ids and codes only"):
            audit.note_read(HOUSE, "room.thing_read", subject=words)
    assert rows() == []


def test_an_event_that_nobody_declared_is_refused() -> None:
    with pytest.raises(ValueError, match="no declared audit event"):
        audit.note_read(HOUSE, "room.thing_red")


def test_A20_members_read_their_own_provider_s_rows_and_clients_those_of_their_own_chart() -> None:
    mine, other, chart, stranger = (db.new_id() for _ in range(4))
    audit.note_read(HOUSE, "room.thing_read", provider_id=mine, client_id=chart)
    audit.note_read(HOUSE, "room.thing_read", provider_id=mine, client_id=stranger)
    audit.note_read(HOUSE, "room.thing_read", provider_id=other, client_id=chart)
    member = Scope("member", providers=frozenset({mine}))
    assert {row.provider_id for row in member.rows(audit.AuditRow)} == {mine}
    client = Scope("client", providers=frozenset({mine}), clients={mine: chart})
    found = [(row.provider_id, row.client_id) for row in client.rows(audit.AuditRow)]
    assert found == [(mine, chart)]
    assert list(Scope("client").rows(audit.AuditRow)) == []
    for scope in (Scope.visitor(), Scope("token")):
        with pytest.raises(ScopeRequired):
            scope.rows(audit.AuditRow)
