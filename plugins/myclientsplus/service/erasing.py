"""What the record erases of a client: drafts and plans; what was signed or charged stays, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from plugins.myclientsplus.models import Charge, Document, Note, Payment, Person, Slot, Write
from vestibule.data import Scope, transaction


@dataclass(frozen=True, slots=True)
class Left:
    """How many rows of a kind were erased, and how many have to stay."""

    erased: int
    kept: int


def erase(scope: Scope, client_id: UUID) -> dict[str, Left]:
    """Delete a client's drafts, and the whole record where nothing was signed, filed, charged or paid.

    Keys are `record_notes`, `record_documents`, `record_accounts` and `record_demographics`.
    """
    with transaction():
        drafts = _delete(scope, Note, client_id, Note.locked_at.is_null())
        notes, documents = _count(scope, Note, client_id), _count(scope, Document, client_id)
        accounts = _count(scope, Charge, client_id) + _count(scope, Payment, client_id)
        is_bare = not notes + documents + accounts
        slots = _delete(scope, Slot, client_id) if not documents else 0
        people = _delete(scope, Person, client_id) if is_bare else 0
        if is_bare:
            _delete(scope, Write, client_id)
    return {
        "record_notes": Left(drafts, notes),
        "record_documents": Left(slots, documents),
        "record_accounts": Left(0, accounts),
        "record_demographics": Left(people, _count(scope, Person, client_id)),
    }


def _delete(scope: Scope, model: Any, client_id: UUID, also: Any = None) -> int:
    theirs = model.client_id == client_id
    count: int = scope.delete(model).where(theirs if also is None else theirs & also).execute()
    return count


def _count(scope: Scope, model: Any, client_id: UUID) -> int:
    return int(scope.rows(model, model.id).where(model.client_id == client_id).count())
