"""What the operator sees of the outbox and may do: what waits, was parked, was dropped."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import peewee

from core import clock, db
from core.outbox.rows import Outbox, waiting, wake
from core.spec.scope import Scope as Asker
from core.tenancy import Scope

KEPT = timedelta(days=30)
DROPPED_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Counts:
    """How the outbox stands; `oldest_at` is when the longest-waiting row fell due."""

    waiting: int
    parked: int
    oldest_at: datetime | None
    dropped: int = 0


def counts() -> Counts:
    """What waits and what is parked; for the operator, the doctor and the metrics."""
    oldest_at = db.house_rows(Outbox, peewee.fn.MIN(Outbox.due_at)).where(waiting()).scalar()
    return Counts(
        waiting=db.house_rows(Outbox).where(waiting()).count(),
        parked=db.house_rows(Outbox).where(Outbox.parked_at.is_null(False)).count(),
        oldest_at=Outbox.due_at.python_value(oldest_at) if oldest_at is not None else None,
        dropped=db.house_rows(Outbox).where(Outbox.dropped_at.is_null(False)).count(),
    )


def parked(limit: int = 100) -> list[Outbox]:
    """What was given up and waits for a person, newest first."""
    query: Any = db.house_rows(Outbox).where(Outbox.parked_at.is_null(False))
    return list(query.order_by(Outbox.parked_at.desc()).limit(limit))


def dropped(limit: int = 100) -> list[Outbox]:
    """What nobody should get any more, newest first; `error` is the code of why."""
    query: Any = db.house_rows(Outbox).where(Outbox.dropped_at.is_null(False))
    return list(query.order_by(Outbox.dropped_at.desc()).limit(limit))


def resume(row_id: UUID) -> bool:
    """Try a parked row again from the start. Returns whether there was one."""
    return _resume(Outbox.id == row_id) == 1


def resume_all(plugin: str, provider_id: UUID | None = None) -> int:
    """Try again what was parked for a plugin, of one provider or of all. Returns how many rows."""
    theirs = _is_for(plugin)
    return _resume(theirs if provider_id is None else theirs & (Outbox.provider_id == provider_id))


def parked_events(scope: Asker, plugin: str) -> int:
    """How many events and letters of a plugin were given up at the scope's providers."""
    theirs = _is_for(plugin) & Outbox.provider_id.in_(sorted(scope.providers))
    return int(db.house_rows(Outbox, Outbox.id).where(theirs & Outbox.parked_at.is_null(False)).count())


def retry_events(scope: Asker, plugin: str) -> int:
    """Try again, from the start, what was given up of a plugin at the scope's providers. Returns how many."""
    return _resume(_is_for(plugin) & Outbox.provider_id.in_(sorted(scope.providers)))


def drop_all(plugin: str, reason: str) -> int:
    """Drop with a record what waits or is parked for a plugin. Returns how many rows."""
    with db.transaction():
        return _drop(_is_for(plugin), reason)


def drop_letters(account_id: UUID | None, addresses: Collection[str], reason: str, provider_id: UUID) -> int:
    """Drop with a record a provider's letters that wait or are parked for a person.

    To whom one goes is sealed in it, so each is looked at. Returns how many rows.
    """
    open_letters: Any = db.house_rows(Outbox).where(
        (Outbox.kind == "mail") & (Outbox.provider_id == provider_id) & _is_open()
    )
    with db.transaction():
        theirs = [
            row.id
            for row in open_letters
            if (account_id is not None and row.payload["account_id"] == str(account_id))
            or row.payload["address"] in addresses
        ]
        return _drop(Outbox.id.in_(theirs), reason) if theirs else 0


def _drop(which: peewee.Expression, reason: str) -> int:
    query = db.house_update(Outbox, payload=None, dropped_at=clock.now(), parked_at=None, error=reason)
    count: int = query.where(which & _is_open()).execute()
    return count


def _is_open() -> peewee.Expression:
    return Outbox.done_at.is_null() & Outbox.dropped_at.is_null()


def _resume(which: peewee.Expression) -> int:
    with db.transaction():
        query = db.house_update(Outbox, parked_at=None, tries=0, due_at=clock.now())
        count: int = query.where(which & Outbox.parked_at.is_null(False)).execute()
        db.after_commit(wake)
    return count


def _is_for(plugin: str) -> peewee.Expression:
    """Rows whose target is the plugin's: `name:hook` of an event, `name/template` of a letter."""
    event = (Outbox.kind == "event") & Outbox.target.startswith(f"{plugin}:")
    letter = (Outbox.kind == "mail") & Outbox.target.startswith(f"{plugin}/")
    return event | letter


def sweep(_scope: Scope) -> int:
    """Delete what was settled long ago; parked rows stay until somebody looked at them."""
    with db.transaction():
        done = Outbox.done_at.is_null(False) & (Outbox.created_at < clock.now() - KEPT)
        dropped_long_ago = Outbox.dropped_at < clock.now() - DROPPED_KEPT
        count: int = db.house_delete(Outbox).where(done | dropped_long_ago).execute()
    return count
