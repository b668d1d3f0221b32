"""What the far record keeps, in a file of its own that outlives the portal's processes."""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from vestibule.data import ConnectorFailed, RecordConflict, records

TABLE = """CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, digest TEXT, client TEXT, kind TEXT,
    ref TEXT, version TEXT, body BLOB)"""
INSERT = "INSERT INTO entry (key, digest, client, kind, ref, version, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
# What is made of a write: its ref and version.
Made = tuple[str, str]


class Keeper:
    """Entries in the order of writing; each key once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def once(self, client: UUID, key: str, kind: str, body: Any, act: Callable[[], Made]) -> records.Written:
        digest = hashlib.sha256(pickle.dumps((str(client), kind, body))).hexdigest()
        with self._open() as file:
            file.execute("BEGIN IMMEDIATE")
            row = file.execute("SELECT digest, ref, version FROM entry WHERE key = ?", (key,)).fetchone()
            if row is not None:
                if row[0] != digest:
                    raise RecordConflict("key_reused")
                return records.Written(row[1], row[2], is_new=False)
            ref, version = act()
            told = (key, digest, str(client), kind, ref, version, pickle.dumps(body))
            file.execute(INSERT, told)
            file.execute("COMMIT")
        return records.Written(ref, version)

    def all(self, kind: str, client: UUID | None = None) -> list[tuple[str, str, Any]]:
        """Ref, version and body of each entry of a kind, oldest first."""
        words = "SELECT ref, version, body FROM entry WHERE kind = ?"
        with self._open() as file:
            if client is None:
                rows = file.execute(f"{words} ORDER BY seq", (kind,)).fetchall()
            else:
                rows = file.execute(f"{words} AND client = ? ORDER BY seq", (kind, str(client))).fetchall()
        return [(ref, version, pickle.loads(body)) for ref, version, body in rows]  # noqa: S301 -- its own

    def by_client(self, kind: str) -> list[tuple[str, Any]]:
        """The client and the body of each entry of a kind, oldest first."""
        with self._open() as file:
            rows = file.execute("SELECT client, body FROM entry WHERE kind = ? ORDER BY seq", (kind,))
            return [(client, pickle.loads(body)) for client, body in rows.fetchall()]  # noqa: S301 -- its own

    def require(self, client: UUID) -> None:
        if not self.all("person", client):
            raise ConnectorFailed("unknown_client")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=20, isolation_level=None)) as file:
            file.execute(TABLE)
            yield file


def _new() -> Made:
    return uuid4().hex, "1"


def _page(entries: list[Any], after: str, limit: int) -> Any:
    newest = entries[::-1]
    refs = [each.ref for each in newest]
    begin = refs.index(after) + 1 if after in refs else 0
    found = newest[begin : begin + limit]
    more = found[-1].ref if found and begin + limit < len(newest) else ""
    return records.Page(tuple(found), more)


class People:
    """Demographics, with a version that counts."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def read(self, client_id: UUID) -> Any:
        found = self._keeper.all("person", client_id)
        if not found:
            return None
        _ref, version, (told, _based_on) = found[-1]
        return records.KeptDemographics(told, version, datetime(2026, 1, 1, tzinfo=UTC))

    def write(self, client_id: UUID, demographics: Any, *, based_on: str | None, key: str) -> records.Written:
        def act() -> Made:
            standing = self.read(client_id)
            if (standing.version if standing else None) != based_on:
                raise RecordConflict("changed", standing)
            return str(client_id), str(int(based_on or 0) + 1)

        return self._keeper.once(client_id, key, "person", (demographics, based_on), act)


