"""Statements that wait long: whether the database is only slow with them, or gone without a word.

A line that breaks says so; one that falls silent never does, and a page would wait for ever. What has waited
for three seconds makes us ask on a line of its own: when nobody answers there either, the lines that wait are
cut, and what they carried fails as if the database had ended them.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from typing import Any

import gevent
import structlog
from gevent.event import Event

PATIENCE_SECONDS, ASK_SECONDS, LOOK_SECONDS = 3, 3, 0.5

_log = structlog.get_logger()
# What is under way: since when, and on which descriptor.
_under_way: dict[int, tuple[float, int]] = {}


class _Last:
    answered_at = float("-inf")


def cursor_class() -> Any:
    """A cursor that says what it is waiting for, for the pool of PostgreSQL's connections."""
    # Imported here: whoever serves must have patched sockets before psycopg is loaded.
    import psycopg  # noqa: PLC0415 -- see above

    # Server-side parameters break a repeated GROUP BY fn(%s) and %s IS NULL: so the client's own.
    class Cursor(psycopg.ClientCursor[Any]):
        def execute(self, *told: Any, **options: Any) -> Any:
            _under_way[id(self)] = (time.monotonic(), self.connection.fileno())
            try:
                done = super().execute(*told, **options)
            finally:
                del _under_way[id(self)]
            _Last.answered_at = time.monotonic()
            return done

    return Cursor


def watch(url: str, stop: Event) -> None:
    """Look at what waits until `stop` is set; nothing to do with SQLite, which has no line."""
    while url and not stop.wait(LOOK_SECONDS):
        asked_at = time.monotonic()
        # A busy machine may be late with the new line and answer on the others meanwhile.
        if _waiting() and not _answers(url) and _Last.answered_at < asked_at:
            silent = _waiting()
            _log.error("database_silent", lines=len(silent))
            for descriptor in silent:
                _cut(descriptor)


def _waiting() -> list[int]:
    """The descriptors of what has waited for too long."""
    before = time.monotonic() - PATIENCE_SECONDS
    return [descriptor for since, descriptor in list(_under_way.values()) if since < before]


def _answers(url: str) -> bool:
    import psycopg  # noqa: PLC0415 -- as above

    try:
        with (
            gevent.Timeout(ASK_SECONDS),
            psycopg.connect(url, autocommit=True, connect_timeout=ASK_SECONDS) as line,
        ):
            line.execute("SELECT 1")
    except psycopg.OperationalError as error:
        # Refused by a server that is there: what waits may still be answered.
        return getattr(error, "sqlstate", None) is not None
    except gevent.Timeout:
        return False
    return True


def _cut(descriptor: int) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as line:
        line.shutdown(socket.SHUT_RDWR)
