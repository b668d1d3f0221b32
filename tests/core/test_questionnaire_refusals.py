"""What can't be asked is refused by name, and what comes in with less than was meant is said."""

import json
from typing import Any, get_args

import pytest

from core.questionnaires import (
    Coding,
    QuestionnaireRefused,
    import_questionnaire,
    load_json,
    note_in_words,
    read_questionnaire,
    refusal_in_words,
    write_questionnaire,
)
from core.questionnaires.refusals import Lesser, Reason
from core.questionnaires.words import NOTES, REFUSALS

CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
BELOW = {"linkId": "r", "text": "And?", "type": "string"}


def resource(*more: dict[str, Any], **item: Any) -> dict[str, Any]:
    """A questionnaire of one question with something in it changed, and more items."""
    asked = {"linkId": "q", "text": "How are you?", "type": "string", **item}
    return {
        "resourceType": "Questionnaire",
        "url": "urn:test:one",
        "version": "1",
        "title": "One",
        "status": "active",
        "item": [asked, *more],
    }


def refused(raw: Any) -> list[tuple[str, str]]:
    """(linkId, reason) of all that stands against a questionnaire."""
    with pytest.raises(QuestionnaireRefused) as caught:
        read_questionnaire(raw)
    return [(refusal.link_id, refusal.reason) for refusal in caught.value.refusals]


def noted(raw: Any) -> list[tuple[str, str]]:
    """(linkId, what) of all that came in otherwise."""
    return [(note.link_id, note.what) for note in import_questionnaire(raw)[1]]


def when(question: str = "q", operator: str = "=", **answer: Any) -> dict[str, Any]:
    return {"question": question, "operator": operator, **(answer or {"answerString": "x"})}


