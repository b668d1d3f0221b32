"""Which key seals what, read from the tables themselves, and sealing it anew under the current one.

The tables are asked and not the models: what a removed plugin left behind is sealed too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import peewee

from core import db
from core.spec.errors import Unreadable
from core.vault.keys import KEY_ID_LENGTH
from core.vault.sealing import LEAST_LENGTH, VERSION, Vault

ROWS_A_BATCH = 200
_BINARY = ("BLOB", "BYTEA")


@dataclass(frozen=True, order=True)
class Column:
    """A column that can hold what is sealed."""

    table: str
    name: str
    has_provider: bool

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True)
class Resealed:
    """How many values were sealed anew, and how many by column could not be opened."""

    count: int
    unreadable: dict[Column, int]


def sealed_columns() -> list[Column]:
    """Every binary column of a table with an id; blind indexes too, whose values are too short for a seal."""
    found = []
    for table in sorted(db.database.get_tables()):
        columns = {column.name: column.data_type.upper() for column in db.database.get_columns(table)}
        if "id" in columns:
            names = [name for name, kind in columns.items() if kind in _BINARY]
            found += [Column(table, name, "provider_id" in columns) for name in sorted(names)]
    return found


def counts_by_key() -> dict[Column, Counter[bytes]]:
    """For each column, how many values are sealed under which key's id."""
    counts = {}
    for column in sealed_columns():
        table = table_of(column)
        value = getattr(table, column.name)
        key_id = _key_id_of(value)
        rows = table.select(key_id.alias("key_id"), peewee.fn.COUNT(table.id)).where(_is_sealed(value))
        found: Counter[bytes] = Counter()
        for key, count in rows.group_by(key_id).tuples():
            found[bytes(key)] += count
        if found:
            counts[column] = found
    return counts


def lost(key_ids: frozenset[bytes]) -> dict[tuple[Column, bytes], int]:
    """What no key of these opens: how many values by column and key."""
    return {
        (column, key_id): count
        for column, found in counts_by_key().items()
        for key_id, count in sorted(found.items())
        if key_id not in key_ids
    }


def reseal(vault: Vault, current: bytes) -> Resealed:
    """Seal anew what isn't under the key `current`, in short transactions; others may write meanwhile.

    A kill leaves some under the old key and some under the new one; the next call goes on there.
    """
    count, unreadable = 0, {}
    for column in counts_by_key():
        failed = 0
        for rows in _batches(column, current):
            done, bad = _reseal_batch(vault, column, rows)
            count, failed = count + done, failed + bad
        if failed:
            unreadable[column] = failed
    return Resealed(count, unreadable)


def _batches(column: Column, current: bytes) -> Iterator[list[Any]]:
    table, after = table_of(column), None
    value = getattr(table, column.name)
    wanted = _is_sealed(value) & (_key_id_of(value) != current)
    owner = table.provider_id if column.has_provider else peewee.Value(None)
    while True:
        query = table.select(table.id, owner.alias("owner"), value).where(wanted)
        query = query if after is None else query.where(table.id > after)
        rows = list(query.order_by(table.id).limit(ROWS_A_BATCH).tuples())
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _reseal_batch(vault: Vault, column: Column, rows: list[Any]) -> tuple[int, int]:
    table, done, bad = table_of(column), 0, 0
    value = getattr(table, column.name)
    with db.transaction():
        for row_id, owner, old in rows:
            place = (column.table, column.name, _id(owner), UUID(str(row_id)))
            try:
                text = vault.open(bytes(old), *place)
            except Unreadable:
                bad += 1
                continue
            new = vault.seal(text, *place)
            # Only what was read: somebody may have written another text meanwhile, under the new key.
            changed = table.update({value: new}).where((table.id == row_id) & (value == bytes(old)))
            done += changed.execute()
    return done, bad


def table_of(column: Column) -> Any:
    """The table as the database knows it, whatever model there is for it."""
    names = ("id", column.name, *(("provider_id",) if column.has_provider else ()))
    return peewee.Table(column.table, names).bind(db.database)


def _is_sealed(value: Any) -> Any:
    # Blind values have 16 or 32 bytes and may begin with any of them.
    return (peewee.fn.LENGTH(value) >= LEAST_LENGTH) & (peewee.fn.SUBSTR(value, 1, 1) == VERSION)


def _key_id_of(value: Any) -> Any:
    return peewee.fn.SUBSTR(value, len(VERSION) + 1, KEY_ID_LENGTH)


def _id(value: Any) -> UUID | None:
    return None if value is None else UUID(str(value))
