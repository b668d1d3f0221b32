"""Files, and the places where homework belongs."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from plugins.myclientsplus.models import Document, Slot
from plugins.myclientsplus.service.paging import page_of
from plugins.myclientsplus.service.people import know
from plugins.myclientsplus.service.writing import Made, id_of, require_client, written_once
from vestibule.data import ConnectorFailed, Scope, client_record, now, records, transaction

MOST_BYTES = 10_000_000
LAST_DAY = date.max


class Documents:
    """The part `documents` of the protocol."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def file(self, client_id: UUID, document: records.Document, *, key: str) -> records.Written:
        """Add a file; with `slot_ref` it fills that place. Raises ConnectorFailed `refused`."""
        if len(document.content) > MOST_BYTES or not document.content:
            raise ConnectorFailed("refused")
        content = {
            "title": document.title,
            "purpose": document.purpose,
            "media_type": document.media_type,
            "content": b64encode(document.content).decode(),
            "made_at": document.made_at.isoformat(),
            "slot": document.slot_ref,
        }
        return written_once(self._scope, client_id, key, content, lambda: self._add(client_id, document))

    def documents(
        self, client_id: UUID, *, after: str = "", limit: int = 50
    ) -> records.Page[records.KeptDocument]:
        """The files, newest first, without their content."""
        require_client(self._scope, client_id)
        model = Document
        columns = (
            model.id,
            model.provider_id,
            model.slot_id,
            model.title,
            model.purpose,
            model.media_type,
            model.made_at,
        )
        rows = self._scope.rows(model, *columns).where(model.client_id == client_id)
        return page_of(rows, model, model.made_at, _kept, after, limit)

    def open(self, client_id: UUID, ref: str) -> records.Document:
        """One file with its content. Raises ConnectorFailed `refused` for an unknown one."""
        row = self._row(client_id, ref)
        slot_ref = "" if row.slot_id is None else str(row.slot_id)
        content = b64decode(row.content)
        return records.Document(row.title, _purpose(row), row.media_type, content, row.made_at, slot_ref)

    def homework_slots(self, client_id: UUID) -> Sequence[records.HomeworkSlot]:
        """The places for homework, those due first at the top."""
        require_client(self._scope, client_id)
        scope = self._scope
        filled = {
            row.slot_id
            for row in scope.rows(Document, Document.slot_id).where(Document.client_id == client_id)
        }
        rows = scope.rows(Slot).where(Slot.client_id == client_id)
        return [
            records.HomeworkSlot(str(row.id), "1", row.title, row.due_on, row.id in filled)
            for row in sorted(rows, key=lambda row: (row.due_on or LAST_DAY, row.id))
        ]

    def _add(self, client_id: UUID, told: records.Document) -> Made:
        scope = self._scope
        know(scope, client_id)
        slot_id = id_of(told.slot_ref) if told.slot_ref else None
        there = (Slot.id == slot_id) & (Slot.client_id == client_id)
        if slot_id is not None and not scope.rows(Slot).where(there).exists():
            raise ConnectorFailed("refused")
        row = scope.add(
            Document,
            client_id=client_id,
            slot_id=slot_id,
            title=told.title,
            purpose=told.purpose,
            media_type=told.media_type,
            content=b64encode(told.content).decode(),
            made_at=told.made_at,
        )
        return row.id, 1

    def _row(self, client_id: UUID, ref: str) -> Document:
        require_client(self._scope, client_id)
        there = (Document.id == id_of(ref)) & (Document.client_id == client_id)
        row: Document | None = self._scope.rows(Document).where(there).first()
        if row is None:
            raise ConnectorFailed("refused")
        return row


def add_slot(scope: Scope, client_id: UUID, title: str, due_on: date | None = None) -> Slot:
    """A place where the answer to a piece of homework will belong."""
    client_record(scope, client_id)
    with transaction():
        know(scope, client_id)
        row: Slot = scope.add(Slot, client_id=client_id, title=title, due_on=due_on, made_at=now())
    return row


def _kept(row: Document) -> records.KeptDocument:
    slot_ref = "" if row.slot_id is None else str(row.slot_id)
    return records.KeptDocument(
        str(row.id), "1", row.title, _purpose(row), row.media_type, row.made_at, slot_ref
    )


def _purpose(row: Document) -> records.Purpose:
    return cast("records.Purpose", row.purpose)