def calculated(expression: str, **more: Any) -> list[dict[str, Any]]:
    value = {"language": "text/fhirpath", "expression": expression, **more}
    return [{"url": f"{SDC}calculatedExpression", "valueExpression": value}]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"type": "reference"}, "reference_unsupported"),
        ({"type": ["string"]}, "kind_unsupported"),
        ({"type": "question"}, "kind_unsupported"),
        ({"type": "coding"}, "other_release"),
        ({"option": [{"valueString": "x"}]}, "other_release"),
        ({"answerConstraint": "optionsOnly"}, "other_release"),
        ({"disabledDisplay": "hidden"}, "other_release"),
        ({"enableWhen": [{"question": "q", "hasAnswer": True}]}, "other_release"),
        ({"enableWhen": [when("nobody")]}, "condition_dangling"),
        ({"enableWhen": [when()]}, "condition_circular"),
        ({"enableWhen": [when(operator="~")]}, "condition_wrong"),
        ({"enableWhen": [when(), when()]}, "condition_wrong"),
        ({"enableWhen": [when(operator="exists")]}, "condition_wrong"),
        ({"enableWhen": [when(answerBoolean="Sad")]}, "condition_wrong"),
        ({"enableWhen": [when(answerInteger=1)]}, "condition_wrong"),
        ({"extension": [{"url": f"{SDC}enableWhenExpression"}]}, "changes_meaning"),
        ({"extension": [{"url": f"{SDC}answerExpression"}]}, "changes_meaning"),
        ({"extension": [{"url": f"{CORE}minValue", "valueInteger": 1}]}, "bounds_wrong"),
        ({"extension": [{"url": f"{CORE}questionnaire-maxOccurs", "valueInteger": 0}]}, "repeats"),
        ({"extension": [{"url": f"{CORE}questionnaire-minOccurs", "valueInteger": 2}]}, "repeats"),
        ({"extension": [{"url": f"{CORE}questionnaire-minOccurs", "valueInteger": "1"}]}, "malformed"),
        ({"type": "choice", "answerValueSet": "http://example.com/set"}, "value_set"),
        ({"type": "choice", "answerValueSet": "#nowhere"}, "value_set"),
        ({"modifierExtension": [{"url": "x"}]}, "modifier"),
        ({"type": "boolean", "repeats": True}, "repeats"),
        ({"repeats": "yes"}, "malformed"),
        ({"maxLength": True}, "malformed"),
        ({"maxLength": 0}, "max_length_wrong"),
        ({"repeats": True, "item": [BELOW]}, "below_several"),
        ({"type": "display", "item": [BELOW]}, "below_several"),
        ({"answerOption": [{"valueString": "x"}]}, "option_unsupported"),
        ({"type": "choice"}, "options_missing"),
        ({"type": "choice", "answerOption": [{"valueReference": {}}]}, "option_unsupported"),
        ({"type": "choice", "answerOption": [{"valueCoding": {}}]}, "option_unsupported"),
        ({"type": "choice", "answerOption": ["x"]}, "malformed"),
        ({"type": "choice", "answerOption": [{"valueString": "x"}] * 2}, "options_alike"),
        ({"type": "group", "item": []}, "nothing_asked"),
        ({"text": 7}, "malformed"),
        ({"text": "a\x00b"}, "text_wrong"),
        ({"text": "\u202egnp.exe"}, "text_wrong"),
        ({"linkId": ""}, "link_id_missing"),
        (
            {"extension": calculated("%resource.item.where(linkId = 'q').answer.value + 'x'")},
            "calculation_circular",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(item: dict[str, Any], reason: str) -> None:
    assert reason in [why for _link_id, why in refused(resource(**item))]


@pytest.mark.parametrize("raw", [None, [], {}, {"resourceType": "Patient"}, "Questionnaire"])
def test_what_is_no_questionnaire_is_refused(raw: Any) -> None:
    assert refused(raw) == [("", "not_a_questionnaire")]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("url", "a|b", "url_wrong"),
        ("url", "a b", "url_wrong"),
        ("version", "1|2", "url_wrong"),
        ("modifierExtension", [{}], "modifier"),
        ("item", "x", "malformed"),
        ("item", None, "malformed"),
        ("contained", "x", "value_set"),
    ],
)
def test_the_whole_must_be_right_too(name: str, value: Any, reason: str) -> None:
    asked = {"type": "choice", "answerValueSet": "#c"} if name == "contained" else {}
    assert reason in [why for _link_id, why in refused({**resource(**asked), name: value})]


def below(levels: int) -> dict[str, Any]:
    """A group in groups."""
    item: dict[str, Any] = BELOW
    for level in range(levels):
        item = {"linkId": f"g{level}", "type": "group", "text": "In", "item": [item]}
    return item


def test_A42_depth_items_doubles_and_circles_have_named_limits() -> None:
    assert refused(resource(below(49))) == [("", "too_deep")]
    assert read_questionnaire(resource(below(9)))
    many = [{**BELOW, "linkId": str(number)} for number in range(5000)]
    assert refused({**resource(), "item": many}) == [("", "too_many_items")]
    assert refused(resource(BELOW, BELOW)) == [("r", "link_id_twice")]
    first = {**BELOW, "linkId": "a", "enableWhen": [when("b")]}
    second = {**BELOW, "linkId": "b", "enableWhen": [when("a")]}
    third = {**BELOW, "linkId": "c", "enableWhen": [when("a")]}
    assert refused(resource(first, second, third)) == [
        ("a", "condition_circular"),
        ("b", "condition_circular"),
    ]
    options = [{"valueString": str(number)} for number in range(501)]
    assert ("q", "too_many_options") in refused(resource(type="choice", answerOption=options))


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"1" * 5000 + b"}",
        b"\xff\xfe{}",
        b"",
        b"not json",
        b'"' + b"x" * 2_000_001 + b'"',
    ],
)
def test_A41_json_that_would_break_a_reader_is_refused(content: bytes) -> None:
    with pytest.raises(QuestionnaireRefused) as caught:
        load_json(content)
    assert caught.value.refusals[0].reason in {"not_json", "too_large"}


