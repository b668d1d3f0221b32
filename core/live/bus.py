"""The bus: what one process learns, all learn; here by a queue, elsewhere by PostgreSQL's NOTIFY."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

import gevent
import peewee
import structlog
from gevent.event import Event
from gevent.queue import Queue

from core import db
from core.live import postgres

Message = Mapping[str, Any]
Receive = Callable[[Message], None]

_log = structlog.get_logger()


class _Bus:
    """`here` and `away` are there while `run` is: what waits for this process, and for the others."""

    name = uuid4().hex
    here: ClassVar[Queue[Message] | None] = None
    away: ClassVar[Queue[str] | None] = None


def publish(message: Message) -> None:
    """Tell all processes after the commit of the transaction that stands; now where none does.

    Whoever doesn't run the bus (a worker, a command) reaches the servers by PostgreSQL; with SQLite
    the server finds the change when it looks again.
    """
    if _Bus.here is not None or db.dialect() == "postgresql":
        db.after_commit(partial(_publish_now, message))


def _publish_now(message: Message) -> None:
    if _Bus.here is None:
        _notify(_text(message))
        return
    _Bus.here.put(message)
    if _Bus.away is not None:
        _Bus.away.put(_text(message))


def _notify(text: str) -> None:
    """By the pool; the change is committed, so that a failure here is no failure of the act."""
    try:
        with db.connection():
            db.database.execute_sql("SELECT pg_notify(%s, %s)", (postgres.CHANNEL, text))
    except peewee.PeeweeException as error:
        _log.warning("live_hint_lost", error=type(error).__name__)


def _text(message: Message) -> str:
    return json.dumps({"from": _Bus.name, **message})


def run(stop: Event, database_url: str, receive: Receive, on_deaf: postgres.Tell) -> None:
    """Hand every message to `receive` until `stop` is set.

    `on_deaf(True)` is called while nothing can be heard of other processes, `on_deaf(False)` once it can.
    """
    here: Queue[Message] = Queue()
    # Anew at each start: processes that were forked from one must not take each other for themselves.
    _Bus.name, _Bus.here, _Bus.away = uuid4().hex, here, None
    greenlets: list[Any] = [gevent.spawn(_receive_here, here, receive)]
    if database_url:
        away: Queue[str] = Queue()
        _Bus.away = away
        ping = partial(away.put, _text({"ping": True}))
        heard = partial(_receive_text, receive)
        greenlets += [
            gevent.spawn(postgres.send, database_url, away, _text({"everything": True})),
            gevent.spawn(postgres.listen, database_url, heard, ping, on_deaf),
        ]
    try:
        stop.wait()
    finally:
        _Bus.here = _Bus.away = None
        for greenlet in greenlets:
            greenlet.kill()


def _receive_here(here: Queue[Message], receive: Receive) -> None:
    while True:
        receive(here.get())


def _receive_text(receive: Receive, text: str) -> None:
    message = json.loads(text)
    # What this process said itself, it has heard already.
    if message.pop("from") != _Bus.name and "ping" not in message:
        receive(message)
