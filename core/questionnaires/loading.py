"""JSON from strangers, read with limits before anything is made of it."""

import json
import math
from collections.abc import Iterable
from typing import Any, NoReturn

from core.questionnaires.refusals import MOST_BYTES, QuestionnaireRefused, Refusal

MOST_BRACKETS = 100


def load_json(content: bytes) -> Any:
    """The value in a JSON text of UTF-8; QuestionnaireRefused for what is none, or too large or deep.

    NaN, numbers without end and names that come twice are refused.
    """
    if len(content) > MOST_BYTES:
        raise QuestionnaireRefused([Refusal("", "too_large", str(MOST_BYTES // 1_000_000))])
    try:
        text = content.decode("utf-8-sig")
        refuse_deep(text)
        return json.loads(
            text, parse_float=_number, parse_int=_whole, parse_constant=_refuse, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        raise QuestionnaireRefused([Refusal("", "not_json")]) from None


def refuse_deep(text: str) -> None:
    """Raise ValueError for brackets in brackets beyond any form; what stands in strings may count too."""
    depth, is_inside, is_escaped = 0, False, False
    for mark in text:
        if is_inside:
            is_inside = is_escaped or mark != '"'
            is_escaped = mark == "\\" and not is_escaped
        elif mark == '"':
            is_inside = True
        elif mark in "[{":
            depth += 1
            if depth > MOST_BRACKETS:
                raise ValueError("depth")
        elif mark in "]}":
            depth -= 1


def _number(text: str) -> float:
    number = float(text)
    if len(text) > 40 or not math.isfinite(number):
        raise ValueError("number")
    return number


def _whole(text: str) -> int:
    if len(text) > 20:
        raise ValueError("number")
    return int(text)


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(name)
        found[name] = value
    return found
