"""Answers to all that a questionnaire asks, made up by kind: for tests with forms that nobody has read."""

import base64
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from core import questionnaires as q
from core.questionnaires.conditions import Enabled

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(16)
ROUNDS = 4  # what comes up by an answer is answered in the next one


def answer_everything(form: q.Questionnaire) -> q.Response:
    """A response with an answer wherever one is asked, two times of each group that repeats."""
    given = q.given_in(form, q.begin(form))
    for _round in range(ROUNDS):
        for item, place in list(q.places(form, given)):
            if item.kind == "group" and item.repeats:
                given.counts.setdefault(place, max(2, item.least_occurs))
        enabled = Enabled.of(form, given)
        for item, place in q.places(form, given):
            if item.is_asked and place in enabled and place not in given.values:
                count = max(item.least_occurs, 2) if item.is_indexed else 1
                given.values[place] = tuple(value_for(item) for _time in range(count))
            if item.signature and place in enabled:
                given.signatures[place] = q.Signature("Ana Bo", AT)
    if form.signature:
        given.signatures[q.Place("")] = q.Signature("Ana Bo", AT)
    return q.respond(form, given)


def value_for(item: q.Item) -> Any:
    """One answer of the item's kind, within its bounds."""
    bound: Any = item.least if item.least is not None else item.most
    number = Decimal(str(bound)) if bound is not None and item.kind in {"decimal", "quantity"} else Decimal(3)
    unit = (item.units or ((item.unit,) if item.unit else (q.Coding(""),)))[0]
    if item.options:
        return item.options[0].value
    return {
        "boolean": True,
        "integer": bound if bound is not None else 3,
        "decimal": number,
        "quantity": q.Quantity(number, unit.display or unit.code, unit.code, unit.system),
        "date": bound or date(1990, 12, 31),
        "dateTime": bound or AT,
        "time": bound or time(14, 30),
        "url": q.Url("https://example.com/"),
        "attachment": q.Attachment("image/png", "card.png", len(PICTURE), base64.b64encode(PICTURE).decode()),
    }.get(item.kind, "words"[: item.max_length or 5])
