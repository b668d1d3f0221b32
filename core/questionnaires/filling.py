"""A section of a questionnaire as a form, and what was typed in it as answers."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, cast

import wtforms

from core import forms
from core.forms.numbers import MOST as MOST_INTEGER
from core.questionnaires.checking import MOST_DECIMAL, judge, longest
from core.questionnaires.meanings import AUTOCOMPLETE, BIRTH_DATE, PHONES, latest_birth
from core.questionnaires.model import Item, Questionnaire, Section, Value, key_of
from core.questionnaires.responses import Response, respond

PLAIN_LINK_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
MOST_BUTTONS = 12  # a longer choice is a list


class SectionForm(forms.Form):
    """The questions of one section; `asked` are its items, shown texts too."""

    asked: tuple[Item, ...] = ()

    def of(self, item: Item) -> wtforms.Field:
        """The field of a question."""
        return self[field_name(item.link_id)]


def field_name(link_id: str) -> str:
    """A name that HTML allows as an id; a linkId may hold anything."""
    if PLAIN_LINK_ID.fullmatch(link_id):
        return f"a-{link_id}"
    return f"a--{hashlib.sha256(link_id.encode()).hexdigest()[:24]}"


def section_form(section: Section, *, complete: bool = True) -> type[SectionForm]:
    """The form class of a section; without `complete` nothing is required, as for a draft."""
    fields = {field_name(item.link_id): field_of(item, complete=complete) for item in section.questions}
    return type("AnswersForm", (SectionForm,), {**fields, "asked": section.items})


def field_of(item: Item, *, complete: bool) -> Any:
    """The field that asks one question."""
    kind, options = FIELDS[item.kind](item)
    if item.definition in AUTOCOMPLETE:
        options["render_kw"] = {"autocomplete": AUTOCOMPLETE[item.definition]}
    return kind(item.text, required=item.required and complete, **options)


def line_of(item: Item) -> tuple[type[Any], dict[str, Any]]:
    """One line, or a phone number; the browser is not to offer one's own for somebody else's."""
    if item.definition in PHONES:
        return forms.PhoneField, {"render_kw": {"autocomplete": "off"}}
    return forms.TextField, {"max_length": longest(item)}


def day_of(item: Item) -> tuple[type[Any], dict[str, Any]]:
    """A day, for a birth date one that has come."""
    return forms.DayField, {"latest": latest_birth} if item.definition == BIRTH_DATE else {}


def choice_of(item: Item) -> tuple[type[Any], dict[str, Any]]:
    """A choice; the page sends the options' keys."""
    choices = [(option.key, option.display) for option in item.options]
    if item.repeats:
        return forms.ChoicesField, {"choices": choices}
    return forms.ChoiceField, {"choices": choices, "as_list": len(choices) > MOST_BUTTONS}


WHOLE = {"minimum": -MOST_INTEGER, "maximum": MOST_INTEGER}
DECIMAL = {"minimum": -MOST_DECIMAL, "maximum": MOST_DECIMAL}
FIELDS: dict[str, Callable[[Item], tuple[type[Any], dict[str, Any]]]] = {
    "string": line_of,
    "text": lambda item: (forms.LongTextField, {"max_length": longest(item)}),
    "integer": lambda _item: (forms.IntegerField, dict(WHOLE)),
    "decimal": lambda _item: (forms.NumberField, dict(DECIMAL)),
    "date": day_of,
    "choice": choice_of,
    "boolean": lambda _item: (forms.YesNoField, {}),
}


def data_of(section: Section, response: Response | None) -> dict[str, Any]:
    """What stands in the form when it is opened, for `section_form(section)(data=…)`."""
    answers = response.answers if response else {}
    return {
        field_name(item.link_id): shown_value(item, answers[item.link_id])
        for item in section.questions
        if item.link_id in answers
    }


def shown_value(item: Item, values: tuple[Value, ...]) -> Any:
    """The data of the field for the values of an answer."""
    if item.kind != "choice":
        return values[0]
    keys = [key_of(value) for value in values]
    return keys if item.repeats else keys[0]


def fill_in(
    questionnaire: Questionnaire, section: Section, form: SectionForm, before: Response | None
) -> Response:
    """`before` with the answers of a validated form in it.

    A field that was refused keeps what was answered before, so that a draft never loses an answer
    to a slip. Answers to another version are left behind.
    """
    is_same = before is not None and before.questionnaire == questionnaire.canonical
    answers = before.answers if before is not None and is_same else {}
    for item in section.questions:
        field = form.of(item)
        if not field.errors:
            answers[item.link_id] = typed_values(item, field.data)
    return respond(questionnaire, answers)


def typed_values(item: Item, data: Any) -> tuple[Value, ...]:
    """The values of an answer for the data of its field, none for a blank."""
    if data in (None, "", []):
        return ()
    if item.kind != "choice":
        return (cast("Value", data),)
    keys = data if item.repeats else [data]
    return tuple(option.answer for option in item.options if option.key in keys)


def carry_over(questionnaire: Questionnaire, before: Response) -> Response:
    """The answers that were begun in an older version, where the same is still asked."""
    given = before.answers
    kept = {
        item.link_id: given[item.link_id]
        for item in questionnaire.questions
        if item.link_id in given and not list(judge(item, given[item.link_id]))
    }
    return respond(questionnaire, kept)
