"""The kinds of answers as an editor offers them, and how FHIR says each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.questionnaires.items import Item, Kind
from core.questionnaires.meanings import PHONE

Ask = Literal[
    "text",
    "long_text",
    "phone",
    "number",
    "whole",
    "scale",
    "date",
    "moment",
    "time",
    "choice",
    "choices",
    "own_choice",
    "own_choices",
    "yes_no",
    "link",
    "file",
    "picture",
    "section",
    "times",
    "words",
]
PICTURE = "image/*"


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of answer: FHIR's type, whether it repeats, and what else makes it this one."""

    kind: Kind
    repeats: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


ASKS: dict[Ask, Way] = {
    "text": Way("string"),
    "long_text": Way("text"),
    "phone": Way("string", more={"definition": PHONE}),
    "number": Way("decimal"),
    "whole": Way("integer"),
    "scale": Way("integer", more={"control": "slider", "least": 0, "most": 10}),
    "date": Way("date"),
    "moment": Way("dateTime"),
    "time": Way("time"),
    "choice": Way("choice"),
    "choices": Way("choice", repeats=True),
    "own_choice": Way("open-choice"),
    "own_choices": Way("open-choice", repeats=True),
    "yes_no": Way("boolean"),
    "link": Way("url"),
    "file": Way("attachment"),
    "picture": Way("attachment", more={"media_types": (PICTURE,)}),
    "section": Way("group"),
    "times": Way("group", repeats=True),
    "words": Way("display"),
}
OFFERS_OPTIONS: frozenset[Ask] = frozenset({"choice", "choices", "own_choice", "own_choices"})
HOLDS_OTHERS: frozenset[Ask] = frozenset({"section", "times"})
ASKS_NOTHING = HOLDS_OTHERS | {"words"}
# What a way may set; another way of the same item sets it back.
SET_BY_WAYS: dict[str, Any] = {
    "definition": "",
    "control": "",
    "least": None,
    "most": None,
    "media_types": (),
}


def ask_of(item: Item) -> Ask | None:
    """How the editor calls what an item asks.

    None for what came in from elsewhere and is more than the editor can make.
    """
    is_plain = not (item.calculation or item.value_set or item.units or item.hidden or item.read_only)
    if not is_plain or (item.kind != "group" and others_below(item)):
        return None
    found = [ask for ask, way in ASKS.items() if (way.kind, way.repeats) == (item.kind, item.repeats)]
    exact = [ask for ask in found if ASKS[ask].more and has_all(item, ASKS[ask].more)]
    return next(iter(exact or [ask for ask in found if not ASKS[ask].more]), None)


def has_all(item: Item, more: Mapping[str, Any]) -> bool:
    """Whether the item's fields are these."""
    return all(getattr(item, name) == value for name, value in more.items())


def others_below(item: Item) -> tuple[Item, ...]:
    """What stands below an item besides its help."""
    return tuple(inner for inner in item.items if not is_help(inner))


def is_help(item: Item) -> bool:
    """Whether an item is the text that helps with the one above it."""
    return item.kind == "display" and not (item.conditions or item.hidden or item.items)


def help_of(item: Item) -> str:
    """The text that helps with a question; a section's stands at its beginning."""
    first = item.items[0] if item.items else None
    return first.text if first is not None and is_help(first) else ""
