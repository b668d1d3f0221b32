"""Questionnaires as FHIR R4 JSON: what we write is plain, complete and strict."""

from typing import Any

from core.questionnaires.model import Item, Option, Questionnaire
from core.questionnaires.refusals import verify


def write_questionnaire(questionnaire: Questionnaire) -> dict[str, Any]:
    """The FHIR R4 resource, of str, int, bool, list and dict; QuestionnaireRefused if it is none."""
    verify(questionnaire)
    written: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "url": questionnaire.url,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "status": questionnaire.status,
        "subjectType": ["Patient"],
        "description": questionnaire.description,
        "item": [write_item(item) for item in questionnaire.items],
    }
    return without_blanks(written)


def write_item(item: Item) -> dict[str, Any]:
    """One item; what has its usual value is left out, as FHIR allows no empty values."""
    written: dict[str, Any] = {
        "linkId": item.link_id,
        "definition": item.definition,
        "text": item.text,
        "type": item.kind,
        "required": item.required,
        "repeats": item.repeats,
        "maxLength": item.max_length,
        "answerOption": [write_option(option) for option in item.options],
        "item": [write_item(inner) for inner in item.items],
    }
    return without_blanks(written)


def write_option(option: Option) -> dict[str, Any]:
    """One answer that is offered."""
    if not option.code:
        return {"valueString": option.display}
    return {"valueCoding": write_coding(option)}


def write_coding(option: Option) -> dict[str, str]:
    """A coding with the words that were shown."""
    return without_blanks({"system": option.system, "code": option.code, "display": option.display})


def without_blanks(written: dict[str, Any]) -> dict[str, Any]:
    """FHIR has no empty strings, lists or nulls; false is what an absent flag means."""
    return {
        name: value
        for name, value in written.items()
        if value is not None and value is not False and value not in ("", [], {})
    }
