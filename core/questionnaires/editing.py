"""The editor's operations, each giving a new questionnaire and leaving the old one as it was.

What is changed becomes a draft; `new_version` makes it answerable. Refused with a code: `item_missing`,
and whatever `verify` finds.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from core.questionnaires.items import CHOSEN, WORDED, Condition, Item, Option
from core.questionnaires.model import Questionnaire
from core.questionnaires.verifying import verify
from core.questionnaires.ways import ASKS, ASKS_NOTHING, OFFERS_OPTIONS, SET_BY_WAYS, Ask, is_help
from core.spec.errors import Refused


def new_questionnaire(url: str, title: str, description: str = "") -> Questionnaire:
    """A draft that asks nothing yet; its first `new_version` is 1."""
    made = Questionnaire(url=url, version="0", title=title, description=description)
    verify(made)
    return made


def new_item(ask: Ask, text: str, *, required: bool = False, options: Iterable[str] = ()) -> Item:
    """An item with a linkId that no other has; `options` are the words of the answers offered."""
    way = ASKS[ask]
    return Item(
        link_id=fresh_id(),
        kind=way.kind,
        text=text,
        required=required and ask not in ASKS_NOTHING,
        repeats=way.repeats,
        options=tuple(Option(words) for words in options) if ask in OFFERS_OPTIONS else (),
        **way.more,
    )


def fresh_id() -> str:
    """A linkId that no item has."""
    return f"q-{secrets.token_hex(6)}"


def add_item(questionnaire: Questionnaire, item: Item, into: str = "") -> Questionnaire:
    """`item` at the end of the section with linkId `into`, or of the whole."""
    if not into:
        return changed(questionnaire, (*questionnaire.items, item))
    section = needed(questionnaire, into)
    return swapped(questionnaire, into, (replace(section, items=(*section.items, item)),))


def change_item(questionnaire: Questionnaire, link_id: str, **changes: Any) -> Questionnaire:
    """The item with other words, options, duty or kind; its linkId stays.

    `changes` are fields of Item, or `ask` for all that makes a kind of answer, or `help` for its text.
    """
    before = needed(questionnaire, link_id)
    if "help" in changes:
        changes["items"] = with_help(before, changes.pop("help"))
    if "ask" in changes:
        way = ASKS[changes.pop("ask")]
        if (way.kind, way.repeats) != (before.kind, before.repeats) or way.more:
            changes = {**SET_BY_WAYS, **way.more, **changes}
        changes |= {"kind": way.kind, "repeats": way.repeats}
    if "options" in changes:
        changes["options"] = tuple(
            option if isinstance(option, Option) else Option(option) for option in changes["options"]
        )
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
        least, most = changes.get("least"), changes.get("most")
        item = replace(item, least=least, most=most, max_decimals=None, initial=())
    return swapped(questionnaire, link_id, (item,))


def remove_item(questionnaire: Questionnaire, link_id: str) -> Questionnaire:
    """Without the item; a section goes with all that is in it."""
    needed(questionnaire, link_id)
    return swapped(questionnaire, link_id, ())


def copy_item(questionnaire: Questionnaire, link_id: str) -> Questionnaire:
    """With the item once more, behind itself; what depends on an item in it depends on the copy's."""
    item = needed(questionnaire, link_id)
    fresh = {one.link_id: fresh_id() for one in item.walk()}
    return swapped(questionnaire, link_id, (item, copied(item, fresh)))


def copied(item: Item, fresh: dict[str, str]) -> Item:
    """The item with other linkIds."""
    conditions = tuple(
        replace(one, question=fresh.get(one.question, one.question)) for one in item.conditions
    )
    items = tuple(copied(inner, fresh) for inner in item.items)
    return replace(item, link_id=fresh[item.link_id], conditions=conditions, items=items)


def with_help(item: Item, text: str) -> tuple[Item, ...]:
    """What stands below an item, with this text first to help with it; an empty one takes it away."""
    helping = item.items[:1] if item.items and is_help(item.items[0]) else ()
    rest = item.items[len(helping) :]
    if not text:
        return rest
    made = helping[0] if helping else Item(link_id=fresh_id(), kind="display")
    return (replace(made, text=text, kept={}), *rest)


def depend(
    questionnaire: Questionnaire, link_id: str, conditions: Iterable[Condition], *, is_any: bool
) -> Questionnaire:
    """The item asked only if all, or any, of the conditions hold; always without any."""
    needed(questionnaire, link_id)
    return change_item(questionnaire, link_id, conditions=tuple(conditions), any_condition=is_any)


def move_item(questionnaire: Questionnaire, link_id: str, direction: Literal["up", "down"]) -> Questionnaire:
    """The item one place up or down among its neighbours; at the end it stays where it is."""
    needed(questionnaire, link_id)
    step = -1 if direction == "up" else 1

    def within(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return moved(tuple(replace(item, items=within(item.items)) for item in items), link_id, step)

    return changed(questionnaire, within(questionnaire.items))


def place_item(questionnaire: Questionnaire, link_id: str, into: str = "") -> Questionnaire:
    """The item at the end of another section, or outside of all."""
    item = needed(questionnaire, link_id)
    if into and any(inner.link_id == into for inner in item.walk()):
        raise Refused("inside_itself", link_id=link_id)
    # Judged once it stands again: others may depend on it.
    without = replace(questionnaire, items=filled(questionnaire.items, link_id, ()), status="draft")
    return add_item(without, item, into)


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
    return changed(questionnaire, filled(questionnaire.items, link_id, others))


def filled(items: tuple[Item, ...], link_id: str, others: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with `others` in the place of one, wherever it stands."""
    kept: list[Item] = []
    for item in items:
        if item.link_id == link_id:
            kept.extend(others)
        else:
            kept.append(replace(item, items=filled(item.items, link_id, others)))
    return tuple(kept)


def changed(questionnaire: Questionnaire, items: tuple[Item, ...]) -> Questionnaire:
    """A draft with other items, once they have been judged."""
    made = replace(questionnaire, items=items, status="draft")
    verify(made)
    return made
