"""Answers that are worked out from others, and a response without what was not asked."""

from dataclasses import replace
from decimal import Decimal, DecimalException
from typing import Any

from core.questionnaires import extensions as ext
from core.questionnaires.conditions import Enabled
from core.questionnaires.evaluating import Evaluator
from core.questionnaires.functions import Collection, NotCalculated
from core.questionnaires.items import CHOSEN, Item
from core.questionnaires.judging import judge
from core.questionnaires.model import Questionnaire
from core.questionnaires.programs import in_order
from core.questionnaires.response_json import write_response
from core.questionnaires.responses import Given, Place, Response, given_in, respond
from core.questionnaires.values import Coding, Quantity, Value, ValueUnreadable, plain, read_coding
from core.questionnaires.writing import as_resource

ROUNDS = 3  # a result can change what is asked, which can change a result
MOST_DIGITS = 12


def calculate(questionnaire: Questionnaire, given: Given) -> Given:
    """The answers with all that is worked out from them; what can't be worked out is absent."""
    order = in_order(questionnaire)
    if not order:
        return given
    for _round in range(ROUNDS):
        before = dict(given.values)
        for item, _program in order:
            given.values.pop(Place(item.link_id), None)
        enabled = Enabled.of(questionnaire, given)
        asked = Given(
            {place: values for place, values in given.values.items() if place in enabled}, given.counts
        )
        for item, program in order:
            place = Place(item.link_id)
            resource = evaluable(questionnaire, asked)
            try:
                found = Evaluator(resource, questionnaire_json(questionnaire)).run(
                    program.tree, program.variables
                )
                value = answer_of(item, found)
            except NotCalculated:
                continue
            if value is not None and not list(judge(item, (value,))):
                given.values[place] = asked.values[place] = (value,)
        if given.values == before:
            break
    return given


def settle(questionnaire: Questionnaire, response: Response) -> Response:
    """The response with what is worked out, and without answers to what is not asked."""
    given = calculate(questionnaire, given_in(questionnaire, response))
    enabled = Enabled.of(questionnaire, given)
    values = {place: values for place, values in given.values.items() if place in enabled}
    signatures = {
        place: one for place, one in given.signatures.items() if not place.link_id or place in enabled
    }
    settled = respond(questionnaire, Given(values, given.counts, signatures))
    return replace(settled, status=response.status, authored_at=response.authored_at)


def questionnaire_json(questionnaire: Questionnaire) -> dict[str, Any]:
    """The questionnaire as expressions see it."""
    if "resource" not in questionnaire.known:
        questionnaire.known["resource"] = as_resource(questionnaire)
    found: dict[str, Any] = questionnaire.known["resource"]
    return found


def evaluable(questionnaire: Questionnaire, given: Given) -> dict[str, Any]:
    """The response as expressions see it: codings carry the scores of the options that they are."""
    written = write_response(respond(questionnaire, given))
    waiting = list(written.get("item", []))
    while waiting:
        one = waiting.pop()
        item = questionnaire.by_link_id[one["linkId"]]
        waiting += one.get("item", [])
        for answer in one.get("answer", []):
            waiting += answer.get("item", [])
            if "valueCoding" in answer and item.kind in CHOSEN:
                option = item.option(read_coding(answer["valueCoding"]).key)
                if option and option.score is not None:
                    answer["valueCoding"]["extension"] = [
                        ext.extension(ext.ORDINAL, "valueDecimal", option.score)
                    ]
    return written


def answer_of(item: Item, found: Collection) -> Value | None:  # noqa: C901, PLR0911 -- a line a type
    """The result as an answer of the item's kind, None for none; NotCalculated for another kind."""
    if not found:
        return None
    if len(found) > 1:
        raise NotCalculated("more than one")
    match item.kind, found[0]:
        case "boolean", bool(value):
            return value
        case "integer", Decimal() as number if number == int(number):
            return int(number)
        case "decimal", Decimal() as number:
            return shortened(number)
        case "quantity", Decimal() as number:
            unit = item.unit or Coding("")
            return Quantity(shortened(number), unit.display or unit.code, unit.code, unit.system)
        case "string" | "text", str(words):
            return words
        case "choice" | "open-choice", dict(coding):
            try:
                option = item.option(read_coding(coding).key)
            except ValueUnreadable as error:
                raise NotCalculated(str(error)) from None
            if option is not None:
                return option.value
    raise NotCalculated(item.kind)


def shortened(number: Decimal) -> Decimal:
    """A number to as many digits as an answer may have."""
    try:
        value = plain(round(number, max(0, MOST_DIGITS - max(number.adjusted() + 1, 1))))
    except DecimalException as error:
        raise NotCalculated(str(error)) from error
    assert isinstance(value, Decimal)
    return value
