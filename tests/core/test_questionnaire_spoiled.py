"""Whatever is put in the place of a field, reading ends in a questionnaire or in a refusal."""

import copy
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core.questionnaires import (
    QuestionnaireRefused,
    check,
    completed,
    read_questionnaire,
    read_response,
    respond,
    write_questionnaire,
    write_response,
)
from tests.core.questionnaire_samples import ANSWERS, every_kind

JUNK: list[Any] = [
    None,
    1,
    True,
    "",
    "x\x00",
    "group",
    "choice",
    -1,
    1e308,
    [],
    [[]],
    [None],
    ["a"],
    {},
    {"a": 1},
]
NAMES = [
    "extension",
    "enableWhen",
    "item",
    "answerOption",
    "valueCoding",
    "linkId",
    "type",
    "answer",
    "maxLength",
]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all values inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield (*way, step)
        yield from places(part, (*way, step))


def spoiled(resource: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The resource with one to three values replaced or added."""
    made = copy.deepcopy(resource)
    for _ in range(chance.randint(1, 3)):
        way = chance.choice(list(places(made)))
        holder: Any = made
        for step in way[:-1]:
            holder = holder[step]
        is_added = isinstance(holder, dict) and chance.random() < 0.3
        holder[chance.choice(NAMES) if is_added else way[-1]] = copy.deepcopy(chance.choice(JUNK))
    return made


def read_and_check(raw: dict[str, Any]) -> None:
    """Read a response, and check it against what was asked."""
    check(every_kind(), read_response(raw), complete=True)


@pytest.mark.parametrize("read", [read_questionnaire, read_and_check])
def test_A42_a_spoiled_resource_is_read_or_refused(read: Callable[[dict[str, Any]], object]) -> None:
    is_answers = read is read_and_check
    response = completed(respond(every_kind(), ANSWERS), datetime(2026, 12, 3, tzinfo=UTC))
    whole = write_response(response) if is_answers else write_questionnaire(every_kind())
    chance, refused = random.Random(42), 0
    for _ in range(2000):
        raw = spoiled(whole, chance)
        try:
            read(raw)
        except QuestionnaireRefused:
            refused += 1
    assert 200 < refused < 2000
