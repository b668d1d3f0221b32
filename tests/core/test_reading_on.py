"""Where nothing can be written people still read; what else the database's own errors mean to us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import peewee
import pytest
from structlog.testing import capture_logs

from core import clock, db
from core.inbox import service
from core.inbox.models import Thread, Unread
from core.tenancy import Scope
from tests.support.house import House

CLIENT, OWNER = "client@demo.test", "provider@demo.test"
ANSWER = "I will bring both of them."
SAID = "not_written_in_passing"


@contextmanager
def only_reading() -> Iterator[None]:
    """The house's one connection may only read: as of a full disk, a standby, a file of somebody else's."""
    to_only_reading = {
        "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "SET default_transaction_read_only = off",
        ),
    }
    begin, end = to_only_reading[db.dialect()]
    db.database.execute_sql(begin)
    try:
        yield
    finally:
        db.database.execute_sql(end)


@pytest.fixture
def thread(house: House) -> Thread:
    """A message of the practice that the client has not opened."""
    scope = house.member_scope(OWNER, "ortiz")
    chart = house.chart(CLIENT, "ortiz").id
    return service.send_new(scope, chart, subject="Before Thursday", body="Bring your notes.", key="k1")


def test_A64_reading_goes_on_where_nothing_can_be_written(house: House, thread: Thread) -> None:
    client, owner, scope = house.browser(CLIENT), house.browser(OWNER), house.client_scope(CLIENT, "ortiz")
    unread = service.unread_count(scope)
    with clock.standing_at(clock.now() + timedelta(minutes=2)), only_reading(), capture_logs() as told:
        assert "Bring your notes." in client.get(f"/inbox/{thread.id}/").text
        for browser, path in ((client, "/inbox/"), (client, "/appointments/"), (owner, "/practice/ortiz/")):
            assert browser.get(path).status_code == 200, path
        assert [line["what"] for line in told if line["event"] == SAID] == ["login_seen"], "once"
        assert service.unread_count(scope) == unread, "what could not be marked is still new"
        assert owner.get(f"/practice/ortiz/inbox/{thread.id}/").status_code == 503, (
            "a reading must be audited"
        )
    service.keep_draft(scope, thread.client_id, "new", subject="", body="Now it writes again")
    client.get(f"/inbox/{thread.id}/")
    assert service.unread_count(scope) == unread - 1


def test_A65_a_write_where_the_database_only_reads_is_refused_for_now(house: House, thread: Thread) -> None:
    client = house.browser(CLIENT)
    with only_reading():
        answer = client.post(f"/inbox/{thread.id}/answer/", {"body": ANSWER, "key": "k2"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
    assert ANSWER in answer.text, "what was typed is still there"


def test_of_two_that_add_the_same_one_is_enough_and_a_wrong_row_still_raises(
    house: House, thread: Thread
) -> None:
    scope = Scope.system("test", thread.provider_id)
    account_id = house.account(OWNER).id
    row = {"client_id": thread.client_id, "account_id": account_id, "is_of_person": True}
    with db.transaction():
        assert db.unless_there(lambda: scope.add(Unread, thread_id=thread.id, **row)) is not None
        assert db.unless_there(lambda: scope.add(Unread, thread_id=thread.id, **row)) is None
        with pytest.raises(peewee.IntegrityError):
            db.unless_there(lambda: scope.add(Unread, thread_id=db.new_id(), **row))
        mine = (Unread.thread_id == thread.id) & (Unread.account_id == account_id)
        assert scope.rows(Unread).where(mine).count() == 1


@pytest.mark.parametrize("database", ["postgresql"])
@pytest.mark.parametrize(("state", "is_retried"), [("40P01", True), ("40001", True), ("57014", False)])
def test_a_deadlock_s_victim_is_tried_again_and_nothing_else(
    house: House, state: str, *, is_retried: bool
) -> None:
    tries = []

    @db.retrying
    def act() -> str:
        tries.append(state)
        with db.transaction():
            if len(tries) == 1:
                db.database.execute_sql(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
        return "done"

    if is_retried:
        assert (act(), len(tries)) == ("done", 2)
    else:
        with pytest.raises(peewee.OperationalError):
            act()
