"""The whole record behind the connector: four parts, each with the scope of who asks."""

from __future__ import annotations

from plugins.myclientsplus.service.documents import Documents
from plugins.myclientsplus.service.ledger import Ledger
from plugins.myclientsplus.service.notes import Notes
from plugins.myclientsplus.service.people import People
from vestibule.data import Scope, get_setting, records

KEPT_HERE = "myclientsplus.kept_here"


class EmbeddedRecord:
    """The record of the scope's one provider, in this database."""

    parts: frozenset[records.Part] = frozenset({"demographics", "notes", "ledger", "documents"})

    def __init__(self, scope: Scope) -> None:
        self.demographics = People(scope)
        self.notes = Notes(scope)
        self.ledger = Ledger(scope)
        self.documents = Documents(scope)


def record_of(scope: Scope) -> records.PracticeRecords | None:
    """The record where it is kept here; None where the provider said that another system keeps it."""
    return EmbeddedRecord(scope) if is_kept_here(scope) else None


def is_kept_here(scope: Scope) -> bool:
    """Whether the scope's one provider keeps the record here."""
    return bool(get_setting(scope, KEPT_HERE))
