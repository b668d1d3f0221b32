"""What a client told, laid over what the record holds: nothing that was changed there is overwritten."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from vestibule.data import Address, Demographics, EmergencyContact

PARTS = tuple(field.name for field in fields(Demographics))
BLANK = ("", None, Address(), EmergencyContact())
UNSAID = Demographics("", "")  # nothing was told


def merged(told: Demographics, before: Demographics, theirs: Demographics) -> tuple[Demographics, list[str]]:
    """What the record should hold, and the parts that a person has to decide.

    `before` is what the portal knew until the client told it. A part is taken from the client where the
    record holds nothing or still what the portal knew; an address is one part.
    """
    taken: dict[str, Any] = {}
    differing = []
    for name in PARTS:
        new, old, now = (getattr(each, name) for each in (told, before, theirs))
        if new in BLANK or _is_same(name, new, now):
            continue
        if now in BLANK or _is_same(name, now, old):
            taken[name] = new
        else:
            differing.append(name)
    return replace(theirs, **taken), differing


def laid_over(known: Demographics, told: Demographics) -> Demographics:
    """What is known, with each part that was told in place of what it was."""
    said = {name: value for name in PARTS if (value := getattr(told, name)) not in BLANK}
    return replace(known, **said)


def _is_same(name: str, one: Any, other: Any) -> bool:
    """Whether two values mean the same: spaces and capitals don't matter, nor how a number is set."""
    if isinstance(one, str) and isinstance(other, str):
        if name == "phone":
            return _digits(one) == _digits(other)
        return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
    return bool(one == other)


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())
