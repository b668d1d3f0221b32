"""Progress notes: drafts of their author's, signed and locked, then amended by further notes only."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from plugins.myclientsplus.models import Note
from plugins.myclientsplus.service.paging import page_of
from plugins.myclientsplus.service.people import know
from plugins.myclientsplus.service.writing import Made, id_of, require_client, written_once
from vestibule.data import (
    ConnectorFailed,
    NotFound,
    RecordConflict,
    Refused,
    Scope,
    client_record,
    locked,
    member_names,
    note,
    now,
    records,
    transaction,
)

READERS = ("owner", "clinician")


class Notes:
    """The part `notes` of the protocol."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def file(self, client_id: UUID, note: records.Note, *, key: str) -> records.Written:
        """Add a note, locked at once."""
        content = _content(note)
        return written_once(self._scope, client_id, key, content, lambda: self._add(client_id, note))

    def amend(self, client_id: UUID, ref: str, note: records.Note, *, key: str) -> records.Written:
        """Add a note that amends another. Raises ConnectorFailed `refused` for an unknown one."""
        content, amends_id = {**_content(note), "amends": ref}, id_of(ref)
        return written_once(
            self._scope, client_id, key, content, lambda: self._add(client_id, note, amends_id)
        )

    def notes(self, client_id: UUID, *, after: str = "", limit: int = 50) -> records.Page[records.KeptNote]:
        """The signed notes that this scope may read, newest first. Raises ConnectorFailed `refused`."""
        require_client(self._scope, client_id)
        if not may_read(self._scope):
            raise ConnectorFailed("refused")
        rows = _readable(self._scope, client_id).where(Note.locked_at.is_null(False))
        return page_of(rows, Note, Note.written_at, _kept, after, limit)

    def _add(self, client_id: UUID, told: records.Note, amends_id: UUID | None = None) -> Made:
        scope = self._scope
        know(scope, client_id)
        if amends_id is not None and _locked_note(scope, client_id, amends_id) is None:
            raise ConnectorFailed("refused")
        at = now()
        row = scope.add(
            Note,
            client_id=client_id,
            kind=told.kind,
            author_id=told.author_id,
            appointment_id=told.appointment_id,
            amends_id=amends_id,
            title=told.title,
            body=told.text,
            answers=None if told.answers is None else dict(told.answers),
            document=None if told.document is None else b64encode(told.document).decode(),
            version=1,
            written_at=told.written_at,
            changed_at=at,
            locked_at=at,
        )
        return row.id, 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as its page shows it, with what amends it, oldest first."""

    row: Note
    author: str
    amendments: tuple[Shown, ...] = ()

    @property
    def is_draft(self) -> bool:
        return self.row.locked_at is None


def may_read(scope: Scope) -> bool:
    """Notes are for owners, clinicians and the house's own work; a client reads none here."""
    return scope.kind == "system" or (scope.kind == "member" and scope.role in READERS)


def notes_of(scope: Scope, client_id: UUID) -> list[Shown]:
    """What this member may read of a client, newest first: signed notes, and drafts of their own."""
    client_record(scope, client_id)
    rows = list(_readable(scope, client_id).order_by(Note.written_at, Note.id))
    names = member_names(scope)
    amending: dict[UUID, list[Shown]] = {}
    for row in rows:
        if row.amends_id is not None:
            amending.setdefault(row.amends_id, []).append(Shown(row, names.get(row.author_id, "")))
    return [
        Shown(row, names.get(row.author_id, ""), tuple(amending.get(row.id, ())))
        for row in reversed(rows)
        if row.amends_id is None
    ]


def note_of(scope: Scope, client_id: UUID, note_id: UUID) -> Note:
    """One note that this member may read. Raises NotFound."""
    row: Note | None = _readable(scope, client_id).where(Note.id == note_id).first()
    if row is None:
        raise NotFound
    return row


