"""The editor's operations, each giving a new questionnaire and leaving the old one as it was.

What is changed becomes a draft; `new_version` makes it answerable. Refused with a code: `item_missing`,
and whatever `verify` finds.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from core.questionnaires.items import CHOSEN, WORDED, Item, Kind, Option
from core.questionnaires.model import Questionnaire
from core.questionnaires.verifying import verify
from core.spec.errors import Refused

Ask = Literal["text", "long_text", "number", "date", "choice", "choices", "yes_no", "section", "words"]

# What an editor offers, and how FHIR says it.
ASKS: dict[Ask, tuple[Kind, bool]] = {
    "text": ("string", False),
    "long_text": ("text", False),
    "number": ("decimal", False),
    "date": ("date", False),
    "choice": ("choice", False),
    "choices": ("choice", True),
    "yes_no": ("boolean", False),
    "section": ("group", False),
    "words": ("display", False),
}
OFFERS_OPTIONS = frozenset({"choice", "choices"})


def new_questionnaire(url: str, title: str, description: str = "") -> Questionnaire:
    """A draft that asks nothing yet; its first `new_version` is 1."""
    made = Questionnaire(url=url, version="0", title=title, description=description)
    verify(made)
    return made


def new_item(ask: Ask, text: str, *, required: bool = False, options: Iterable[str] = ()) -> Item:
    """An item with a linkId that no other has; `options` are the words of the answers offered."""
    kind, repeats = ASKS[ask]
    return Item(
        link_id=f"q-{secrets.token_hex(6)}",
        kind=kind,
        text=text,
        required=required and ask not in {"section", "words"},
        repeats=repeats,
        options=tuple(Option(words) for words in options) if ask in OFFERS_OPTIONS else (),
    )


def ask_of(item: Item) -> Ask | None:
    """How the editor calls what an item asks; a whole number is a number to it.

    None for what came in from elsewhere and is more than the editor can make.
    """
    kind = "decimal" if item.kind == "integer" else item.kind
    is_plain = not (item.items or item.conditions or item.calculation or item.value_set or item.units)
    is_section = item.kind == "group" and not item.conditions
    if not (is_plain or is_section):
        return None
    return next((ask for ask, said in ASKS.items() if said == (kind, item.repeats)), None)


def add_item(questionnaire: Questionnaire, item: Item, into: str = "") -> Questionnaire:
    """`item` at the end of the section with linkId `into`, or of the whole."""
    if not into:
        return changed(questionnaire, (*questionnaire.items, item))
    section = needed(questionnaire, into)
    return swapped(questionnaire, into, (replace(section, items=(*section.items, item)),))


def change_item(questionnaire: Questionnaire, link_id: str, **changes: Any) -> Questionnaire:
    """The item with other words, options, duty or kind; its linkId stays.

    `changes` are fields of Item, or `ask` for kind and repeats together.
    """
    if "ask" in changes:
        changes["kind"], changes["repeats"] = ASKS[changes.pop("ask")]
    if "options" in changes:
        changes["options"] = tuple(
            option if isinstance(option, Option) else Option(option) for option in changes["options"]
        )
    before = needed(questionnaire, link_id)
    item = replace(before, **changes)
    if item.text != before.text and "_text" in item.kept:
        item = replace(item, kept={name: item.kept[name] for name in item.kept if name != "_text"})
    if "options" in changes:
        item = replace(item, value_set="")
    if item.kind not in CHOSEN:
        item = replace(item, options=(), value_set="")
    if item.kind not in WORDED:
        item = replace(item, min_length=None, max_length=None)
    if item.kind != before.kind:
        item = replace(item, least=None, most=None, max_decimals=None, initial=())
    return swapped(questionnaire, link_id, (item,))


def remove_item(questionnaire: Questionnaire, link_id: str) -> Questionnaire:
    """Without the item; a section goes with all that is in it."""
    needed(questionnaire, link_id)
    return swapped(questionnaire, link_id, ())


def move_item(questionnaire: Questionnaire, link_id: str, direction: Literal["up", "down"]) -> Questionnaire:
    """The item one place up or down among its neighbours; at the end it stays where it is."""
    needed(questionnaire, link_id)
    step = -1 if direction == "up" else 1
    items = tuple(replace(item, items=moved(item.items, link_id, step)) for item in questionnaire.items)
    return changed(questionnaire, moved(items, link_id, step))


def place_item(questionnaire: Questionnaire, link_id: str, into: str = "") -> Questionnaire:
    """The item at the end of another section, or outside of all."""
    item = needed(questionnaire, link_id)
    return add_item(remove_item(questionnaire, link_id), item, into)


def new_version(
    questionnaire: Questionnaire, status: Literal["active", "retired"] = "active"
) -> Questionnaire:
    """The next version, with the number after this one; refused while it asks nothing."""
    number = int(questionnaire.version) if questionnaire.version.isdecimal() else 0
    made = replace(questionnaire, version=str(number + 1), status=status)
    verify(made)
    return made


def needed(questionnaire: Questionnaire, link_id: str) -> Item:
    """The item with this linkId; Refused when it is gone, as after another tab removed it."""
    item = questionnaire.item(link_id)
    if item is None:
        raise Refused("item_missing", link_id=link_id)
    return item


def moved(items: tuple[Item, ...], link_id: str, step: int) -> tuple[Item, ...]:
    """`items` with one of them a step further, if it is there and there is room."""
    at = next((n for n, item in enumerate(items) if item.link_id == link_id), None)
    if at is None or not 0 <= at + step < len(items):
        return items
    order = list(items)
    order[at], order[at + step] = order[at + step], order[at]
    return tuple(order)


def swapped(questionnaire: Questionnaire, link_id: str, others: tuple[Item, ...]) -> Questionnaire:
    """With `others` in the place of one item."""

    def within(items: tuple[Item, ...]) -> tuple[Item, ...]:
        kept: list[Item] = []
        for item in items:
            if item.link_id == link_id:
                kept.extend(others)
            else:
                kept.append(replace(item, items=within(item.items)))
        return tuple(kept)

    return changed(questionnaire, within(questionnaire.items))


def changed(questionnaire: Questionnaire, items: tuple[Item, ...]) -> Questionnaire:
    """A draft with other items, once they have been judged."""
    made = replace(questionnaire, items=items, status="draft")
    verify(made)
    return made
