"""Two states of somebody's demographics side by side, in words, for a page on which a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.i18n import format_date_alone
from core.i18n import gettext as _
from core.spec.types import Address, Demographics, EmergencyContact


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that differs: `name` is the field of Demographics, the others are words."""

    name: str
    label: str
    one: str
    other: str

    @property
    def row(self) -> tuple[str, str, str]:
        """The line of a table: what it is, then both."""
        return self.label, self.one, self.other


def compared(one: Demographics, other: Demographics) -> list[Difference]:
    """The parts in which two states differ; an address is one part, and so is an emergency contact."""
    labels = {
        "given_name": _("First name"),
        "family_name": _("Last name"),
        "preferred_name": _("Preferred name"),
        "pronouns": _("Pronouns"),
        "birth_on": _("Birth date"),
        "phone": _("Phone"),
        "address": _("Address"),
        "emergency_contact": _("Emergency contact"),
    }
    found = [(name, getattr(one, name), getattr(other, name)) for name in labels]
    return [
        Difference(name, labels[name], part_in_words(mine), part_in_words(theirs))
        for name, mine, theirs in found
        if mine != theirs
    ]


def part_in_words(value: Any) -> str:
    """One part of the demographics as people read it; a blank is a dash."""
    if isinstance(value, Address):
        text = ", ".join(value.lines)
    elif isinstance(value, EmergencyContact):
        text = ", ".join(part for part in (value.name, value.relation, value.phone) if part)
    elif value is None or isinstance(value, str):
        text = value or ""
    else:
        text = format_date_alone(value)
    return text or "-"
