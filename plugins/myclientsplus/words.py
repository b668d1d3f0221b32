"""What is said of the record when a client is erased."""

from __future__ import annotations

from collections.abc import Mapping

from vestibule.web import gettext as _


def erased_words() -> Mapping[str, str]:
    """What people call each kind of things in the record."""
    return {
        "record_notes": _("Progress Notes"),
        "record_documents": _("Documents"),
        "record_accounts": _("Charges and payments"),
        "record_demographics": _("Demographics in My Clients Plus"),
    }


def kept_words() -> Mapping[str, str]:
    """Why what is left of each kind has to stay."""
    return {
        "record_notes": _(
            "Signed notes are the clinical record: your state's law says for how many years it is kept."
        ),
        "record_documents": _(
            "Filed documents are the clinical record: your state's law says for how many years it is kept."
        ),
        "record_accounts": _("They are the practice's accounts, which tax law asks it to keep."),
        "record_demographics": _("They say whose record it is, and go with the last of it."),
    }
