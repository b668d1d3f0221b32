"""Named steps of an act, at which a process of the storm's build ends at once when it is told to.

The product knows nothing of them: they stand in the database driver, whose cursors peewee lets one choose,
and are told apart by the statements that pass. One byte of a shared page says which point is set.
"""

from __future__ import annotations

import mmap
import os
import re
import signal
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import db

IDLE = 0
ENDS = re.compile(r"\s*(COMMIT|ROLLBACK)\s*;?\s*$", re.IGNORECASE)
COMMITS = re.compile(r"\s*COMMIT", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """Where to end: `statement` has passed and, where `when` is a commit, its transaction too, or nearly."""

    name: str
    statement: str
    when: str  # "within", "before commit", "after commit"


BOOKED = r'INSERT INTO "appointments_appointment"'
SENT = r'INSERT INTO "inbox_message"'
SUBMITTED = r'UPDATE "intake_intake" SET "status"'
CANCELLED = r'DELETE FROM "appointments_occupancy"'
SAVED = r'(INSERT INTO|UPDATE) "intake_intake"'
CLAIMED = r'UPDATE "outbox" SET "due_at".*"tries"'
MARKED = r'UPDATE "outbox" SET .*"done_at"'
BEFORE, AFTER = "before commit", "after commit"
POINTS = (
    Point("booking: the time is held, nothing else", r'INSERT INTO "appointments_occupancy"', "within"),
    Point("booking: before the commit", BOOKED, BEFORE),
    Point("booking: after it, before the answer", BOOKED, AFTER),
    Point("message: before the commit", SENT, BEFORE),
    Point("message: after it, before the answer", SENT, AFTER),
    Point("intake kept: before the commit", SAVED, BEFORE),
    Point("intake kept: after it, before the answer", SAVED, AFTER),
    Point("intake submitted: before the commit", SUBMITTED, BEFORE),
    Point("intake submitted: after it, before the answer", SUBMITTED, AFTER),
    Point("cancelling: before the commit", CANCELLED, BEFORE),
    Point("cancelling: after it, before the answer", CANCELLED, AFTER),
    Point("login: after the commit, before the answer", r'INSERT INTO "login"', AFTER),
    Point("outbox: claimed, nothing delivered", CLAIMED, AFTER),
    Point("outbox: delivered, before it is marked", MARKED, BEFORE),
    Point("outbox: marked", MARKED, AFTER),
)
# The storm's own mail server ends whoever delivers: the letter is taken, and nobody heard that.
MAIL_TAKEN = "mail: taken by the mail server, its answer not heard"
NAMES = (*(point.name for point in POINTS), MAIL_TAKEN)


class Page:
    """The byte that all processes of a storm share: 0, or the number of the point that is set."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(b"\0")
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), 1)

    def set(self, name: str) -> None:
        self._shared[0] = NAMES.index(name) + 1

    def clear(self) -> None:
        self._shared[0] = IDLE

    @property
    def name(self) -> str:
        """The point that is set, or nothing: then it was met."""
        number = self._shared[0]
        return NAMES[number - 1] if number else ""


class Watcher:
    """Looks at each statement before and after it; ends this process where a point is met."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._begun: set[tuple[int, str]] = set()
        self._patterns = {point.name: (point, re.compile(point.statement, re.DOTALL)) for point in POINTS}

    def before(self, connection: Any, statement: Any) -> None:
        self._look(connection, statement, BEFORE)

    def after(self, connection: Any, statement: Any) -> None:
        self._look(connection, statement, AFTER)

    def _look(self, connection: Any, statement: Any, side: str) -> None:
        name = self._page.name
        if name not in self._patterns or not isinstance(statement, str):
            return
        point, pattern = self._patterns[name]
        mine = (id(connection), name)
        if side == AFTER and pattern.match(statement):
            self._begun.add(mine)
            if point.when == "within":
                self._end()
        elif mine in self._begun and ENDS.match(statement):
            if side == point.when and COMMITS.match(statement):
                self._end()
            if side == AFTER:
                self._begun.discard(mine)

    def _end(self) -> None:
        self._page.clear()
        os.killpg(os.getpgrp(), signal.SIGKILL)


def install(page: Page) -> None:
    """Give the database that is bound next cursors that look."""
    watcher = Watcher(page)

    def choose(real: Any) -> None:
        if db.dialect() == "sqlite":
            real.connect_params["factory"] = _sqlite(watcher)
        else:
            params = real.connect_params
            params["cursor_factory"] = _postgresql(watcher, params["cursor_factory"])

    db.database.attach_callback(choose)


def _sqlite(watcher: Watcher) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, statement: str, *parameters: Any) -> Any:
            watcher.before(self.connection, statement)
            done = super().execute(statement, *parameters)
            watcher.after(self.connection, statement)
            return done

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

    return Connection


def _postgresql(watcher: Watcher, own: Any) -> type[Any]:
    class Cursor(own):
        def execute(self, query: Any, *parameters: Any, **options: Any) -> Any:
            watcher.before(self.connection, query)
            done = super().execute(query, *parameters, **options)
            watcher.after(self.connection, query)
            return done

    return Cursor
