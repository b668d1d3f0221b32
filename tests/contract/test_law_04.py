"""Law 4 and the traps of storing: no query without a scope, joins with the provider, moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import peewee
import pytest

from core import db
from core.appointments.models import Appointment, AppointmentType
from core.inbox.models import Message, Thread
from core.limits import LimitCount
from core.outbox import Outbox
from core.spec.errors import NotFound, ScopeRequired
from core.tenancy import Client, Provider, Scope
from tests.support.house import House

CLIENT, OWNER = "client@demo.test", "provider@demo.test"


@pytest.mark.parametrize("model", [Client, Thread, Provider, Outbox])
@pytest.mark.parametrize(
    "way",
    [
        "select",
        "get_or_none",
        "get_by_id",
        "insert",
        "insert_many",
        "update",
        "delete",
        "create",
        "raw",
        "filter",
        "replace",
        "bulk_create",
    ],
)
def test_law_04_a_model_without_a_scope_raises(model: Any, way: str) -> None:
    with pytest.raises(ScopeRequired):
        getattr(model, way)(*([1] if way == "get_by_id" else []))


def test_law_04_a_visitor_and_a_bare_scope_reach_nothing(house: House) -> None:
    assert list(Scope.visitor().rows(Client)) == []
    for scope in (Scope.visitor(), house.client_scope(CLIENT, "ortiz"), house.member_scope(OWNER, "ortiz")):
        with pytest.raises(ScopeRequired):
            scope.rows(LimitCount)


def test_law_04_anothers_row_is_not_found(house: House) -> None:
    stranger = house.chart("stranger@demo.test", "harbor")
    for scope in (house.member_scope(OWNER, "ortiz"), house.client_scope(CLIENT, "ortiz")):
        with pytest.raises(NotFound):
            scope.one(Client, stranger.id)
        with pytest.raises(NotFound):
            scope.narrow(house.provider_id("harbor"))
        with pytest.raises(NotFound), db.transaction():
            scope.change(stranger, given_name="Mine")
        with pytest.raises(NotFound), db.transaction():
            scope.add(AppointmentType, provider_id=house.provider_id("harbor"))
        with db.transaction():
            assert scope.update(Client, given_name="Mine").where(Client.id == stranger.id).execute() == 0
    assert house.chart("stranger@demo.test", "harbor").given_name == "Stan"


def test_law_04_a_client_reaches_only_the_own_rows(house: House) -> None:
    scope = house.client_scope(CLIENT, "ortiz")
    mine = house.chart(CLIENT, "ortiz").id
    assert {row.client_id for row in scope.rows(Thread)} == {mine}
    assert {row.client_id for row in scope.rows(Appointment)} == {mine}
    assert house.member_scope(OWNER, "ortiz").rows(Thread).count() > scope.rows(Thread).count()
    with pytest.raises(NotFound), db.transaction():
        scope.add(Thread, client_id=house.chart("newclient@demo.test", "ortiz").id)


def test_law_04_a_join_carries_the_provider(house: House) -> None:
    scope = Scope.system("test")
    joined, _values = scope.rows(Thread).join(Message, on=Message.thread_id == Thread.id).sql()
    assert joined.count("provider_id") > scope.rows(Thread).sql()[0].count("provider_id")
    crossed = house.member_scope(OWNER, "ortiz").rows(Thread)
    anything = crossed.join(Client, on=Client.id.is_null(is_null=False)).select(Client.provider_id).tuples()
    assert {provider_id for (provider_id,) in anything} == {house.provider_id("ortiz")}


def test_law_04_a_way_out_of_the_scope_is_refused(house: House) -> None:
    rows = house.client_scope(CLIENT, "ortiz").rows(Thread)
    with pytest.raises(ScopeRequired):
        rows.orwhere(Thread.id.is_null(is_null=False))
    with pytest.raises(ScopeRequired):
        rows.join(Client)


def test_law_04_a_scope_of_two_providers_has_no_one_provider(house: House) -> None:
    scope = house.client_scope("twoproviders@demo.test")
    with pytest.raises(ScopeRequired):
        _ = scope.provider_id


def test_law_04_writing_outside_a_transaction_is_refused(house: House) -> None:
    scope = house.member_scope(OWNER, "ortiz")
    chart = house.chart(CLIENT, "ortiz")
    for write in (
        lambda: scope.change(chart, given_name="Mine"),
        lambda: scope.add(AppointmentType),
        lambda: scope.update(Client, given_name="Mine").execute(),
        lambda: scope.remove(chart),
    ):
        with pytest.raises(ScopeRequired):
            write()
    with pytest.raises(ScopeRequired):
        chart.save()
    assert house.chart(CLIENT, "ortiz").given_name == "Carla"


def test_A27_the_database_too_refuses_a_row_of_another_providers_client(house: House) -> None:
    stranger = house.chart("stranger@demo.test", "harbor")
    with pytest.raises(peewee.IntegrityError), db.transaction():
        db.database.execute_sql(
            f"UPDATE inbox_thread SET client_id = {_sign()} WHERE provider_id = {_sign()}",  # noqa: S608 -- a sign
            (_id(stranger.id), _id(house.provider_id("ortiz"))),
        )


def _sign() -> str:
    return "%s" if db.dialect() == "postgresql" else "?"


def _id(value: UUID) -> Any:
    return db.Id().db_value(value)


def test_law_10_a_moment_is_kept_to_the_microsecond_whatever_its_zone(house: House) -> None:
    scope = house.member_scope(OWNER, "ortiz")
    at = datetime(2026, 3, 8, 1, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-6)))
    with db.transaction():
        scope.change(house.chart(CLIENT, "ortiz"), joined_at=at)
    read = house.chart(CLIENT, "ortiz").joined_at
    assert read == at
    assert read.utcoffset() == timedelta(0)
    if db.dialect() == "postgresql":
        db.database.execute_sql("SET TIME ZONE 'Asia/Kolkata'")
        assert house.chart(CLIENT, "ortiz").joined_at == at


def test_law_10_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Client.joined_at.db_value(datetime(2026, 3, 8, 2))  # noqa: DTZ001 -- that is the point


def test_new_ids_are_of_version_7_and_in_order() -> None:
    before = int(datetime.now(UTC).timestamp() * 1000)
    ids = [db.new_id() for _ in range(100)]
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert all((one.int >> 80) >= before for one in ids)
    assert len(set(ids)) == 100


def test_a_transaction_is_all_or_nothing_and_an_inner_one_joins_it(house: House) -> None:
    scope = house.member_scope(OWNER, "ortiz")
    woken: list[int] = []
    chart = house.chart(CLIENT, "ortiz")

    def fail_after_writing() -> None:
        with db.transaction():
            with db.transaction():
                scope.change(chart, given_name="Mine")
                db.after_commit(lambda: woken.append(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert house.chart(CLIENT, "ortiz").given_name == "Carla"
    assert not woken
    with db.transaction():
        pass
    assert not woken
