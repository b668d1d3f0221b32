"""The chain: each row's hash covers the one before, and the last is signed, here and outside.

A job takes what was appended since its last run. The signed head is written to the table and, after the
commit, to the log and to a file beside the key: whoever cuts the table's end can't cut those as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import peewee
import structlog

from core import clock, db
from core.audit.rows import AuditRow
from core.spec.errors import VestibuleError
from core.tenancy import Scope

ANCHOR = "audit.anchor"
CHAIN_SECONDS = 5
ROWS_A_BATCH = 500
TAIL_LENGTH = 1000
BEGINNING = bytes(32)
PURPOSE = "audit head"
# Everything that a row holds but its own hash; the order is part of the hash.
COLUMNS = (
    "seq",
    "id",
    "at",
    "provider_id",
    "client_id",
    "account_id",
    "kind",
    "event",
    "record_table",
    "record_id",
    "address",
    "detail",
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_log = structlog.get_logger()


class ChainBroken(VestibuleError):
    """The head is not signed by these keys: nothing is chained to it, or the fault would be covered up."""


class Signer(Protocol):
    """What a head is signed with; `core.vault` has it."""

    def sign(self, told: bytes, purpose: str) -> bytes: ...


class AuditHead(db.HouseModel):
    """The end of the chain: one row."""

    only_one = db.Number(default=1)
    seq = db.Number()
    chain_hash = db.Blind()
    signed_at = db.Moment()
    signature = db.Blind()

    class Meta:
        table_name = "audit_head"


@dataclass(frozen=True)
class Head:
    """Up to which row the chain is signed."""

    seq: int
    chain_hash: bytes

    def signature(self) -> bytes:
        signer = Here.signer
        if signer is None:
            raise RuntimeError("The audit is not bound: call core.audit.bind first.")
        return signer.sign(f"{self.seq}|{self.chain_hash.hex()}".encode(), PURPOSE)


class Here:
    """The keys and the anchor file of this process."""

    signer: Signer | None = None
    anchor: Path | None = None


def bind(signer: Signer, anchor: Path) -> None:
    """Take the keys to sign with and the file outside the database for signed heads."""
    Here.signer, Here.anchor = signer, anchor


def chain(_scope: Scope) -> int:
    """Chain and sign what was appended; one process at a time. Returns how many rows."""
    total = 0
    # Asked first without writing: mostly there is nothing to do.
    while _is_waiting():
        total += _chain_batch()
    write_anchor()
    return total


def _is_waiting() -> bool:
    with db.connection():
        return bool(db.house_rows(AuditRow).where(AuditRow.seq.is_null()).exists())


def raw_rows(after: int) -> Iterator[tuple[Any, ...]]:
    """Chained rows in their order, as the database holds them: COLUMNS, then the hash."""
    table: Any = peewee.Table("audit_row", (*COLUMNS, "chain_hash")).bind(db.database)
    columns = [getattr(table, name) for name in (*COLUMNS, "chain_hash")]
    while True:
        query = table.select(*columns).where(table.seq > after).order_by(table.seq)
        found = list(query.limit(ROWS_A_BATCH).tuples())
        yield from found
        if len(found) < ROWS_A_BATCH:
            return
        after = found[-1][0]


def row_hash(before: bytes, values: tuple[Any, ...]) -> bytes:
    """The hash of a row, `values` by COLUMNS, that stands after one of the hash `before`."""
    told = json.dumps([_plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + told.encode("utf-8", "surrogatepass")).digest()


def _plain(value: Any) -> Any:
    """One form for both databases; SQLite holds ids as hex and moments as microseconds."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    return value


def _chain_batch() -> int:
    with db.transaction():
        head = _own_head()
        waiting = db.house_rows(AuditRow, AuditRow.id).where(AuditRow.seq.is_null())
        ids = [row.id for row in waiting.order_by(AuditRow.id).limit(ROWS_A_BATCH)]
        if not ids:
            return 0
        for number, row_id in enumerate(ids, head.seq + 1):
            db.house_update(AuditRow, seq=number).where(AuditRow.id == row_id).execute()
        at = head.chain_hash
        for *values, _none in raw_rows(head.seq):
            at = row_hash(at, tuple(values))
            db.house_update(AuditRow, chain_hash=at).where(AuditRow.seq == values[0]).execute()
        made = Head(head.seq + len(ids), at)
        signed = {"chain_hash": at, "signed_at": clock.now(), "signature": made.signature()}
        db.house_update(AuditHead, seq=made.seq, **signed).execute()
    return len(ids)


def _own_head() -> Head:
    """The head, held until the commit: a second process waits here."""
    if db.house_update(AuditHead, only_one=1).execute() == 0:
        begun = Head(0, BEGINNING)
        first = {
            AuditHead.id: db.new_id(),
            AuditHead.only_one: 1,
            AuditHead.seq: 0,
            AuditHead.chain_hash: BEGINNING,
            AuditHead.signed_at: clock.now(),
            AuditHead.signature: begun.signature(),
        }
        peewee.ModelInsert(AuditHead, first).on_conflict(action="IGNORE").execute()
        db.house_update(AuditHead, only_one=1).execute()
    row: Any = db.house_rows(AuditHead).get()
    head = Head(row.seq, row.chain_hash)
    if not hmac.compare_digest(head.signature(), row.signature):
        raise ChainBroken
    return head


def write_anchor() -> None:
    """Tell the head to the log and append it to the anchor, unless it stands there already."""
    with db.connection():
        row: Any = db.house_rows(AuditHead).first()
    if row is None or row.seq == 0 or Here.anchor is None:
        return
    told = {
        "seq": row.seq,
        "hash": row.chain_hash.hex(),
        "at": row.signed_at.isoformat(),
        "signature": row.signature.hex(),
    }
    if _append(Here.anchor, told):
        _log.info("audit_head", **told)


def _append(path: Path, told: dict[str, Any]) -> bool:
    # The mode is set when it is made: nobody else may add to it at any moment.
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(opened, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_LENGTH))
        tail = file.read()
        line = json.dumps(told).encode() + b"\n"
        if tail.endswith(line):
            return False
        # A line that a kill cut short must not spoil the next one.
        torn = b"" if not tail or tail.endswith(b"\n") else b"\n"
        file.write(torn + line)
        file.flush()
        os.fsync(file.fileno())
    return True