class Notes:
    """Notes in the order of filing."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def file(self, client_id: UUID, note: records.Note, *, key: str) -> records.Written:
        self._keeper.require(client_id)
        return self._keeper.once(client_id, key, "note", (note, ""), _new)

    def amend(self, client_id: UUID, ref: str, note: records.Note, *, key: str) -> records.Written:
        if ref not in [each[0] for each in self._keeper.all("note", client_id)]:
            raise ConnectorFailed("refused")
        return self._keeper.once(client_id, key, "note", (note, ref), _new)

    def notes(self, client_id: UUID, *, after: str = "", limit: int = 50) -> Any:
        found = self._keeper.all("note", client_id)
        kept = [records.KeptNote(ref, version, note, True, amends) for ref, version, (note, amends) in found]
        return _page(sorted(kept, key=lambda each: each.note.written_at), after, limit)


class Ledger:
    """Charges, what cancels them, and payments."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def add_charge(self, client_id: UUID, charge: records.Charge, *, key: str) -> records.Written:
        self._keeper.require(client_id)
        if charge.amount <= 0:
            raise ConnectorFailed("refused")
        return self._keeper.once(client_id, key, "charge", charge, _new)

    def cancel_charge(self, client_id: UUID, ref: str, *, based_on: str, key: str) -> records.Written:
        def act() -> Made:
            standing = {each.ref: each for each in self.balances(client_id, is_due=False)}.get(ref)
            if standing is None:
                raise ConnectorFailed("refused")
            if standing.paid or standing.version != based_on:
                raise RecordConflict("changed", standing)
            return ref, "cancelled"

        return self._keeper.once(client_id, key, "cancelled", (ref, based_on), act)

    def record_payment(self, client_id: UUID, payment: records.Payment, *, key: str) -> records.Written:
        known = {each.ref for each in self.balances(client_id, is_due=False)}
        shared = sum(share.amount for share in payment.shares)
        if payment.amount <= 0 or shared > payment.amount or {s.charge_ref for s in payment.shares} - known:
            raise ConnectorFailed("refused")
        return self._keeper.once(client_id, key, "payment", payment, _new)

    def balances(self, client_id: UUID, *, is_due: bool = True) -> Any:
        gone = {ref for _ref, _version, (ref, _based_on) in self._keeper.all("cancelled", client_id)}
        paid: dict[str, int] = {}
        for _ref, _version, payment in self._keeper.all("payment", client_id):
            sign = 1 if payment.kind == "payment" else -1
            for share in payment.shares:
                paid[share.charge_ref] = paid.get(share.charge_ref, 0) + sign * share.amount
        found = [
            records.SessionBalance(
                ref,
                f"v{paid.get(ref, 0)}",
                charge,
                paid.get(ref, 0),
                max(0, charge.amount - paid.get(ref, 0)),
            )
            for ref, _version, charge in self._keeper.all("charge", client_id)
            if ref not in gone
        ]
        found.sort(key=lambda each: each.charge.service_on)
        return [each for each in found if each.due or not is_due]

    def payments(self, client_id: UUID, *, after: str = "", limit: int = 50) -> Any:
        found = self._keeper.all("payment", client_id)
        return _page([records.KeptPayment(*each) for each in found], after, limit)


class Documents:
    """Files; this record offers no places for homework."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def file(self, client_id: UUID, document: records.Document, *, key: str) -> records.Written:
        self._keeper.require(client_id)
        if document.slot_ref or not document.content:
            raise ConnectorFailed("refused")
        return self._keeper.once(client_id, key, "document", document, _new)

    def documents(self, client_id: UUID, *, after: str = "", limit: int = 50) -> Any:
        kept = [
            records.KeptDocument(ref, version, one.title, one.purpose, one.media_type, one.made_at)
            for ref, version, one in self._keeper.all("document", client_id)
        ]
        return _page(kept, after, limit)

    def open(self, client_id: UUID, ref: str) -> records.Document:
        for known, _version, one in self._keeper.all("document", client_id):
            if known == ref:
                found: records.Document = one
                return found
        raise ConnectorFailed("refused")

    def homework_slots(self, _client_id: UUID) -> list[records.HomeworkSlot]:
        return []
