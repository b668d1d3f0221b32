"""What must happen after a commit: written with the change, delivered at least once, never lost.

A row is claimed in one short transaction by moving its due moment a lease ahead, delivered outside
it and then marked; a killed process leaves a row that falls due again. So receivers are idempotent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import gevent
import peewee
import structlog
from gevent.event import Event

from core import clock, db, hooks, subscriptions
from core.spec.errors import NotFound, ScopeRequired, VestibuleError
from core.tenancy import Scope

LEASE_SECONDS = 60
POLL_SECONDS = 0.25
PAUSES = (1, 5, 30, 120, 600, 3600)
TRIES = 10
KEPT = timedelta(days=30)

Receive = Callable[[Scope, str, Any, UUID | None], None]

_log = structlog.get_logger()
_receivers: dict[str, Receive] = {}
_wakings: set[Event] = set()


class Dropped(VestibuleError):
    """Raised by a receiver: nobody wants this any more; `reason` is a code for the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(VestibuleError):
    """Raised by a receiver: trying again can't help, a person has to look."""


class Outbox(db.HouseModel):
    """One effect of one change on one receiver."""

    provider_id = db.Id(null=True)
    kind = db.Words()
    target = db.Words()
    key = db.Words()
    payload = db.SealedJson(null=True)
    completes = db.Flag(default=False)
    due_at = db.Moment()
    tries = db.Number(default=0)
    error = db.Words(default="")
    done_at = db.Moment(null=True)
    dropped_at = db.Moment(null=True)
    parked_at = db.Moment(null=True)
    created_at = db.Moment()

    class Meta:
        table_name = "outbox"


@dataclass(frozen=True)
class Counts:
    """How the outbox stands; `oldest_at` is when the longest-waiting row fell due."""

    waiting: int
    parked: int
    oldest_at: datetime | None


def put(
    scope: Scope,
    kind: str,
    target: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    provider_id: UUID | None = None,
    completes: bool = False,
) -> None:
    """Write an effect beside the change that causes it; a key that is there already changes nothing.

    `completes` marks what finishes something begun: it is delivered even if the subscription ended.
    Raises ScopeRequired outside a transaction and NotFound for a provider outside the scope.
    """
    if not db.in_transaction():
        raise ScopeRequired("an outbox row belongs into the transaction of its change")
    is_inside = provider_id is None or scope.is_unlimited or provider_id in scope.providers
    if not is_inside:
        raise NotFound
    now, row_id = clock.now(), db.new_id()
    values = {
        Outbox.id: row_id,
        Outbox.provider_id: provider_id,
        Outbox.kind: kind,
        Outbox.target: target,
        Outbox.key: key,
        Outbox.payload: Outbox.payload.sealed(dict(payload), provider_id, row_id),
        Outbox.completes: completes,
        Outbox.due_at: now,
        Outbox.tries: 0,
        Outbox.error: "",
        Outbox.created_at: now,
    }
    peewee.ModelInsert(Outbox, values).on_conflict(action="IGNORE").execute()
    db.after_commit(wake)


def deliver(kind: str, receive: Receive) -> None:
    """Let `receive(scope, target, payload, provider_id)` have the rows of this kind.

    It opens its own connection or transaction; one that it leaves open goes back after the round.
    """
    _receivers[kind] = receive


def wake() -> None:
    """Look at once instead of at the next poll."""
    for waking in _wakings:
        waking.set()


def run(stop: Event) -> None:
    """Deliver until `stop` is set: a greenlet for each kind, so that slow mail delays no event."""
    gevent.joinall([gevent.spawn(_serve, kind, stop) for kind in _receivers])


def drain(limit: int = 20, kinds: Collection[str] | None = None, lease_seconds: float = LEASE_SECONDS) -> int:
    """One round: claim up to `limit` due rows and deliver them. Returns how many were claimed."""
    rows = _claim(limit, _receivers.keys() if kinds is None else kinds, lease_seconds)
    # A delivery that begins in the first half of the lease ends before it lapses.
    last_start = time.monotonic() + lease_seconds / 2
    for row in rows:
        if time.monotonic() < last_start:
            _deliver(row, lease_seconds / 2)
        else:
            _give_back(row)
    return len(rows)


