"""A77: an owner erases a client's data in every room, and nothing but what is kept in words is left."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import Any

import pytest

from core import clock, db, outbox
from core.accounts import service as accounts
from core.audit import AuditRow
from core.db.models import Model
from core.inbox import service as inbox
from core.inbox.models import Draft, Message
from core.practice import service
from core.spec.errors import NotFound, Refused
from core.tenancy import Account, Client, Scope
from core.tenancy.charts import hold_chart
from tests.support.erasing import CLIENT, MARKER, OWNER, PHONE, cancel_all, erased, furnish
from tests.support.house import House
from vestibule.testing.people import PASSWORD

HOUSE = Scope.system("test")
TO_MEMBERS = outbox.Outbox.target == "inbox/message_member"


def every_value() -> str:
    """Everything that the house's tables hold, opened: every column of every row of every model."""
    found: list[str] = []
    for model in _models(Model):
        if model._meta.table_name in db.database.get_tables():
            for row in HOUSE.rows(model):
                found += [str(getattr(row, name)) for name in model._meta.fields]
    return "\n".join(found)


def _models(base: type[Any]) -> list[Any]:
    """Tables of core and plugins; other tests have models of their own."""
    found = [one for kind in base.__subclasses__() for one in [kind, *_models(kind)] if "_meta" in dir(one)]
    return [one for one in found if one.__module__.partition(".")[0] in ("core", "plugins")]


def test_A77_nothing_of_the_client_is_left_but_what_is_kept_in_words(house: House) -> None:
    furnish(house)
    chart, account = house.chart(CLIENT, "ortiz"), house.account(CLIENT)
    for trace in (MARKER, PHONE, f"\n{CLIENT}\n"):
        assert trace in every_value(), trace
    page = erased(house, CLIENT)
    assert "Every part has erased what it may." in page
    for words in ("Messages", "45 CFR 164.316(b)(2)", "without a name", "Intake", "leads nowhere else"):
        assert words in page
    left = every_value()
    for trace in (MARKER, PHONE, f"\n{CLIENT}\n"):
        assert trace not in left, trace
    row = HOUSE.one(Client, chart.id)
    assert (row.full_name, row.account_id, row.record().is_erased) == ("Erased client", None, True)
    assert HOUSE.rows(Message).where(Message.client_id == chart.id).count() > 0, "blanked, not deleted"
    assert HOUSE.one(Account, account.id).disabled_at is not None
    with pytest.raises(Refused):
        accounts.recognise(Scope.visitor(), CLIENT, PASSWORD)
    noted = [row.event for row in HOUSE.rows(AuditRow).where(AuditRow.client_id == chart.id)]
    assert {"practice.erasure_begun", "practice.client_erased"} <= set(noted)


def test_A77_letters_to_the_client_that_wait_are_dropped_and_others_are_sent(house: House) -> None:
    client = house.client_scope(CLIENT, "ortiz")
    inbox.send_new(house.member_scope(OWNER, "ortiz"), client.client_id, subject="S", body="B", key="k")
    inbox.send_new(client, client.client_id, subject="S", body="B", key="l")
    cancel_all(house, CLIENT)
    erased(house, CLIENT)
    dropped = [(row.target, row.error) for row in outbox.dropped()]
    assert ("inbox/message", "client_erased") in dropped
    to_members = [row.dropped_at for row in HOUSE.rows(outbox.Outbox).where(TO_MEMBERS)]
    assert to_members
    assert set(to_members) == {None}


def test_A77_what_is_written_at_the_same_moment_is_waited_for_and_erased_too(house: House) -> None:
    client, owner, begun = house.client_scope(CLIENT, "ortiz"), house.member_scope(OWNER, "ortiz"), Event()
    cancel_all(house, CLIENT)

    def write() -> None:
        with db.transaction():
            chart = hold_chart(client, client.client_id)
            begun.set()
            time.sleep(0.3)
            told = {"place": "new", "body": MARKER, "saved_at": clock.now()}
            client.add(Draft, client_id=chart.id, account_id=client.account_id, **told)

    writer = Thread(target=write)
    writer.start()
    begun.wait(5)
    if db.dialect() == "sqlite":
        # There writers take turns, by a lock between greenlets: threads of a test don't know it.
        writer.join()
    service.erase_client(owner, client.client_id)
    writer.join()
    assert HOUSE.rows(Draft).count() == 0
    with pytest.raises(NotFound):
        inbox.keep_draft(client, client.client_id, "new", subject="", body=MARKER)
