"""What an item depends on, in words, and as an editor chooses it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from core.forms.times import read_day
from core.i18n import gettext as _
from core.i18n import lazy
from core.questionnaires.asking import label_of
from core.questionnaires.items import CHOSEN, Condition, Item
from core.questionnaires.model import Questionnaire
from core.questionnaires.values import Value
from core.questionnaires.words import value_in_words

# An editor's comparison, and what FHIR calls it.
COMPARISONS: Mapping[str, tuple[str, str]] = {
    "is": ("=", lazy("is")),
    "is_not": ("!=", lazy("is not")),
    "more": (">", lazy("is more than, or later than")),
    "less": ("<", lazy("is less than, or earlier than")),
    "answered": ("exists", lazy("is answered")),
    "blank": ("exists", lazy("is not answered")),
}
ORDERED_KINDS = frozenset({"integer", "decimal", "date"})
DECIDING_KINDS = CHOSEN | ORDERED_KINDS | {"boolean", "string", "text"}


def deciders(questionnaire: Questionnaire, link_id: str) -> list[Item]:
    """The questions that an item can depend on: asked once, and outside of itself."""
    item = questionnaire.by_link_id.get(link_id)
    inside = {inner.link_id for inner in item.walk()} if item is not None else set()
    inside |= {one.link_id for one in questionnaire.above(link_id)}
    return [
        asked
        for asked in questionnaire.questions
        if asked.is_asked
        and asked.kind in DECIDING_KINDS
        and asked.link_id not in inside
        and not any(group.repeats for group in questionnaire.above(asked.link_id))
    ]


def comparisons(asked: Item) -> list[tuple[str, str]]:
    """The comparisons that fit a question, with their words."""
    fitting = [
        name
        for name in COMPARISONS
        if name in ("answered", "blank")
        or (name in ("more", "less") and asked.kind in ORDERED_KINDS)
        or (name in ("is", "is_not") and asked.kind != "text")
    ]
    return [(name, str(COMPARISONS[name][1])) for name in fitting]


def answers_to(asked: Item) -> list[tuple[str, str]]:
    """The answers that a question offers as (key, words); none where one is typed."""
    if asked.kind == "boolean":
        return [("yes", str(_("Yes"))), ("no", str(_("No")))]
    return [(option.key, option.display) for option in asked.options]


def condition_on(asked: Item, comparison: str, typed: str) -> Condition:
    """The condition that was chosen; ValueError for an answer that the question can't have."""
    operator, _words = COMPARISONS[comparison]
    is_whether = operator == "exists"
    answer: Value = comparison == "answered" if is_whether else answer_of(asked, typed.strip())
    return Condition(asked.link_id, operator, answer)  # type: ignore[arg-type] # each is one of FHIR's


def answer_of(asked: Item, typed: str) -> Value:
    """What was typed as an answer to the question."""
    if asked.kind == "boolean" and typed in ("yes", "no"):
        return typed == "yes"
    if asked.kind in CHOSEN and (option := asked.option(typed)) is not None:
        return option.value
    if asked.kind == "date" and (day := read_day(typed)) is not None:
        return day
    if asked.kind in ("integer", "decimal"):
        return number_of(asked, typed)
    if asked.kind == "string" and typed:
        return typed
    raise ValueError(typed)


def number_of(asked: Item, typed: str) -> Value:
    """A number as the question has it."""
    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        raise ValueError(typed) from None
    if not number.is_finite() or (asked.kind == "integer" and number != int(number)):
        raise ValueError(typed)
    return int(number) if asked.kind == "integer" else number


def condition_in_words(questionnaire: Questionnaire, condition: Condition) -> str:
    """“Do you smoke?” is “Yes”."""
    asked = questionnaire.by_link_id.get(condition.question)
    label = label_of(asked) if asked is not None else condition.question
    if condition.operator == "exists":
        words = COMPARISONS["answered" if condition.answer else "blank"][1]
        return f"“{label}” {words}"
    named = next((words for sign, words in COMPARISONS.values() if sign == condition.operator), None)
    words = named if named is not None else condition.operator
    return f"“{label}” {words} “{value_in_words(condition.answer)}”"


def conditions_in_words(questionnaire: Questionnaire, item: Item) -> str:
    """All that an item depends on, in one line; empty where it is always asked."""
    joined = str(_("or") if item.any_condition else _("and"))
    return f" {joined} ".join(condition_in_words(questionnaire, one) for one in item.conditions)
