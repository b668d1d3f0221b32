"""What the record keeps about a client, for them to read."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from plugins.myclientsplus.models import Document, Note, Payment, Person
from plugins.myclientsplus.service.ledger import balances_of
from vestibule.data import DataFile, DataSection, Scope

# Psychotherapy notes are kept apart from the record and not handed out with it: 45 CFR 164.524(a)(1)(i).
APART = "psychotherapy"


def own_sections(scope: Scope, client_id: UUID, titles: Mapping[str, str]) -> list[DataSection]:
    """Demographics, signed notes, charges with what was paid, payments and files; drafts are nobody's yet."""
    notes = (Note.client_id == client_id) & Note.locked_at.is_null(False) & (Note.kind != APART)
    rows: dict[str, list[dict[str, Any]]] = {
        "record_demographics": [
            {"changed_at": row.changed_at.isoformat(), **row.told}
            for row in scope.rows(Person).where(Person.client_id == client_id)
        ],
        "record_notes": [
            {
                "written_at": row.written_at.isoformat(),
                "kind": row.kind,
                "title": row.title,
                "text": row.body,
                "amends": None if row.amends_id is None else str(row.amends_id),
                "id": str(row.id),
            }
            for row in scope.rows(Note).where(notes).order_by(Note.written_at)
        ],
        "record_charges": [
            {
                "on": each.charge.service_on.isoformat(),
                "title": each.charge.title,
                "amount": each.charge.amount,
                "currency": each.charge.currency,
                "paid": each.paid,
                "due": each.due,
            }
            for each in balances_of(scope, client_id)
        ],
        "record_payments": [
            {
                "at": row.paid_at.isoformat(),
                "kind": row.kind,
                "amount": row.amount,
                "currency": row.currency,
                "method": row.method,
            }
            for row in scope.rows(Payment).where(Payment.client_id == client_id).order_by(Payment.paid_at)
        ],
    }
    sections = [DataSection(name, titles[name], tuple(found)) for name, found in rows.items()]
    return [*sections, _files(scope, client_id, titles["record_documents"])]


def _files(scope: Scope, client_id: UUID, title: str) -> DataSection:
    rows = list(scope.rows(Document).where(Document.client_id == client_id).order_by(Document.made_at))
    told = tuple(
        {"made_at": row.made_at.isoformat(), "title": row.title, "file": _name(number, row)}
        for number, row in enumerate(rows, 1)
    )
    files = tuple(DataFile(_name(number, row), b64decode(row.content)) for number, row in enumerate(rows, 1))
    return DataSection("record_documents", title, told, files)


def _name(number: int, row: Document) -> str:
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt"}
    return f"document-{number}.{ending.get(row.media_type, 'bin')}"
