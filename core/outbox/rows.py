"""The rows of the outbox: how one is written beside its change, and the waking that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import peewee
from gevent.event import Event

from core import clock, db
from core.spec.errors import NotFound, ScopeRequired, VestibuleError
from core.tenancy import Scope

wakings: set[Event] = set()


class Dropped(VestibuleError):
    """Raised by a receiver: nobody wants this any more; `reason` is a code for the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(VestibuleError):
    """Raised by a receiver: trying again can't help, a person has to look; `reason` is a code."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


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


def wake() -> None:
    """Look at once instead of at the next poll."""
    for waking in wakings:
        waking.set()


def waiting() -> peewee.Expression:
    return Outbox.done_at.is_null() & Outbox.dropped_at.is_null() & Outbox.parked_at.is_null()