def begin_note(
    scope: Scope,
    client_id: UUID,
    *,
    kind: str,
    title: str,
    body: str,
    written_at: datetime,
    amends_id: UUID | None = None,
) -> Note:
    """A draft of the member's own. Raises Refused `not_signed` for amending what is still a draft."""
    client_record(scope, client_id)
    with transaction():
        amended = None if amends_id is None else note_of(scope, client_id, amends_id)
        if amended is not None and (amended.locked_at is None or amended.amends_id is not None):
            raise Refused("not_signed")
        know(scope, client_id)
        row: Note = scope.add(
            Note,
            client_id=client_id,
            kind=kind if amended is None else amended.kind,
            author_id=scope.member.id,
            amends_id=amends_id,
            title=title,
            body=body,
            version=1,
            written_at=written_at,
            changed_at=now(),
        )
        note(scope, "myclientsplus.note_written", row)
    return row


def change_note(scope: Scope, client_id: UUID, note_id: UUID, version: int, **values: Any) -> Note:
    """Change a draft of one's own that was read as `version`.

    Raises Refused `signed`, and RecordConflict `changed` with the note of now.
    """
    with transaction():
        row = _own_draft(scope, client_id, note_id)
        if row.version != version:
            raise RecordConflict("changed", row)
        scope.change(row, version=version + 1, changed_at=now(), **values)
    return row


def sign_note(scope: Scope, client_id: UUID, note_id: UUID, version: int) -> None:
    """Lock a draft of one's own as it was read. Raises as `change_note`."""
    with transaction():
        row = _own_draft(scope, client_id, note_id)
        if row.version != version:
            raise RecordConflict("changed", row)
        scope.change(row, locked_at=now())
        note(scope, "myclientsplus.note_signed", row)


def drop_draft(scope: Scope, client_id: UUID, note_id: UUID) -> None:
    """Throw a draft of one's own away. Raises Refused `signed`."""
    with transaction():
        scope.remove(_own_draft(scope, client_id, note_id))


def _own_draft(scope: Scope, client_id: UUID, note_id: UUID) -> Note:
    mine = (Note.id == note_id) & (Note.client_id == client_id) & (Note.author_id == scope.member.id)
    row: Note | None = locked(scope.rows(Note).where(mine)).first()
    if row is None:
        raise NotFound
    if row.locked_at is not None:
        raise Refused("signed")
    return row


def _readable(scope: Scope, client_id: UUID) -> Any:
    """Psychotherapy notes and drafts are their author's only."""
    rows = scope.rows(Note).where(Note.client_id == client_id)
    author_id = scope.member.id if scope.kind == "member" else None
    is_own = Note.author_id == author_id
    shared = (Note.kind != "psychotherapy") & Note.locked_at.is_null(False)
    return rows.where(shared | is_own) if author_id is not None else rows.where(shared)


def _locked_note(scope: Scope, client_id: UUID, note_id: UUID) -> Note | None:
    there = (Note.id == note_id) & (Note.client_id == client_id) & Note.locked_at.is_null(False)
    found: Note | None = scope.rows(Note).where(there).first()
    return found


def _kept(row: Note) -> records.KeptNote:
    told = records.Note(
        kind=cast("records.NoteKind", row.kind),
        title=row.title,
        text=row.body,
        written_at=row.written_at,
        author_id=row.author_id,
        appointment_id=row.appointment_id,
        answers=row.answers,
        document=None if row.document is None else b64decode(row.document),
    )
    amends = "" if row.amends_id is None else str(row.amends_id)
    return records.KeptNote(str(row.id), str(row.version), told, row.locked_at is not None, amends)


def _content(told: records.Note) -> Mapping[str, Any]:
    return {
        "kind": told.kind,
        "title": told.title,
        "text": told.text,
        "written_at": told.written_at.isoformat(),
        "author": str(told.author_id),
        "appointment": str(told.appointment_id),
        "answers": told.answers,
        "document": None if told.document is None else b64encode(told.document).decode(),
    }
