"""Looking the chain through: which row is not as it was chained, and what is missing."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core import db
from core.audit.chaining import BEGINNING, AuditHead, Head, Here, raw_rows, row_hash
from core.audit.rows import AuditRow

Code = Literal[
    "changed",
    "missing",
    "tail_cut",
    "beyond_head",
    "unsigned_head",
    "no_head",
    "anchor_missing",
    "anchor_forged",
    "anchor_differs",
    "anchor_ahead",
    "anchor_torn",
]
# What a kill in the middle of a line leaves behind is told, and is no fault of the chain.
HARMLESS = frozenset({"anchor_torn"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was; `seq` is the row's number, or the anchor's line for `anchor_torn`."""

    code: Code
    seq: int
    row_id: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """How many rows are chained and how many wait, and every fault, the first first."""

    chained: int
    waiting: int
    faults: list[Fault]

    @property
    def is_well(self) -> bool:
        return all(fault.code in HARMLESS for fault in self.faults)


def verify(anchor: Path | None = None) -> Finding:
    """Walk the whole chain, compare it with its head and with the anchor; the server may run."""
    path = anchor or Here.anchor
    # Read before the head: what is chained meanwhile is then in neither.
    anchors = _Anchors(path) if path is not None else None
    with db.connection():
        head = _head()
        walked = _Walk(head, anchors)
        faults = list(walked.faults())
        if anchors is not None:
            faults += anchors.faults_of_file(head, is_named=anchor is not None)
            faults += anchors.left(walked.last)
        waiting = db.house_rows(AuditRow).where(AuditRow.seq.is_null()).count()
    return Finding(walked.count, waiting, faults)


def _head() -> Any:
    return db.house_rows(AuditHead).first()


class _Walk:
    """From the first row to the last, naming each that its hash doesn't fit."""

    def __init__(self, head: Any, anchors: _Anchors | None) -> None:
        self._head, self._anchors = head, anchors
        self._known = {BEGINNING}
        self.last = self.count = 0

    def faults(self) -> Iterator[Fault]:
        end = self._head.seq if self._head is not None else 0
        for *values, kept in raw_rows(0):
            seq = int(values[0])
            if self._head is not None and seq > end:
                # Signed meanwhile, or never.
                if seq > _head().seq:
                    yield Fault("beyond_head", seq, _id_of(values))
                break
            if seq > self.last + 1:
                yield Fault("missing", self.last + 1, until=seq - 1)
            yield from self._look(seq, tuple(values), _bytes(kept))
            self.last, self.count = seq, self.count + 1
        yield from self._look_at_head(end)

    def _look(self, seq: int, values: tuple[Any, ...], kept: bytes) -> Iterator[Fault]:
        hashes = {row_hash(before, values) for before in self._known}
        is_first_after_gap = seq > self.last + 1
        if kept not in hashes and not is_first_after_gap:
            yield Fault("changed", seq, _id_of(values))
        elif self._anchors is not None and not self._anchors.agree(seq, kept):
            yield Fault("anchor_differs", seq, _id_of(values))
        # After a fault the row may have lost its content or its hash: the next fits one of both.
        self._known = {kept} if kept in hashes else {kept, *hashes}

    def _look_at_head(self, end: int) -> Iterator[Fault]:
        head = self._head
        if head is None:
            if self.count:
                yield Fault("no_head", self.last)
            return
        told = Head(head.seq, head.chain_hash)
        if not hmac.compare_digest(told.signature(), head.signature):
            yield Fault("unsigned_head", head.seq)
        elif self.last < end:
            yield Fault("tail_cut", self.last + 1, until=end)
        elif self.last == end and end and head.chain_hash not in self._known:
            yield Fault("changed", end)


class _Anchors:
    """The signed heads of a file outside the database, by row number."""

    def __init__(self, path: Path) -> None:
        self.is_there = path.is_file()
        self._hashes: dict[int, bytes] = {}
        self._faults: list[Fault] = []
        if self.is_there:
            with path.open("rb") as lines:
                self._read(lines)

    def _read(self, lines: Iterable[bytes]) -> None:
        for number, line in enumerate(lines, 1):
            try:
                told = json.loads(line)
                seq, found = int(told["seq"]), bytes.fromhex(told["hash"])
                signature = bytes.fromhex(told["signature"])
            except (ValueError, KeyError, TypeError):
                self._faults.append(Fault("anchor_torn", number))
                continue
            if hmac.compare_digest(Head(seq, found).signature(), signature):
                self._hashes[seq] = found
            else:
                self._faults.append(Fault("anchor_forged", number))

    def agree(self, seq: int, kept: bytes) -> bool:
        return self._hashes.get(seq, kept) == kept

    def faults_of_file(self, head: Any, *, is_named: bool) -> list[Fault]:
        is_needed = is_named or (head is not None and head.seq > 0)
        if not self.is_there and is_needed:
            return [Fault("anchor_missing", 0)]
        return self._faults

    def left(self, last: int) -> list[Fault]:
        """Rows that the anchor knows and the table lacks."""
        end = max(self._hashes, default=0)
        return [Fault("anchor_ahead", last + 1, until=end)] if end > last else []


def _id_of(values: list[Any] | tuple[Any, ...]) -> str:
    value = values[1]
    return value.hex if hasattr(value, "hex") and not isinstance(value, bytes) else str(value)


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