def counts() -> Counts:
    """What waits and what is parked; for the operator, the doctor and the metrics."""
    oldest_at = db.house_rows(Outbox, peewee.fn.MIN(Outbox.due_at)).where(_waiting()).scalar()
    return Counts(
        waiting=db.house_rows(Outbox).where(_waiting()).count(),
        parked=db.house_rows(Outbox).where(Outbox.parked_at.is_null(False)).count(),
        oldest_at=Outbox.due_at.python_value(oldest_at) if oldest_at is not None else None,
    )


def parked(limit: int = 100) -> list[Outbox]:
    """What was given up and waits for a person, newest first."""
    query: Any = db.house_rows(Outbox).where(Outbox.parked_at.is_null(False))
    return list(query.order_by(Outbox.parked_at.desc()).limit(limit))


def resume(row_id: UUID) -> bool:
    """Try a parked row again from the start. Returns whether there was one."""
    with db.transaction():
        query = db.house_update(Outbox, parked_at=None, tries=0, due_at=clock.now())
        count: int = query.where(Outbox.id == row_id, Outbox.parked_at.is_null(False)).execute()
        db.after_commit(wake)
    return count == 1


def sweep(_scope: Scope) -> int:
    """Delete what was settled long ago; parked rows stay until somebody looked at them."""
    with db.transaction():
        settled = Outbox.done_at.is_null(False) | Outbox.dropped_at.is_null(False)
        old = Outbox.created_at < clock.now() - KEPT
        count: int = db.house_delete(Outbox).where(settled, old).execute()
    return count


def _serve(kind: str, stop: Event) -> None:
    waking = Event()
    _wakings.add(waking)
    try:
        while not stop.is_set():
            if not _drained(kind):
                waking.wait(POLL_SECONDS)
                waking.clear()
    finally:
        _wakings.discard(waking)


def _drained(kind: str) -> int:
    try:
        return drain(kinds=(kind,))
    except (Exception, SystemExit, gevent.Timeout) as error:  # noqa: BLE001 -- one failure stops no other
        # The database is away or busy; what was claimed falls due again after its lease.
        _log.error("outbox_stalled", kind=kind, error=type(error).__name__)
        db.discard()
        gevent.sleep(1)
        return 0
    finally:
        if not db.database.is_closed():
            db.database.close()


def _waiting() -> peewee.Expression:
    return Outbox.done_at.is_null() & Outbox.dropped_at.is_null() & Outbox.parked_at.is_null()


def _claim(limit: int, kinds: Collection[str], lease_seconds: float) -> list[Outbox]:
    now = clock.now()
    is_due = Outbox.kind.in_(sorted(kinds)) & (Outbox.due_at <= now)
    due: Any = db.house_rows(Outbox).where(_waiting(), is_due)
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
        _postpone(row, error, is_final=row.tries >= TRIES)
    else:
        _settle(row, done_at=clock.now(), error="")


def _receive(row: Outbox) -> None:
    with db.connection():
        if not _is_wanted(row):
            raise Dropped("subscription_ended")
    scope = Scope.system(f"outbox:{row.kind}:{row.target}", row.provider_id)
    _receivers[row.kind](scope, row.target, row.payload, row.provider_id)


def _is_wanted(row: Outbox) -> bool:
    if row.kind != "event" or row.completes or row.provider_id is None:
        return True
    plugin, _, _hook = row.target.partition(":")
    return subscriptions.on(row.provider_id, hooks.needs_of(plugin), plugin)


def _settle(row: Outbox, **values: Any) -> None:
    """Done or dropped: the words in it are needed no longer."""
    with db.transaction():
        db.house_change(row, payload=None, **values)


def _postpone(row: Outbox, error: BaseException, *, is_final: bool) -> None:
    now, name = clock.now(), type(error).__name__
    pause = PAUSES[min(row.tries, len(PAUSES)) - 1]
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
        mine = (Outbox.id == row.id) & (Outbox.tries == row.tries) & _waiting()
        db.house_update(Outbox, **values).where(mine).execute()
