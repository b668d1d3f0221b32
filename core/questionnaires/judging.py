"""Whether the values of one question fit it: one code for each way in which they don't."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal

from core.forms import read_phone
from core.forms.numbers import MOST as MOST_INTEGER
from core.forms.times import EARLIEST, LATEST
from core.questionnaires.files import judge_file
from core.questionnaires.items import CHOSEN, Item
from core.questionnaires.meanings import BIRTH_DATE, PHONES, latest_birth
from core.questionnaires.refusals import MOST_DISPLAY, MOST_OCCURS, MOST_OPTION_TEXT
from core.questionnaires.values import Attachment, Coding, Quantity, Url, Value, key_of, number_of
from core.questionnaires.verifying import compare, is_clean

LENGTHS = {"string": 500, "text": 5000, "url": 2000}
MOST_DECIMAL = Decimal("999999999.999999")
MOST_DECIMAL_DIGITS = 15  # what JSON, read as a float, keeps exactly
WEB = re.compile(r"https?://[^\s/$.?#][^\s]*", re.IGNORECASE)

Code = Literal[
    "other_version",
    "not_asked",
    "twice",
    "required",
    "too_few",
    "too_many",
    "wrong_kind",
    "not_offered",
    "too_short",
    "too_long",
    "unreadable",
    "out_of_range",
    "too_small",
    "too_great",
    "too_exact",
    "in_future",
    "not_a_phone",
    "not_an_address",
    "wrong_unit",
    "file_kind",
    "file_large",
    "unsigned",
]


def judge(item: Item, values: tuple[Value, ...]) -> Iterator[Code]:
    """What is wrong with the values of one question, each fault once."""
    found: list[Code] = []
    most = (item.max_occurs or MOST_OCCURS) if item.repeats else 1
    if item.kind in CHOSEN and item.repeats:
        most = item.max_occurs or len(item.options) + 1
    if len(values) > most:
        found.append("too_many")
    if len({key_of(value) for value in values}) < len(values) and item.kind in CHOSEN:
        found.append("twice")
    for value in values:
        code = judge_value(item, value)
        if code is not None:
            found.append(code)
    yield from dict.fromkeys(found)


def judge_value(item: Item, value: Value) -> Code | None:  # noqa: C901 -- a line a type
    """What is wrong with one value, None for nothing."""
    found: Code | None = "wrong_kind"
    match item.kind, value:
        case "boolean", bool():
            found = None
        case "choice" | "open-choice", str() | int() | Coding() | date() | time():
            found = judge_choice(item, value)
        case "integer", int() if not isinstance(value, bool):
            found = "out_of_range" if abs(value) > MOST_INTEGER else judge_bounds(item, value)
        case "decimal", Decimal():
            found = judge_decimal(item, value) or judge_bounds(item, value)
        case "quantity", Quantity():
            found = judge_quantity(item, value)
        case "dateTime", datetime():
            found = judge_moment(item, value)
        case "date", date() if not isinstance(value, datetime):
            found = judge_day(item, value)
        case "time", time():
            found = judge_bounds(item, value)
        case "string" | "text", str():
            found = judge_words(item, value)
        case "url", Url():
            found = judge_url(item, value)
        case "attachment", Attachment():
            found = judge_file(value, item.media_types, item.max_bytes)
    return found


def judge_choice(item: Item, value: Value) -> Code | None:
    """Only what was offered may be picked, words as words and codings as codings; or own words, if open."""
    option = item.option(key_of(value))
    if option and type(option.value) is type(value):
        return None
    if item.kind == "open-choice" and isinstance(value, str):
        return None if value and is_clean(value, MOST_OPTION_TEXT, lines=False) else "unreadable"
    return "not_offered"


def judge_bounds(item: Item, value: Value) -> Code | None:
    """Least and most."""
    if item.least is not None and compare(value, item.least) < 0:
        return "too_small"
    return "too_great" if item.most is not None and compare(value, item.most) > 0 else None


def judge_decimal(item: Item, value: Decimal) -> Code | None:
    """A number that is kept exactly on its way through JSON."""
    if not value.is_finite() or abs(value) > MOST_DECIMAL:
        return "out_of_range"
    digits, exponent = value.normalize().as_tuple()[1:]
    if len(digits) > MOST_DECIMAL_DIGITS:
        return "out_of_range"
    is_too_exact = (
        item.max_decimals is not None and isinstance(exponent, int) and -exponent > item.max_decimals
    )
    return "too_exact" if is_too_exact else None


def judge_quantity(item: Item, value: Quantity) -> Code | None:
    """A number in one of the units that are offered."""
    units = {(unit.code, unit.system) for unit in item.units or ((item.unit,) if item.unit else ())}
    if (value.code, value.system) not in (units or {("", "")}):
        return "wrong_unit"
    number = number_of(value)
    assert number is not None
    return judge_decimal(item, number) or judge_bounds(item, number)


def judge_day(item: Item, day: date) -> Code | None:
    """A day that can be meant; nobody is born tomorrow."""
    if not EARLIEST <= day <= LATEST:
        return "out_of_range"
    if item.definition == BIRTH_DATE and day > latest_birth():
        return "in_future"
    return judge_bounds(item, day)


def judge_moment(item: Item, at: datetime) -> Code | None:
    """A moment that can be meant, with its zone."""
    if at.tzinfo is None or not EARLIEST <= at.astimezone(UTC).date() <= LATEST:
        return "out_of_range"
    return judge_bounds(item, at)


def judge_words(item: Item, words: str) -> Code | None:
    """Text as the forms let it pass, and a phone number where one is asked."""
    if len(words) > longest(item):
        return "too_long"
    if not words or not is_clean(words, longest(item), lines=item.kind == "text"):
        return "unreadable"
    if len(words) < (item.min_length or 0):
        return "too_short"
    if item.definition in PHONES:
        try:
            read_phone(words)
        except ValueError:
            return "not_a_phone"
    return None


def judge_url(item: Item, value: Url) -> Code | None:
    """An address on the web; a script or a file of the reader's own machine is none."""
    if len(value.address) > longest(item):
        return "too_long"
    is_address = WEB.fullmatch(value.address) and is_clean(value.address, LENGTHS["url"], lines=False)
    return None if is_address else "not_an_address"


def longest(item: Item) -> int:
    """How many characters the answer may have."""
    return min(item.max_length or LENGTHS[item.kind], MOST_DISPLAY)
