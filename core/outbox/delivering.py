"""Delivering what the outbox holds: each row at least once, one failure stopping no other.

A row is claimed in one short transaction by moving its due moment a lease ahead, delivered outside
it and then marked; a killed process leaves a row that falls due again. So receivers are idempotent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import gevent
import peewee
import structlog
from gevent.event import Event

from core import clock, db, hooks, subscriptions
from core.outbox.rows import Dropped, Outbox, Undeliverable, waiting, wakings
from core.spec.errors import ConnectorFailed
from core.tenancy import Scope

LEASE_SECONDS = 60
POLL_SECONDS = 0.25
PAUSES = (1, 5, 30, 120, 600, 3600)
TRIES = 10
# What plugins put off may wait for somebody else's system: no event waits behind it.
IS_WORK = Outbox.target.endswith(":work_queued")
# No pause is so long: a row that is due later was written by a clock that was ahead and came back.
AHEAD = timedelta(seconds=2 * max(PAUSES))

Receive = Callable[[Scope, str, Any, UUID | None], None]

_log = structlog.get_logger()
_receivers: dict[str, Receive] = {}


def deliver(kind: str, receive: Receive) -> None:
    """Let `receive(scope, target, payload, provider_id)` have the rows of this kind.

    It opens its own connection or transaction; one that it leaves open goes back after the round.
    """
    _receivers[kind] = receive


def run(stop: Event) -> None:
    """Deliver until `stop` is set: a greenlet for each kind, so that slow mail delays no event."""
    lanes = [
        (kind, which) for kind in _receivers for which in ([IS_WORK, ~IS_WORK] if kind == "event" else [None])
    ]
    gevent.joinall([gevent.spawn(_serve, kind, which, stop) for kind, which in lanes])


def drain(
    limit: int = 20,
    kinds: Collection[str] | None = None,
    lease_seconds: float = LEASE_SECONDS,
    which: peewee.Expression | None = None,
) -> int:
    """One round: claim up to `limit` due rows and deliver them. Returns how many were claimed."""
    rows = _claim(limit, _receivers.keys() if kinds is None else kinds, lease_seconds, which)
    # A delivery that begins in the first half of the lease ends before it lapses.
    last_start = time.monotonic() + lease_seconds / 2
    for row in rows:
        if time.monotonic() < last_start:
            _deliver(row, lease_seconds / 2)
        else:
            _give_back(row)
    return len(rows)


def _serve(kind: str, which: peewee.Expression | None, stop: Event) -> None:
    waking = Event()
    wakings.add(waking)
    try:
        while not stop.is_set():
            if not _drained(kind, which):
                waking.wait(POLL_SECONDS)
                waking.clear()
    finally:
        wakings.discard(waking)


def _drained(kind: str, which: peewee.Expression | None) -> int:
    try:
        return drain(kinds=(kind,), which=which)
    except (Exception, SystemExit, gevent.Timeout) as error:  # noqa: BLE001 -- one failure stops no other
        # The database is away or busy; what was claimed falls due again after its lease.
        _log.error("outbox_stalled", kind=kind, error=type(error).__name__)
        db.discard()
        gevent.sleep(1)
        return 0
    finally:
        if not db.database.is_closed():
            db.database.close()


def _claim(
    limit: int, kinds: Collection[str], lease_seconds: float, which: peewee.Expression | None = None
) -> list[Outbox]:
    now = clock.now()
    is_due = Outbox.kind.in_(sorted(kinds)) & ((Outbox.due_at <= now) | (Outbox.due_at > now + AHEAD))
    due: Any = db.house_rows(Outbox).where(waiting(), is_due, *([] if which is None else [which]))
    with db.connection():
        if not due.exists():
            return []
    due = due.order_by(Outbox.due_at, Outbox.id).limit(limit)
    if db.dialect() == "postgresql":
        due = due.for_update("FOR UPDATE SKIP LOCKED")
    with db.transaction():
        rows = list(due)
        lease = db.house_update(Outbox, due_at=now + timedelta(seconds=lease_seconds), tries=Outbox.tries + 1)
        lease.where(Outbox.id.in_([row.id for row in rows])).execute()
    for row in rows:
        row.tries += 1
    return rows


def _deliver(row: Outbox, seconds: float) -> None:
    try:
        with gevent.Timeout(seconds):
            _receive(row)
    except Dropped as dropped:
        _settle(row, dropped_at=clock.now(), error=dropped.reason)
    except Undeliverable as error:
        _postpone(row, error, is_final=True)
    except (Exception, SystemExit, gevent.Timeout) as error:  # noqa: BLE001 -- one failure stops no other
        if isinstance(error, gevent.Timeout):
            db.discard()
        is_away = isinstance(error, ConnectorFailed) and error.is_away
        _postpone(row, error, is_final=row.tries >= TRIES and not is_away)
    else:
        _settle(row, done_at=clock.now(), error="")


def _receive(row: Outbox) -> None:
    if row.kind == "event":
        with db.connection():
            _refuse_unwanted(row)
    scope = Scope.system(f"outbox:{row.kind}:{row.target}", row.provider_id)
    _receivers[row.kind](scope, row.target, row.payload, row.provider_id)


def _refuse_unwanted(row: Outbox) -> None:
    """Drop an event whose plugin is off by now.

    What completes something is delivered though the subscription ended, and waits for a plugin
    that the operator switched off.
    """
    if row.provider_id is None:
        return
    plugin, _, _hook = row.target.partition(":")
    needs, held = hooks.needs_of(plugin), subscriptions.of([row.provider_id])[row.provider_id]
    if plugin in held.off:
        raise Undeliverable("plugin_off") if row.completes else Dropped("plugin_off")
    if not row.completes and not held.covers(needs):
        raise Dropped("subscription_ended")


def _settle(row: Outbox, **values: Any) -> None:
    """Done or dropped: the words in it are needed no longer."""
    with db.transaction():
        db.house_change(row, payload=None, **values)


def _postpone(row: Outbox, error: BaseException, *, is_final: bool) -> None:
    now, name = clock.now(), getattr(error, "reason", "") or type(error).__name__
    pause = max(PAUSES[min(row.tries, len(PAUSES)) - 1], getattr(error, "retry_after", 0))
    _log.warning("outbox_failed", id=str(row.id), target=row.target, tries=row.tries, error=name)
    values: dict[str, Any] = {"due_at": now + timedelta(seconds=pause), "error": name}
    if is_final:
        values["parked_at"] = now
    _update_claimed(row, **values)


def _give_back(row: Outbox) -> None:
    _update_claimed(row, due_at=clock.now(), tries=row.tries - 1)


def _update_claimed(row: Outbox, **values: Any) -> None:
    """Change a row unless its lease passed and another process has claimed it since."""
    with db.transaction():
        mine = (Outbox.id == row.id) & (Outbox.tries == row.tries) & waiting()
        db.house_update(Outbox, **values).where(mine).execute()
