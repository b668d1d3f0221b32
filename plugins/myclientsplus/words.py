"""What is said of a record: how its client stands, and what becomes of it when they are erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plugins.myclientsplus.service import Account
from vestibule.web import format_money
from vestibule.web import gettext as _


def standing_words(accounts: Iterable[Account]) -> str:
    """What is due, and what was paid beyond it, in each currency."""
    words = []
    for each in accounts:
        if each.due:
            words.append(_("%(amount)s due") % {"amount": format_money(each.due, each.currency)})
        if each.credit:
            words.append(_("Credit: %(amount)s") % {"amount": format_money(each.credit, each.currency)})
    return " · ".join(words) or _("nothing due")


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
