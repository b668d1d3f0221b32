"""From a submission to the practice's record: kept here until it is there, each part once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from plugins.intake.models import Filing
from plugins.intake.service.merging import laid_over, merged
from plugins.intake.service.queueing import ADDITIONS, WORK
from vestibule.data import (
    ClientRecord,
    ConnectorFailed,
    Demographics,
    NotConnected,
    NotFound,
    RecordConflict,
    Refused,
    Scope,
    client_records,
    correct_demographics,
    demographics,
    hint,
    locked,
    note,
    now,
    packed,
    practice_records,
    queue_work,
    records,
    transaction,
    unpacked,
)

# What no repeating mends; all other failures are tried again.
FINAL = ("refused", "unsupported", "key_reused")
TIMES_READ = 4


def file_waiting(scope: Scope, intake_id: UUID) -> None:
    """Bring to the record what waits of a submission; safe to be done again.

    Raises ConnectorFailed for what is to be tried again.
    """
    waiting = (Filing.intake_id == intake_id) & (Filing.state == "waiting")
    rows = list(scope.rows(Filing).where(waiting).order_by(Filing.kind))
    failures = [failure for row in rows if (failure := _filed(scope, row)) is not None]
    if rows:
        with transaction():
            hint(scope, "intake", client_id=rows[0].client_id)
    for failure in failures:
        raise failure


def _filed(scope: Scope, row: Filing) -> ConnectorFailed | None:
    """File one; returns the failure that calls for another try."""
    try:
        record = practice_records(scope, completes=True)
        if row.kind == "note":
            _file_note(record, row)
            _settle(scope, row, state="filed", filed_at=now(), error="")
        else:
            _file_demographics(scope, record, row)
    except NotConnected:
        return _failed(scope, row, ConnectorFailed("unreachable"))
    except RecordConflict as conflict:
        return _failed(scope, row, ConnectorFailed(conflict.code))
    except ConnectorFailed as failure:
        return _failed(scope, row, failure)
    return None


def _failed(scope: Scope, row: Filing, failure: ConnectorFailed) -> ConnectorFailed | None:
    is_final = failure.code in FINAL
    _settle(scope, row, state="refused" if is_final else "waiting", error=failure.code)
    return None if is_final else failure


def _file_note(record: records.PracticeRecords, row: Filing) -> None:
    """The note of the first submission, and what was mended since added to it; each once by its key."""
    key = f"intake:{row.intake_id}"
    filed = record.notes.file(row.client_id, _note_of(row.told), key=key)
    for number, addition in enumerate(row.told.get(ADDITIONS, []), 2):
        record.notes.amend(row.client_id, filed.ref, _note_of(addition), key=f"{key}:{number}")


def _file_demographics(scope: Scope, record: records.PracticeRecords, row: Filing) -> None:
    told, before = unpacked(row.told), unpacked(row.before)
    for _time in range(TIMES_READ):
        kept = record.demographics.read(row.client_id)
        if kept is None:
            wanted, differing = laid_over(demographics(scope, row.client_id), told), list[str]()
        else:
            wanted, differing = merged(told, before, kept.demographics)
        if kept is None or wanted != kept.demographics:
            based_on = None if kept is None else kept.version
            key = f"intake:{row.id}:{_digest(wanted, based_on)}"
            try:
                record.demographics.write(row.client_id, wanted, based_on=based_on, key=key)
            except RecordConflict as conflict:
                if conflict.code != "changed":
                    raise
                continue
        if differing:
            _settle(scope, row, state="differs", theirs=packed(wanted), error="")
        else:
            _settle(scope, row, state="filed", filed_at=now(), theirs=None, error="")
        return
    # Somebody writes there all the time: later.
    raise ConnectorFailed("unreachable")


def _settle(scope: Scope, row: Filing, **values: Any) -> None:
    """Write how it went, unless somebody decided or another process filed it meanwhile."""
    with transaction():
        standing = locked(scope.rows(Filing).where(Filing.id == row.id)).get()
        if standing.state == "waiting" and standing.round == row.round:
            scope.change(standing, round=standing.round + 1, **values)


@dataclass(frozen=True, slots=True)
class Filed:
    """How one part of a submission stands at the record; `differing` are the parts to decide."""

    id: UUID
    client_id: UUID
    kind: str
    state: str
    error: str
    round: int
    queued_at: datetime
    filed_at: datetime | None
    differing: tuple[str, ...] = ()
    theirs: Demographics | None = None


def filings_of(scope: Scope, client_id: UUID) -> list[Filed]:
    """How everything of a client stands at the record, the newest submission first."""
    rows = scope.rows(Filing).where(Filing.client_id == client_id)
    return [_shown(row) for row in rows.order_by(Filing.queued_at.desc(), Filing.kind)]


def open_filings(scope: Scope, client_ids: Iterable[UUID] | None = None) -> dict[UUID, set[str]]:
    """The states of what is not at the record yet, by client."""
    rows = scope.rows(Filing, Filing.client_id, Filing.state).where(Filing.state != "filed")
    if client_ids is not None:
        rows = rows.where(Filing.client_id.in_(sorted(client_ids)))
    found: dict[UUID, set[str]] = {}
    for row in rows:
        found.setdefault(row.client_id, set()).add(row.state)
    return found


def clients_to_decide(scope: Scope) -> list[ClientRecord]:
    """The clients of whom a part differs, by name."""
    ids = frozenset(one for one, states in open_filings(scope).items() if "differs" in states)
    return client_records(scope, ids) if ids else []


def decide(scope: Scope, client_id: UUID, filing_id: UUID, part: str, *, seen: int, is_ours: bool) -> None:
    """Settle one part that differs: what the portal has goes to the record, or the record's to the portal.

    Raises NotFound, and Refused `changed` where it no longer stands as it was seen.
    """
    with transaction():
        mine = (Filing.id == filing_id) & (Filing.client_id == client_id)
        row = locked(scope.rows(Filing).where(mine)).first()
        if row is None:
            raise NotFound
        if row.state != "differs" or row.round != seen or part not in _shown(row).differing:
            raise Refused("changed")
        theirs, chart = unpacked(row.theirs), demographics(scope, client_id)
        told, before = unpacked(row.told), unpacked(row.before)
        if is_ours:
            told = replace(told, **{part: getattr(chart, part)})
            before = replace(before, **{part: getattr(theirs, part)})
        else:
            value = {part: getattr(theirs, part)}
            told = replace(told, **value)
            correct_demographics(scope, client_id, replace(chart, **value))
        is_left = bool(merged(told, before, theirs)[1])
        state = "differs" if is_left else "waiting"
        scope.change(row, told=packed(told), before=packed(before), state=state, round=row.round + 1)
        note(scope, "intake.difference_decided", client_id=client_id, is_ours=is_ours)
        if not is_left:
            queue_work(scope, WORK, row.intake_id, key=f"{row.id}:{row.round}", completes=True)


def try_again(scope: Scope, client_id: UUID) -> None:
    """Ask the record at once for what waits or was refused, instead of at the next try."""
    with transaction():
        is_open = Filing.state.in_(["waiting", "refused"])
        for row in scope.rows(Filing).where((Filing.client_id == client_id) & is_open):
            scope.change(row, state="waiting", round=row.round + 1)
            queue_work(scope, WORK, row.intake_id, key=f"{row.id}:{row.round}", completes=True)


def _note_of(told: dict[str, Any]) -> records.Note:
    written_at = datetime.fromisoformat(told["written_at"])
    return records.Note("intake", told["title"], told["text"], written_at, answers=told["answers"])


def _shown(row: Filing) -> Filed:
    theirs, differing = None, list[str]()
    if row.state == "differs":
        theirs = unpacked(row.theirs)
        differing = merged(unpacked(row.told), unpacked(row.before), theirs)[1]
    told = (row.id, row.client_id, row.kind, row.state, row.error, row.round, row.queued_at, row.filed_at)
    return Filed(*told, tuple(differing), theirs)


def _digest(wanted: Demographics, based_on: str | None) -> str:
    plain = json.dumps([packed(wanted), based_on], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
