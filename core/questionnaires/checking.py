"""Whether a response fits its questionnaire: typed faults by linkId, for page and service alike."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.forms import read_phone
from core.forms.numbers import MOST as MOST_INTEGER
from core.forms.times import EARLIEST, LATEST
from core.questionnaires.meanings import BIRTH_DATE, PHONES, latest_birth
from core.questionnaires.model import Item, Option, Questionnaire, Value, key_of
from core.questionnaires.refusals import MOST_DISPLAY, is_clean
from core.questionnaires.responses import Response

LENGTHS = {"string": 500, "text": 5000}
MOST_DECIMAL = Decimal("999999999.999999")
MOST_DECIMAL_DIGITS = 15  # what JSON, read as a float, keeps exactly

Code = Literal[
    "other_version",
    "not_asked",
    "twice",
    "required",
    "too_many",
    "wrong_kind",
    "not_offered",
    "too_long",
    "unreadable",
    "out_of_range",
    "in_future",
    "not_a_phone",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the answer to one item; an empty `link_id` speaks of the whole."""

    link_id: str
    code: Code


def check(questionnaire: Questionnaire, response: Response, *, complete: bool) -> list[Fault]:
    """All faults in the order of the questionnaire; `complete` asks for the required answers too."""
    if response.questionnaire != questionnaire.canonical:
        return [Fault("", "other_version")]
    counts = Counter(item.link_id for item in response.walk())
    faults = [Fault(link_id, "twice") for link_id, count in counts.items() if count > 1]
    asked = {item.link_id: item for item in questionnaire.walk()}
    for given in response.walk():
        item = asked.get(given.link_id)
        if item is None or (given.values and not item.is_question):
            faults.append(Fault(given.link_id, "not_asked"))
    answers = response.answers
    for item in questionnaire.questions:
        faults += [Fault(item.link_id, code) for code in judge(item, answers.get(item.link_id, ()))]
        if complete and item.required and not answers.get(item.link_id):
            faults.append(Fault(item.link_id, "required"))
    return faults


def judge(item: Item, values: tuple[Value, ...]) -> Iterator[Code]:
    """What is wrong with the values of one question, each fault once."""
    found: list[Code] = []
    if len(values) > 1 and not item.repeats:
        found.append("too_many")
    if len({key_of(value) for value in values}) < len(values):
        found.append("twice")
    for value in values:
        code = judge_value(item, value)
        if code is not None:
            found.append(code)
    yield from dict.fromkeys(found)


def judge_value(item: Item, value: Value) -> Code | None:
    """What is wrong with one value, None for nothing."""
    found: Code | None = "wrong_kind"
    match item.kind, value:
        case "boolean", bool():
            found = None
        case "choice", str() | Option():
            found = judge_choice(item, value)
        case "integer", int() if not isinstance(value, bool):
            found = None if abs(value) <= MOST_INTEGER else "out_of_range"
        case "decimal", Decimal():
            found = judge_decimal(value)
        case "date", date():
            found = judge_day(item, value)
        case "string" | "text", str():
            found = judge_words(item, value)
    return found


def judge_choice(item: Item, value: str | Option) -> Code | None:
    """Only what was offered may be picked, words as words and codings as codings."""
    option = item.option(key_of(value))
    return None if option and type(option.answer) is type(value) else "not_offered"


def judge_decimal(value: Decimal) -> Code | None:
    """A number that is kept exactly on its way through JSON."""
    if not value.is_finite() or abs(value) > MOST_DECIMAL:
        return "out_of_range"
    digits = value.normalize().as_tuple().digits
    return None if len(digits) <= MOST_DECIMAL_DIGITS else "out_of_range"


def judge_day(item: Item, day: date) -> Code | None:
    """A day that can be meant; nobody is born tomorrow."""
    if not EARLIEST <= day <= LATEST:
        return "out_of_range"
    return "in_future" if item.definition == BIRTH_DATE and day > latest_birth() else None


def judge_words(item: Item, words: str) -> Code | None:
    """Text as the forms let it pass, and a phone number where one is asked."""
    if len(words) > longest(item):
        return "too_long"
    if not words or not is_clean(words, longest(item), lines=item.kind == "text"):
        return "unreadable"
    if item.definition in PHONES:
        try:
            read_phone(words)
        except ValueError:
            return "not_a_phone"
    return None


def longest(item: Item) -> int:
    """How many characters the answer may have."""
    return min(item.max_length or LENGTHS[item.kind], MOST_DISPLAY)
