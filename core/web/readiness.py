"""Whether this process can serve now, and if not, what stands in the way."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import gevent
import peewee
from flask import Flask, current_app
from playhouse.pool import MaxConnectionsExceeded

from core import clock, db, outbox

ASK_SECONDS = 3
# Below that much room a database can't be sure of its next write.
LEAST_ROOM = 8 * 1024 * 1024
# What fails is put off, so that only what nobody takes up at all is overdue for so long.
STUCK = timedelta(minutes=10)
# A clock that jumped ahead makes much look overdue for a moment.
SEEN_SECONDS = 30


@dataclass
class _Looker:
    data: Path
    fault_of_tables: Callable[[], str]
    oldest_at: datetime | None = None
    seen_since: float = 0

    def is_stuck(self, oldest_at: datetime | None) -> bool:
        """Whether the same row is overdue now that was overdue half a minute ago."""
        if oldest_at is None or clock.now() - oldest_at < STUCK:
            self.oldest_at = None
        elif oldest_at != self.oldest_at:
            self.oldest_at, self.seen_since = oldest_at, time.monotonic()
        return self.oldest_at is not None and time.monotonic() - self.seen_since > SEEN_SECONDS


def install(app: Flask, data: Path, fault_of_tables: Callable[[], str]) -> None:
    """Take the data folder, and what says in a sentence how the tables are behind, or nothing."""
    app.extensions["readiness"] = _Looker(data, fault_of_tables)


def faults() -> list[str]:
    """What stands in the way, a line each that begins with its name: database, disk, migrations, outbox."""
    looker: _Looker = current_app.extensions["readiness"]
    found = list(_of_the_disk(looker.data))
    try:
        with gevent.Timeout(ASK_SECONDS), db.connection():
            db.database.execute_sql("SELECT 1")
            found += _of_the_database(looker)
    except (gevent.Timeout, peewee.PeeweeException, MaxConnectionsExceeded, db.Busy) as error:
        db.discard()
        found.append(f"database: away ({type(error).__name__})")
    return found


def _of_the_disk(data: Path) -> Iterator[str]:
    disk = os.statvfs(data)
    if disk.f_bavail * disk.f_frsize < LEAST_ROOM:
        yield "disk: no room in the data folder"
    elif db.lacks_room():
        yield "disk: the database has no room"


def _of_the_database(looker: _Looker) -> Iterator[str]:
    if fault := looker.fault_of_tables():
        yield f"migrations: {fault}"
    if looker.is_stuck(outbox.counts().oldest_at):
        yield "outbox: nobody delivers"
