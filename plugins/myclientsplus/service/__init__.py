"""The rules of the record: demographics, notes, ledger, documents, and what stands behind the connector."""

from plugins.myclientsplus.service.documents import add_slot
from plugins.myclientsplus.service.erasing import erase
from plugins.myclientsplus.service.exporting import own_sections
from plugins.myclientsplus.service.importing import begin_import, import_of, import_slice, keep_file, preview
from plugins.myclientsplus.service.ledger import (
    Account,
    Paid,
    accounts_of,
    balances_of,
    noted,
)
from plugins.myclientsplus.service.notes import (
    Shown,
    begin_note,
    change_note,
    drop_draft,
    note_of,
    notes_of,
    sign_note,
)
from plugins.myclientsplus.service.people import correct_person, kept_of
from plugins.myclientsplus.service.record import EmbeddedRecord, is_kept_here, record_of

__all__ = [
    "Account",
    "EmbeddedRecord",
    "Paid",
    "Shown",
    "accounts_of",
    "add_slot",
    "balances_of",
    "begin_import",
    "begin_note",
    "change_note",
    "correct_person",
    "drop_draft",
    "erase",
    "import_of",
    "import_slice",
    "is_kept_here",
    "keep_file",
    "kept_of",
    "note_of",
    "noted",
    "notes_of",
    "own_sections",
    "preview",
    "record_of",
    "sign_note",
]
