"""What a questionnaire of ours must hold to; each breach is named by linkId."""

from collections import Counter
from collections.abc import Iterator, Mapping

from core.forms import clean_text
from core.questionnaires.items import BOUNDED, CHOSEN, COUNTED, KINDS, WORDED, Condition, Item
from core.questionnaires.model import STATUSES, Questionnaire
from core.questionnaires.programs import is_calculable, mentions
from core.questionnaires.refusals import (
    MOST_CONDITIONS,
    MOST_DISPLAY,
    MOST_IDENTIFIER,
    MOST_ITEMS,
    MOST_OCCURS,
    MOST_OPTION_TEXT,
    MOST_OPTIONS,
    MOST_TEXT,
    MOST_TITLE,
    QuestionnaireRefused,
    Reason,
    Refusal,
)
from core.questionnaires.values import Attachment, Coding, Quantity, Url, Value, number_of

ORDERED = frozenset({">", "<", ">=", "<="})


def verify(questionnaire: Questionnaire) -> None:
    """Raise QuestionnaireRefused if it breaks a rule; one that is not a draft must ask something."""
    refusals = [*whole(questionnaire), *alike(questionnaire)]
    for item in questionnaire.walk():
        refusals += judge(item)
    refusals += judge_conditions(questionnaire)
    refusals += circular(
        {item.link_id: [one.question for one in item.conditions] for item in questionnaire.walk()},
        "condition_circular",
    )
    refusals += circular(calculated_from(questionnaire), "calculation_circular")
    if questionnaire.status != "draft":
        refusals += finished(questionnaire)
    if refusals:
        raise QuestionnaireRefused(dict.fromkeys(refusals))


def whole(questionnaire: Questionnaire) -> Iterator[Refusal]:
    """What is wrong with the questionnaire's own fields."""
    url = questionnaire.url
    if not url or len(url) > MOST_IDENTIFIER or "|" in url or any(mark.isspace() for mark in url):
        yield Refusal("", "url_wrong", url[:80])
    if "|" in questionnaire.version or len(questionnaire.version) > MOST_IDENTIFIER:
        yield Refusal("", "url_wrong", questionnaire.version[:80])
    if questionnaire.status not in STATUSES:
        yield Refusal("", "status_unknown", questionnaire.status)
    if not questionnaire.title:
        yield Refusal("", "title_missing")
    if not is_clean(questionnaire.title, MOST_TITLE, lines=False):
        yield Refusal("", "text_wrong")
    if not is_clean(questionnaire.description, MOST_DISPLAY):
        yield Refusal("", "text_wrong")


def alike(questionnaire: Questionnaire) -> Iterator[Refusal]:
    """Items that can't be told apart, or too many of them."""
    link_ids = Counter(item.link_id for item in questionnaire.walk())
    if link_ids.total() > MOST_ITEMS:
        yield Refusal("", "too_many_items", str(MOST_ITEMS))
    for link_id, count in link_ids.items():
        if count > 1:
            yield Refusal(link_id, "link_id_twice")


def finished(questionnaire: Questionnaire) -> Iterator[Refusal]:
    """What is still missing before it can be answered."""
    if not any(item.is_asked for item in questionnaire.walk()):
        yield Refusal("", "nothing_asked")
    for item in questionnaire.walk():
        if item.kind == "group" and not item.items:
            yield Refusal(item.link_id, "section_empty")


def judge(item: Item) -> Iterator[Refusal]:
    """What is wrong with one item by itself."""
    link_id = item.link_id
    if not link_id or len(link_id) > MOST_IDENTIFIER or not is_clean(link_id, lines=False):
        yield Refusal(link_id, "link_id_missing")
    if item.kind not in KINDS:
        yield Refusal(link_id, "kind_unsupported", item.kind)
    if not is_clean(item.text, MOST_DISPLAY if item.kind == "display" else MOST_TEXT):
        yield Refusal(link_id, "text_wrong")
    if not is_clean(item.definition, lines=False) or not is_clean(item.prefix, lines=False):
        yield Refusal(link_id, "text_wrong")
    if item.required and item.kind == "display":
        yield Refusal(link_id, "required_wrong")
    if item.repeats and item.kind in {"display", "boolean"}:
        yield Refusal(link_id, "repeats")
    if item.kind == "display" and any(inner.kind != "display" for inner in item.items):
        yield Refusal(link_id, "below_several")
    if item.is_question and item.repeats and any(inner.kind != "display" for inner in item.items):
        # Each answer would have answers of its own; a group that repeats says the same plainly.
        yield Refusal(link_id, "below_several")
    yield from judge_limits(item)
    yield from judge_options(item)


def judge_limits(item: Item) -> Iterator[Refusal]:
    """What is wrong with lengths, counts and bounds."""
    link_id = item.link_id
    least, most = item.min_length or 0, item.max_length
    if (least or most is not None) and (
        item.kind not in WORDED or least < 0 or (most is not None and most < max(least, 1))
    ):
        yield Refusal(link_id, "max_length_wrong", str(most))
    fewest, often = item.min_occurs or 0, item.max_occurs
    if fewest < 0 or fewest > MOST_OCCURS or (often is not None and often < max(fewest, 1)):
        yield Refusal(link_id, "repeats", str(often))
    if fewest > 1 and not item.repeats:
        yield Refusal(link_id, "repeats", str(fewest))
    bounds = [value for value in (item.least, item.most) if value is not None]
    if not all(is_bound(item, value) for value in bounds) or (
        len(bounds) == 2 and compare(bounds[0], bounds[1]) > 0
    ):
        yield Refusal(link_id, "bounds_wrong")
    if item.max_decimals is not None and not (
        item.kind in {"decimal", "quantity"} and item.max_decimals >= 0
    ):
        yield Refusal(link_id, "bounds_wrong")


