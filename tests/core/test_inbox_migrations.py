"""An inbox with years of threads in it is brought up to date, and what was unread stays unread."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from core import clock, db
from core.inbox.models import Thread, Unread
from core.migrate import migrate
from core.tenancy import Account, Client, Provider, Scope
from tests.support.ground import LOWER_ROOMS, open_ground
from tests.support.place import Place
from tests.support.run import CHECKOUT

FOLDER = CHECKOUT / "core" / "inbox" / "migrations"
HOUSE = Scope.system("test")
NOW = clock.now()


def chart_with_account() -> Any:
    with db.transaction():
        account = HOUSE.add(Account, email="a@demo.test", email_blind=b"a" * 16, name="Ada", created_at=NOW)
        provider = HOUSE.add(Provider, slug="ortiz", name="Dr Ortiz", zone="UTC", created_at=NOW)
        mine = {"given_name": "Ada", "family_name": "Lund", "origin": "invited", "created_at": NOW}
        return Scope.system("test", provider.id).add(Client, account_id=account.id, joined_at=NOW, **mine)


class OldThread(Thread):
    """A thread as the first migration has it."""

    client_news_at = db.Moment(null=True)
    member_news_at = db.Moment(null=True)

    class Meta:
        table_name = "inbox_thread"


class Reading(db.TenantModel):
    """How far an account had read, as the first migration has it."""

    client_id = db.Id()
    thread_id = db.Id()
    account_id = db.Id()
    read_at = db.Moment()

    class Meta:
        table_name = "inbox_reading"


def old_thread(chart: Any, *, read_after: timedelta | None) -> Any:
    scope = Scope.system("test", chart.provider_id)
    with db.transaction():
        row = scope.add(
            OldThread,
            client_id=chart.id,
            kind="person",
            audience="both",
            last_author="Dr Ortiz",
            last_at=NOW,
            client_news_at=NOW,
            created_at=NOW,
        )
        if read_after is not None:
            own = {"client_id": chart.id, "thread_id": row.id, "account_id": chart.account_id}
            scope.add(Reading, read_at=NOW + read_after, **own)
    return row


def test_what_a_client_had_not_read_stays_unread(new_ground: Place, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    shutil.copy(FOLDER / "0001_threads.sql", before)
    with open_ground(new_ground, (*LOWER_ROOMS, ("inbox", before))) as settings:
        chart = chart_with_account()
        old_thread(chart, read_after=timedelta(minutes=1))
        unread = [old_thread(chart, read_after=None), old_thread(chart, read_after=-timedelta(minutes=1))]
        migrate((*LOWER_ROOMS, ("inbox", FOLDER)), settings.data / "migrate.lock")
        found = list(HOUSE.rows(Unread))
        assert {row.thread_id for row in found} == {row.id for row in unread}
        assert {row.account_id for row in found} == {chart.account_id}
        assert all(row.is_of_person for row in found)
        assert HOUSE.rows(Thread).count() == 3
