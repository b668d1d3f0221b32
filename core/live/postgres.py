"""LISTEN and NOTIFY, each on a connection of its own that comes back by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
import structlog
from gevent.queue import Queue

CHANNEL = "vestibule_live"
CONNECT_SECONDS, SEND_SECONDS = 3, 5
# A round without even our own ping means that the line is dead, whatever the kernel thinks.
ROUND_SECONDS = 15
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0

Tell = Callable[[bool], None]

_log = structlog.get_logger()


class Silent(Exception):
    """Nothing was heard for a whole round."""


def send(url: str, away: Queue[str], everything: str) -> None:
    """Send what comes; what could not be sent is made good by one message that asks for everything."""
    connection: Any = None
    pause, has_lost = FIRST_PAUSE, False
    while True:
        text = away.get()
        try:
            with gevent.Timeout(SEND_SECONDS):
                connection = connection or _connected(url)
                _say(connection, everything if has_lost else text)
            pause, has_lost = FIRST_PAUSE, False
        except (Exception, gevent.Timeout) as error:  # noqa: BLE001 -- whatever it was, it is tried again
            _log.warning("live_send_failed", error=type(error).__name__)
            _close(connection)
            connection, has_lost = None, True
            gevent.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            away.put(text)


def listen(url: str, receive: Callable[[str], None], ping: Callable[[], None], on_deaf: Tell) -> None:
    """Hear what others say; after each break say so, because what was said meanwhile is gone."""
    connection: Any = None
    pause = FIRST_PAUSE
    while True:
        try:
            with gevent.Timeout(SEND_SECONDS):
                connection = _connected(url)
                connection.execute(f"LISTEN {CHANNEL}")
            on_deaf(False)
            pause = FIRST_PAUSE
            while True:
                _hear_a_round(connection, receive, ping)
        except (Exception, gevent.Timeout) as error:  # noqa: BLE001 -- whatever it was, it is tried again
            _log.warning("live_deaf", error=type(error).__name__)
        _close(connection)
        connection = None
        on_deaf(True)
        gevent.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _hear_a_round(connection: Any, receive: Callable[[str], None], ping: Callable[[], None]) -> None:
    ping()
    is_heard = False
    for notice in connection.notifies(timeout=ROUND_SECONDS):
        is_heard = True
        receive(notice.payload)
    if not is_heard:
        raise Silent


def _connected(url: str) -> Any:
    import psycopg  # noqa: PLC0415 -- sockets have to be patched before it is loaded

    return psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)


def _say(connection: Any, text: str) -> None:
    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, text))


def _close(connection: Any) -> None:
    if connection is not None:
        with suppress(Exception):  # whatever state it is in, it is given up
            connection.close()