def is_bound(item: Item, value: Value) -> bool:
    """Whether a bound is of the item's own kind."""
    if item.kind in COUNTED:
        return number_of(value) is not None and not isinstance(value, Quantity)
    names = {"date": "date", "dateTime": "datetime", "time": "time"}
    return item.kind in BOUNDED and type(value).__name__ == names[item.kind]


def compare(one: Value, other: Value) -> int:
    """-1, 0 or 1 as one is less than, equal to or more than the other; both of one kind."""
    first, second = (number_of(value) for value in (one, other))
    left: object = one if first is None else first
    right: object = other if second is None else second
    return (left > right) - (left < right)  # type: ignore[operator] # both of one kind


def judge_options(item: Item) -> Iterator[Refusal]:
    """What is wrong with the answers that an item offers."""
    if item.kind not in CHOSEN:
        if item.options:
            yield Refusal(item.link_id, "option_unsupported")
        return
    if not item.options and item.kind == "choice":
        yield Refusal(item.link_id, "options_missing")
    if len(item.options) > MOST_OPTIONS:
        yield Refusal(item.link_id, "too_many_options", str(MOST_OPTIONS))
    keys, shown = Counter(o.key for o in item.options), Counter(o.display for o in item.options)
    for option in item.options:
        words = option.display
        if not is_option(option.value) or not words or not is_clean(words, MOST_OPTION_TEXT, lines=False):
            yield Refusal(item.link_id, "option_unsupported", words[:80])
        elif keys[option.key] > 1 or shown[words] > 1:
            yield Refusal(item.link_id, "options_alike", words[:80])


def is_option(value: Value) -> bool:
    """Whether FHIR lets a value be offered."""
    if isinstance(value, Coding):
        return all(is_clean(name, lines=False) for name in (value.code, value.system, value.version))
    return not isinstance(value, bool | Quantity | Attachment | Url) and type(value).__name__ != "datetime"


def judge_conditions(questionnaire: Questionnaire) -> Iterator[Refusal]:
    """Conditions that ask for what isn't there, or compare what can't be compared."""
    for item in questionnaire.walk():
        if len(item.conditions) > MOST_CONDITIONS:
            yield Refusal(item.link_id, "too_many_conditions", str(MOST_CONDITIONS))
        for condition in item.conditions:
            asked = questionnaire.item(condition.question)
            if asked is None or not asked.is_question:
                yield Refusal(item.link_id, "condition_dangling", condition.question[:80])
            elif not is_comparable(asked, condition):
                yield Refusal(item.link_id, "condition_wrong", condition.question[:80])


def is_comparable(asked: Item, condition: Condition) -> bool:
    """Whether answers to `asked` can ever meet the condition.

    A coding may be compared with words or a number: then its code and its words count, and the import
    says so.
    """
    answer = condition.answer
    if condition.operator == "exists":
        return True
    number = number_of(answer) is not None and not isinstance(answer, Quantity)
    if asked.kind in {"string", "text", "url"}:
        return isinstance(answer, str | Url) and condition.operator not in ORDERED
    if asked.kind in {"choice", "open-choice"}:
        return number or (condition.operator not in ORDERED and not isinstance(answer, bool))
    if asked.kind in {"integer", "decimal"}:
        return number
    if asked.kind == "quantity":
        return number or isinstance(answer, Quantity)
    names = {"date": "date", "dateTime": "datetime", "time": "time", "boolean": "bool"}
    is_ordered_truth = asked.kind == "boolean" and condition.operator in ORDERED
    return type(answer).__name__ == names.get(asked.kind) and not is_ordered_truth


def calculated_from(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Which calculated items each calculated item needs."""
    calculated = {item.link_id: item for item in questionnaire.walk() if is_calculable(questionnaire, item)}
    return {
        link_id: [other for other in mentions(questionnaire, item) if other in calculated]
        for link_id, item in calculated.items()
    }


def circular(leads_to: Mapping[str, list[str]], reason: Reason) -> Iterator[Refusal]:
    """The items on a circle: those that are left when all that lead nowhere are taken away."""
    left = {name: {other for other in others if other in leads_to} for name, others in leads_to.items()}
    while done := [name for name, others in left.items() if not others]:
        for name in done:
            del left[name]
        for others in left.values():
            others.difference_update(done)
    for name in on_circle(left):
        yield Refusal(name, reason)


def on_circle(left: dict[str, set[str]]) -> list[str]:
    """Without those that only lead to a circle: nobody leads to them in the end."""
    while True:
        led_to = {other for others in left.values() for other in others}
        loose = [name for name in left if name not in led_to]
        if not loose:
            return list(left)
        for name in loose:
            del left[name]


def is_clean(text: str, max_length: int = MOST_IDENTIFIER, *, lines: bool = True) -> bool:
    """Whether a text reads the same after it went through a form."""
    try:
        return clean_text(text, max_length, lines=lines) == text
    except ValueError:
        return False
