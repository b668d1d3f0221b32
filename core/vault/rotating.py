"""Turning the keys while the portal serves: a new one seals, all is sealed anew, the old one goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent

from core import db
from core.vault.keys import (
    Keyring,
    change_keys,
    keys_from,
    with_current_only,
    with_new_key,
    with_next_current,
)
from core.vault.resealing import Column, lost, reseal
from core.vault.sealing import LOOK_SECONDS, Vault

# Longer than any transaction may stay open (statement and idle timeouts of core.db.pool).
OLD_WORK_SECONDS = 120

Tell = Callable[[str], Any]


@dataclass(frozen=True)
class Rotated:
    """The key that seals now, what was sealed anew, and what keeps an old key from going."""

    current: bytes
    resealed: int
    retired: int
    unreadable: dict[Column, int]


class StillBusy(Exception):
    """Work that began under the old key has not ended; run the rotation again."""


def prepare(file: Path) -> Keyring:
    """Add a key that seals nothing yet, to be copied to every machine first. Returns the ring."""
    ring = keys_from(file)
    if not ring.next:
        ring = with_new_key(ring)
        change_keys(file, ring)
    return ring


def rotate(file: Path, tell: Tell = lambda _words: None) -> Rotated:
    """Make a new key the current one and seal everything under it; goes on where a kill stopped it.

    An old key is retired only when no value anywhere is sealed under it. Raises StillBusy.
    """
    ring = keys_from(file)
    if ring.next or len(ring.keys) == 1:
        ring = with_next_current(prepare(file))
        change_keys(file, ring)
        tell(f"Key {ring.current.hex()} is current.")
    else:
        tell(f"Going on with key {ring.current.hex()}.")
    vault = Vault(ring)
    # From then on every process seals with the new key.
    gevent.sleep(LOOK_SECONDS + 0.1)
    first = reseal(vault, ring.current)
    tell(f"{first.count} values are sealed anew.")
    _wait_for_old_work(datetime.now(UTC))
    last = reseal(vault, ring.current)
    count = first.count + last.count
    if last.unreadable or lost(frozenset({ring.current})):
        return Rotated(ring.current, count, 0, last.unreadable)
    retired = len(ring.keys) - 1
    change_keys(file, with_current_only(ring))
    return Rotated(ring.current, count, retired, {})


def _wait_for_old_work(since: datetime) -> None:
    """Until no transaction is open that began before: it may have sealed under the old key.

    With SQLite there is one writer, and it seals inside its transaction: ours comes after it.
    """
    if db.dialect() == "sqlite":
        with db.transaction():
            return
    asked = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < %s
    """
    give_up_at = time.monotonic() + OLD_WORK_SECONDS
    while db.database.execute_sql(asked, (since,)).fetchone()[0]:
        if time.monotonic() > give_up_at:
            raise StillBusy
        gevent.sleep(0.2)
