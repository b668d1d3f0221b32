"""Questionnaires as FHIR R4 JSON: what we write is plain, complete and strict."""

from collections.abc import Iterable, Iterator
from typing import Any

from core.questionnaires import extensions as ext
from core.questionnaires.items import Condition, Expression, Item, Option
from core.questionnaires.model import Questionnaire
from core.questionnaires.values import Coding, write_coding, write_number, write_value
from core.questionnaires.verifying import verify


def write_questionnaire(questionnaire: Questionnaire) -> dict[str, Any]:
    """The FHIR R4 resource, of str, int, float, bool, list and dict; QuestionnaireRefused if it is none."""
    verify(questionnaire)
    return as_resource(questionnaire)


def as_resource(questionnaire: Questionnaire) -> dict[str, Any]:
    """The same of one that was judged already."""
    extensions = [*signature_of(questionnaire.signature), *map(write_variable, questionnaire.variables)]
    kept = dict(questionnaire.kept)
    written: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "url": questionnaire.url,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "status": questionnaire.status,
        "subjectType": ["Patient"],
        "description": questionnaire.description,
        "code": [write_coding(code) for code in questionnaire.codes],
        "item": [write_item(item) for item in questionnaire.items],
    }
    return finish(written, extensions, kept)


def write_item(item: Item) -> dict[str, Any]:
    """One item; what has its usual value is left out, as FHIR allows no empty values."""
    written: dict[str, Any] = {
        "linkId": item.link_id,
        "definition": item.definition,
        "code": [write_coding(code) for code in item.codes],
        "prefix": item.prefix,
        "text": item.text,
        "type": item.kind,
        "enableWhen": [write_condition(condition) for condition in item.conditions],
        "enableBehavior": behaviour_of(item),
        "required": item.required,
        "repeats": item.repeats,
        "readOnly": item.read_only,
        "maxLength": item.max_length,
        "answerValueSet": item.value_set,
        "answerOption": [] if item.value_set else [write_option(option) for option in item.options],
        "initial": [write_value(value) for value in item.initial],
        "item": [write_item(inner) for inner in item.items],
    }
    return finish(written, list(extensions_of(item)), dict(item.kept))


def behaviour_of(item: Item) -> str | None:
    """Whether one condition is enough; needed where there are more."""
    if not item.conditions:
        return None
    return "any" if item.any_condition else "all" if len(item.conditions) > 1 else None


def finish(written: dict[str, Any], extensions: list[dict[str, Any]], kept: dict[str, Any]) -> dict[str, Any]:
    """With what was kept: our extensions as they were written, if they still say the same."""
    was_written = kept.pop("written", [])
    for number, ours in enumerate(extensions):
        theirs = [one for one in was_written if one["url"] == ours["url"]]
        extensions[number] = next((one for one in theirs if says_the_same(one, ours)), ours)
    written["extension"] = [*extensions, *kept.pop("extension", [])]
    return without_blanks({**written, **kept})


def says_the_same(theirs: dict[str, Any], ours: dict[str, Any]) -> bool:
    """Whether theirs holds all of ours, perhaps in more words; any signature is a signature."""
    return ours["url"] == ext.SIGNATURE or holds(theirs, ours)


def holds(theirs: Any, ours: Any) -> bool:
    """Whether all of `ours` stands in `theirs` at the same place."""
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(holds(theirs.get(name), ours[name]) for name in ours)
    if isinstance(ours, list):
        return isinstance(theirs, list) and all(map(holds, theirs, ours)) and len(theirs) >= len(ours)
    return bool(theirs == ours)


def extensions_of(item: Item) -> Iterator[dict[str, Any]]:
    """What R4 says of an item by extension only."""
    if item.hidden:
        yield ext.extension(ext.HIDDEN, "valueBoolean", True)
    if item.control:
        yield ext.extension(ext.CONTROL, "valueCodeableConcept", ext.control(item.control))
    counts = (
        (ext.MIN_OCCURS, item.min_occurs),
        (ext.MAX_OCCURS, item.max_occurs),
        (ext.MIN_LENGTH, item.min_length),
        (ext.MAX_DECIMALS, item.max_decimals),
    )
    yield from (ext.extension(url, "valueInteger", count) for url, count in counts if count is not None)
    for url, bound in ((ext.MIN_VALUE, item.least), (ext.MAX_VALUE, item.most)):
        if bound is not None:
            yield {"url": url, **write_value(bound)}
    yield from units_of(item)
    if item.entry_format:
        yield ext.extension(ext.ENTRY_FORMAT, "valueString", item.entry_format)
    yield from (ext.extension(ext.MIME_TYPE, "valueCode", kind) for kind in item.media_types)
    if item.max_bytes is not None:
        yield ext.extension(ext.MAX_SIZE, "valueDecimal", item.max_bytes)
    yield from signature_of(item.signature)
    yield from map(write_variable, item.variables)
    if item.calculation:
        yield ext.extension(ext.CALCULATED, "valueExpression", write_expression(item.calculation))


def units_of(item: Item) -> Iterator[dict[str, Any]]:
    """The unit of a number, or those to choose from."""
    if item.unit:
        yield ext.extension(ext.UNIT, "valueCoding", write_coding(item.unit))
    for unit in item.units:
        yield ext.extension(ext.UNIT_OPTION, "valueCoding", write_coding(unit))


def signature_of(is_signed: bool) -> Iterable[dict[str, Any]]:  # noqa: FBT001 -- it is all there is to tell
    """That a signature is needed."""
    return [ext.extension(ext.SIGNATURE, "valueCodeableConcept", ext.CONSENT)] if is_signed else []


def write_variable(variable: Expression) -> dict[str, Any]:
    """A named piece of calculations."""
    return ext.extension(ext.VARIABLE, "valueExpression", write_expression(variable))


def write_expression(expression: Expression) -> dict[str, Any]:
    """A FHIRPath expression."""
    written = {"name": expression.name, "language": "text/fhirpath", **expression.kept}
    return without_blanks({**written, "expression": expression.text})


def write_condition(condition: Condition) -> dict[str, Any]:
    """When an item is asked."""
    answer = write_value(condition.answer, "answer")
    return {"question": condition.question, "operator": condition.operator, **answer}


def write_option(option: Option) -> dict[str, Any]:
    """One answer that is offered."""
    written: dict[str, Any] = write_value(option.value)
    extensions: list[dict[str, Any]] = []
    if option.prefix:
        extensions.append(ext.extension(ext.OPTION_PREFIX, "valueString", option.prefix))
    if option.score is not None:
        extensions.append(ext.extension(ext.ORDINAL, "valueDecimal", write_number(option.score)))
    if isinstance(option.value, Coding) and "coding" in option.kept:
        written["valueCoding"] |= option.kept["coding"]
    written["initialSelected"] = option.is_initial
    written["extension"] = [*extensions, *option.kept.get("extension", [])]
    return without_blanks(written)


def without_blanks(written: dict[str, Any]) -> dict[str, Any]:
    """FHIR has no empty strings, lists or nulls; false is what an absent flag means."""
    return {
        name: value
        for name, value in written.items()
        if value is not None and value is not False and value not in ("", [], {})
    }
