"""Which field asks a question, what stands in it, and what it says by way of help."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, cast

from core import forms
from core.forms.numbers import MOST as MOST_INTEGER
from core.i18n import gettext as _
from core.i18n import lazy
from core.questionnaires.fields import (
    FileField,
    MomentField,
    OpenChoiceField,
    OpenChoicesField,
    QuantityField,
    ScaleField,
    UrlField,
)
from core.questionnaires.items import Item
from core.questionnaires.judging import MOST_DECIMAL, longest
from core.questionnaires.meanings import AUTOCOMPLETE, BIRTH_DATE, PHONES, latest_birth
from core.questionnaires.responses import Place
from core.questionnaires.signing import SignatureField
from core.questionnaires.values import Value, key_of, number_of, words_of

PLAIN_LINK_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
MOST_BUTTONS = 12  # a longer choice is a list
MOST_SCALE = 10  # a longer scale is typed as a number
LISTS = frozenset({"drop-down", "autocomplete", "lookup", "combobox"})
BUTTONS = frozenset({"radio-button", "check-box"})
SCALES = frozenset({"slider", "spinner", "radio-button"})
Kind = tuple[type[Any], dict[str, Any]]


def field_name(link_id: str) -> str:
    """A name that HTML allows as an id; a linkId may hold anything."""
    if PLAIN_LINK_ID.fullmatch(link_id):
        return f"a-{link_id}"
    return f"a--{hashlib.sha256(link_id.encode()).hexdigest()[:24]}"


def name_of(place: Place) -> str:
    """The name of a place: the question's, with the number of each repeated group around it."""
    return ".".join((field_name(place.link_id), *map(str, place.at)))


def field_of(item: Item, *, required: bool, number: int = 0, hint: str = "") -> Any:
    """The field that asks one question; `number` counts those of a question that repeats."""
    kind, options = FIELDS[item.kind](item)
    if item.definition in AUTOCOMPLETE:
        options["render_kw"] = {"autocomplete": AUTOCOMPLETE[item.definition]}
    label = label_of(item)
    if number > 1:
        label = f"{label} ({number})"
    return kind(label, required=required, hint=hint, **options)


def label_of(item: Item) -> str:
    """What a question is called; one without any words is still named."""
    return item.label or str(_("Your answer"))


def signature_field(*, required: bool) -> Any:
    """The field for a name as signature."""
    return SignatureField(
        lazy("Your full name, as your signature"),
        required=lazy("Write your name to sign.") if required else False,
    )


def line_of(item: Item) -> Kind:
    """One line, or a phone number; the browser is not to offer one's own for somebody else's."""
    if item.definition in PHONES:
        return forms.PhoneField, {"render_kw": {"autocomplete": "off"}}
    return forms.TextField, {"max_length": longest(item)}


def day_of(item: Item) -> Kind:
    """A day, for a birth date one that has come."""
    options: dict[str, Any] = {"latest": latest_birth} if item.definition == BIRTH_DATE else {}
    if item.least is not None:
        options["earliest"] = item.least
    if item.most is not None:
        options["latest"] = item.most
    return forms.DayField, options


def whole_of(item: Item) -> Kind:
    """A whole number; a short scale is a row of buttons."""
    least, most = (number_of(bound) for bound in (item.least, item.most))
    low = int(least) if least is not None else -MOST_INTEGER
    high = int(most) if most is not None else MOST_INTEGER
    if item.control in SCALES and 0 < high - low <= MOST_SCALE:
        return ScaleField, {"least": low, "most": high}
    return forms.IntegerField, {"minimum": low, "maximum": high}


def number_field_of(item: Item) -> Kind:
    """A number with a point."""
    least, most = (number_of(bound) for bound in (item.least, item.most))
    return forms.NumberField, {
        "minimum": -MOST_DECIMAL if least is None else least,
        "maximum": MOST_DECIMAL if most is None else most,
    }


def quantity_of(item: Item) -> Kind:
    """A number with a unit."""
    return QuantityField, {"units": item.units or ((item.unit,) if item.unit else ())}


def choice_of(item: Item) -> Kind:
    """A choice; the page sends the options' keys."""
    choices = [
        (option.key, f"{option.prefix} {option.display}" if option.prefix else option.display)
        for option in item.options
    ]
    if item.repeats:
        return forms.ChoicesField, {"choices": choices}
    is_long = len(choices) > MOST_BUTTONS and item.control not in BUTTONS
    return forms.ChoiceField, {"choices": choices, "as_list": is_long or item.control in LISTS}


def open_choice_of(item: Item) -> Kind:
    """A choice with a line for one's own answer."""
    kind, options = choice_of(item)
    return (OpenChoicesField if kind is forms.ChoicesField else OpenChoiceField), options


FIELDS: dict[str, Callable[[Item], Kind]] = {
    "string": line_of,
    "text": lambda item: (forms.LongTextField, {"max_length": longest(item)}),
    "url": lambda item: (UrlField, {"max_length": longest(item)}),
    "integer": whole_of,
    "decimal": number_field_of,
    "quantity": quantity_of,
    "date": day_of,
    "dateTime": lambda _item: (MomentField, {}),
    "time": lambda _item: (forms.TimeField, {}),
    "choice": choice_of,
    "open-choice": open_choice_of,
    "boolean": lambda _item: (forms.YesNoField, {}),
    "attachment": lambda item: (FileField, {"item": item}),
}


def hint_of(item: Item) -> str:
    """What helps with a question: the texts below it, its unit and its limits."""
    helps = [
        one.text
        for one in item.items
        if one.kind == "display" and not one.hidden and (item.is_indexed or not one.conditions)
    ]
    if not item.text:
        helps = helps[1:]  # the first one is what it is called
    unit = item.unit
    words = (unit.display or unit.code) if unit else ""
    if words and item.kind != "attachment" and not words.startswith("{"):
        helps.append(str(_("In %(unit)s.")) % {"unit": words})
    if item.kind in {"integer", "decimal", "quantity"} and item.control not in SCALES:
        helps += limits_of(item)
    if item.entry_format and item.kind not in {"date", "dateTime", "time"}:
        helps.append(item.entry_format)
    return " ".join(text for text in helps if text)


def limits_of(item: Item) -> list[str]:
    """The bounds in words."""
    least, most = (None if bound is None else words_of(bound) for bound in (item.least, item.most))
    if least is not None and most is not None:
        return [str(_("From %(least)s to %(most)s.")) % {"least": least, "most": most}]
    if least is not None:
        return [str(_("%(least)s or more.")) % {"least": least}]
    return [str(_("%(most)s or less.")) % {"most": most}] if most is not None else []


def shown_data(item: Item, values: tuple[Value, ...]) -> Any:
    """The data of the field for the values of an answer."""
    if item.kind not in {"choice", "open-choice"}:
        return values[0] if values else None
    offered = [key_of(value) for value in values if item.option(key_of(value))]
    keys: Any = offered if item.repeats else next(iter(offered), None)
    if item.kind == "choice":
        return keys
    own = next((str(value) for value in values if not item.option(key_of(value))), "")
    return keys, own


def typed_values(item: Item, field: Any) -> tuple[Value, ...]:
    """The values of an answer for what stands in its field, none for a blank."""
    data, own = field.data, getattr(field, "own_text", "")
    if item.kind not in {"choice", "open-choice"}:
        return () if data in (None, "", []) else (cast("Value", data),)
    keys = data if item.repeats else [data]
    picked = tuple(option.value for option in item.options if option.key in keys)
    if not own:
        return picked
    return (*picked, own) if item.repeats else (own,)
