"""From messages of the bus to lines: hints are delivered, changed standings are looked at."""

from __future__ import annotations

import time
from typing import Literal
from uuid import UUID

import gevent
from gevent.event import Event

from core.live import bus, lines
from core.live.hints import Hint

# How often pages ask for everything while nothing can be heard of other processes.
DEAF_SECONDS = 30


class _Hearing:
    database_url = ""
    told_at = 0.0


def bind(database_url: str, look_again: lines.LookAgain) -> None:
    """Begin with no sockets; `look_again` is the guard's second look at whom it let in."""
    _Hearing.database_url = database_url
    lines.reset(look_again, is_alone=not database_url)


def run(stop: Event) -> None:
    """Carry hints between this process's sockets and the others until `stop` is set."""
    looking = gevent.spawn(lines.look_now_and_then, stop)
    try:
        bus.run(stop, _Hearing.database_url, receive, hear_of_deafness)
    finally:
        looking.kill()


def standing_changed(kind: Literal["login", "account", "provider"], id: UUID | None) -> None:
    """Somebody may no longer see what they saw: their sockets are looked at in every process."""
    bus.publish({"check": [kind, None if id is None else str(id)]})


def receive(message: bus.Message) -> None:
    """One message of the bus."""
    if "hint" in message:
        lines.guarded(lines.deliver, Hint.unpacked(message["hint"]))
    elif "check" in message:
        kind, told = message["check"]
        lines.guarded(lines.check, kind, None if told is None else UUID(told))
    else:
        lines.everything()


def hear_of_deafness(is_deaf: bool) -> None:  # noqa: FBT001 -- the bus says yes or no
    """While deaf, pages ask for everything each half minute; and once more when hearing again."""
    now = time.monotonic()
    lines.deafen(is_deaf)
    if not is_deaf or now - _Hearing.told_at >= DEAF_SECONDS:
        _Hearing.told_at = now
        lines.everything()