def test_json_with_brackets_in_its_texts_is_read() -> None:
    raw = resource(text="[[[" * 200)
    assert load_json(json.dumps(raw).encode()) == raw


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        ({**resource(), "url": ""}, ("", "url_made")),
        ({**resource(), "title": ""}, ("", "title_made")),
        ({**resource(), "status": "unknown"}, ("", "status_made")),
        ({**resource(), "colour": "blue"}, ("", "field_unknown")),
        (resource(text=""), ("q", "text_made")),
        (resource(type="integer", maxLength=3), ("q", "field_unknown")),
        (resource(extension=[{"url": f"{CORE}regex", "valueString": "(a+)+$"}]), ("q", "not_done")),
        (resource(extension=[{"url": f"{SDC}initialExpression"}]), ("q", "not_done")),
        (resource(BELOW, extension=calculated("today()")), ("q", "not_calculated")),
        (resource(BELOW, extension=calculated("%patient.name")), ("q", "not_calculated")),
        (resource(BELOW, extension=calculated("1 +")), ("q", "not_calculated")),
        (resource(BELOW, extension=calculated("1", language="text/cql")), ("q", "not_calculated")),
        (resource(BELOW, extension=calculated("'" + "x" * 6000)), ("q", "not_calculated")),
        (resource(initial=[{"valueInteger": 3}]), ("q", "initial_left")),
    ],
)
def test_what_comes_in_with_less_is_said_by_linkid(raw: dict[str, Any], note: tuple[str, str]) -> None:
    assert note in noted(raw)


def test_a_choice_compared_with_words_says_so() -> None:
    options = [
        {"valueCoding": {"code": code, "system": "urn:x", "display": f"Number {code}"}} for code in "12"
    ]
    raw = resource({**BELOW, "enableWhen": [when(answerString="2")]}, type="choice", answerOption=options)
    assert noted(raw) == [("r", "compared_by_code")]


def test_answers_in_a_list_are_read_from_inside_or_handed_over_and_stay_a_list() -> None:
    concept = [{"code": "a", "display": "A"}, {"code": "b", "display": "B"}]
    inside = {
        "resourceType": "ValueSet",
        "id": "c",
        "status": "active",
        "compose": {"include": [{"system": "urn:x", "concept": concept}]},
    }
    raw = {**resource(type="choice", answerValueSet="#c"), "contained": [inside]}
    asked = read_questionnaire(raw)
    assert [option.value for option in asked.items[0].options] == [
        Coding("A", "a", "urn:x"),
        Coding("B", "b", "urn:x"),
    ]
    assert write_questionnaire(asked)["item"][0] == {
        "linkId": "q",
        "text": "How are you?",
        "type": "choice",
        "answerValueSet": "#c",
    }
    expanded = {
        "resourceType": "ValueSet",
        "url": "http://example.com/set",
        "status": "active",
        "expansion": {"timestamp": "2026-01-01", "contains": [{"code": "a", "system": "urn:x"}]},
    }
    elsewhere = resource(type="choice", answerValueSet="http://example.com/set|2")
    handed = read_questionnaire(elsewhere, {"http://example.com/set": expanded})
    assert [option.display for option in handed.items[0].options] == ["a"]
    assert read_questionnaire(write_questionnaire(handed)) == handed, "it is inside from now on"
    by_rule = {**inside, "compose": {"include": [{"system": "urn:x", "filter": [{}]}]}}
    assert refused({**raw, "contained": [by_rule]}) == [("q", "value_set_wrong")]


def test_every_reason_and_note_has_its_sentence() -> None:
    assert set(REFUSALS) == set(get_args(Reason))
    assert set(NOTES) == set(get_args(Lesser))
    with pytest.raises(QuestionnaireRefused) as caught:
        read_questionnaire(resource(type="question"))
    assert refusal_in_words(caught.value.refusals[0]) == "Questions of the kind question can't be asked."
    note = import_questionnaire({**resource(), "url": ""})[1][0]
    assert note_in_words(note).startswith("It had no address")
