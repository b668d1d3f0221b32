"""The pages of the record: notes, balance, demographics, documents."""

from plugins.myclientsplus.views.balance import balance, balances, cancel_charge, charge, payment
from plugins.myclientsplus.views.importing import import_file, import_lines
from plugins.myclientsplus.views.notes import (
    amend_note,
    change_note,
    document,
    drop_note,
    notes,
    sign_note,
    write_note,
)
from plugins.myclientsplus.views.person import person

__all__ = [
    "amend_note",
    "balance",
    "balances",
    "cancel_charge",
    "change_note",
    "charge",
    "document",
    "drop_note",
    "import_file",
    "import_lines",
    "notes",
    "payment",
    "person",
    "sign_note",
    "write_note",
]
