"""Questionnaires go out and come back as they were, and what can't be asked is refused by name."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as JudgedQuestionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as JudgedResponse
from hypothesis import given

from core.i18n import reading
from core.questionnaires import (
    Answered,
    Questionnaire,
    QuestionnaireRefused,
    Response,
    answers_by_section,
    answers_in_words,
    completed,
    read_questionnaire,
    read_response,
    refusal_in_words,
    respond,
    write_questionnaire,
    write_response,
)
from core.questionnaires.refusals import Reason
from core.questionnaires.words import REFUSALS
from tests.core.questionnaire_samples import ANSWERS, answered, every_kind, questionnaires, unhurried

AT = datetime(2026, 12, 3, 20, 2, tzinfo=UTC)


def refused(raw: Any) -> list[tuple[str, str]]:
    """(linkId, reason) of all that stands against a questionnaire."""
    with pytest.raises(QuestionnaireRefused) as caught:
        read_questionnaire(raw)
    return [(refusal.link_id, refusal.reason) for refusal in caught.value.refusals]


def resource(**item: Any) -> dict[str, Any]:
    """A questionnaire of one question, with something in it changed."""
    asked = {"linkId": "q", "text": "How are you?", "type": "string", **item}
    return {
        "resourceType": "Questionnaire",
        "url": "urn:test:one",
        "version": "1",
        "title": "One",
        "status": "active",
        "item": [asked],
    }


@unhurried
@given(questionnaires())
def test_a_questionnaire_comes_back_as_it_went(questionnaire: Questionnaire) -> None:
    sent = json.dumps(write_questionnaire(questionnaire))
    assert read_questionnaire(json.loads(sent)) == questionnaire


@unhurried
@given(answered())
def test_a_response_comes_back_as_it_went(pair: tuple[Questionnaire, Response]) -> None:
    questionnaire, response = pair
    given_for_good = completed(response, AT)
    back = read_response(json.loads(json.dumps(write_response(given_for_good))))
    assert back == given_for_good
    assert respond(questionnaire, back.answers) == response


@unhurried
@given(answered())
def test_fhir_resources_takes_what_we_write(pair: tuple[Questionnaire, Response]) -> None:
    questionnaire, response = pair
    for judge, written in (
        (JudgedQuestionnaire, write_questionnaire(questionnaire)),
        (JudgedResponse, write_response(completed(response, AT))),
    ):
        judged = judge.model_validate_json(json.dumps(written))
        assert json.loads(judged.model_dump_json()) == json.loads(json.dumps(written))


def test_fhir_resources_takes_answers_of_every_kind() -> None:
    questionnaire = every_kind()
    response = completed(respond(questionnaire, ANSWERS), AT)
    written = write_response(response)
    judged = JudgedResponse.model_validate_json(json.dumps(written))
    assert judged.status == "completed"
    answer = {
        item["linkId"]: item.get("answer")
        for group in written["item"]
        for item in (group, *group.get("item", []))
    }
    assert answer["line"] == [{"valueString": "Ana"}]
    assert answer["whole"] == [{"valueInteger": 3}]
    assert answer["number"] == [{"valueDecimal": 2.5}]
    assert answer["day"] == [{"valueDate": "1990-12-31"}]
    assert answer["sure"] == [{"valueBoolean": False}]
    assert answer["one"] == [{"valueCoding": {"system": "urn:test", "code": "a", "display": "A lot"}}]
    assert answer["several"] == [{"valueString": "Red"}, {"valueString": "Blue"}]
    assert read_response(written).answers == {**ANSWERS, "number": (Decimal("2.5"),)}


def test_what_is_usual_is_left_out_of_the_resource() -> None:
    assert write_questionnaire(read_questionnaire(resource(required=False, repeats=False))) == {
        "resourceType": "Questionnaire",
        "url": "urn:test:one",
        "version": "1",
        "title": "One",
        "status": "active",
        "subjectType": ["Patient"],
        "item": [{"linkId": "q", "text": "How are you?", "type": "string"}],
    }


def test_unknown_fields_are_passed_over() -> None:
    raw = resource(prefix="1.", code=[{"code": "x"}], extension=[{"url": "urn:else", "valueCode": "x"}])
    assert read_questionnaire({**raw, "publisher": "Somebody", "meta": {}}) == read_questionnaire(resource())


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"type": "dateTime"}, "kind_unsupported"),
        ({"type": "open-choice"}, "kind_unsupported"),
        ({"type": ["string"]}, "kind_unsupported"),
        ({"type": "coding"}, "other_release"),
        ({"option": [{"valueString": "x"}]}, "other_release"),
        ({"answerConstraint": "optionsOnly"}, "other_release"),
        ({"disabledDisplay": "hidden"}, "other_release"),
        ({"enableWhen": [{"question": "q"}]}, "condition"),
        ({"initial": [{"valueString": "x"}]}, "initial"),
        ({"readOnly": True}, "read_only"),
        ({"answerValueSet": "http://example.com/set"}, "value_set"),
        ({"modifierExtension": [{"url": "x"}]}, "modifier"),
        ({"repeats": True}, "repeats"),
        ({"repeats": "yes"}, "malformed"),
        ({"maxLength": True}, "malformed"),
        ({"maxLength": 0}, "max_length_wrong"),
        ({"item": [{"linkId": "r", "text": "And?", "type": "string"}]}, "nested"),
        ({"answerOption": [{"valueString": "x"}]}, "option_unsupported"),
        ({"type": "choice"}, "options_missing"),
        ({"type": "choice", "answerOption": [{"valueInteger": 1}]}, "option_unsupported"),
        ({"type": "choice", "answerOption": [{"valueCoding": {"display": "x"}}]}, "option_unsupported"),
        ({"type": "choice", "answerOption": ["x"]}, "malformed"),
        ({"type": "choice", "answerOption": [{"valueString": "x"}] * 2}, "options_alike"),
        ({"type": "group", "item": []}, "nothing_asked"),
        ({"text": ""}, "text_missing"),
        ({"text": 7}, "malformed"),
        ({"text": "a\x00b"}, "text_wrong"),
        ({"text": "\u202egnp.exe"}, "text_wrong"),
        ({"linkId": ""}, "link_id_missing"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(item: dict[str, Any], reason: str) -> None:
    assert reason in [why for _link_id, why in refused(resource(**item))]


@pytest.mark.parametrize("name", ["minValue", "maxValue", "questionnaire-hidden", "regex"])
def test_rules_that_cannot_be_kept_are_refused(name: str) -> None:
    url = f"http://hl7.org/fhir/StructureDefinition/{name}"
    assert refused(resource(extension=[{"url": url}])) == [("q", "changes_meaning")]
    sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    assert refused(resource(extension=[{"url": sdc}])) == [("q", "changes_meaning")]


@pytest.mark.parametrize("raw", [None, [], {}, {"resourceType": "Patient"}, "Questionnaire"])
def test_what_is_no_questionnaire_is_refused(raw: Any) -> None:
    assert refused(raw) == [("", "not_a_questionnaire")]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("url", "", "url_wrong"),
        ("url", "a|b", "url_wrong"),
        ("url", "a b", "url_wrong"),
        ("version", "1|2", "url_wrong"),
        ("status", "new", "status_unknown"),
        ("title", "", "title_missing"),
        ("modifierExtension", [{}], "modifier"),
        ("item", "x", "malformed"),
        ("item", None, "malformed"),
    ],
)
def test_the_whole_must_be_right_too(name: str, value: Any, reason: str) -> None:
    assert reason in [why for _link_id, why in refused({**resource(), name: value})]


def test_A42_depth_count_and_same_linkids_have_named_limits() -> None:
    deep: dict[str, Any] = {"linkId": "0", "type": "group"}
    for level in range(50):
        deep = {"linkId": str(level + 1), "type": "group", "item": [deep]}
    assert ("49", "nested") in refused({**resource(), "item": [deep]})
    many = [{"linkId": str(n), "text": "?", "type": "string"} for n in range(5000)]
    assert refused({**resource(), "item": many}) == [("", "too_many_items")]
    twice = resource()["item"] * 2
    assert refused({**resource(), "item": twice}) == [("q", "link_id_twice")]


def test_every_reason_has_its_sentence() -> None:
    assert set(REFUSALS) == set(get_args(Reason))
    with pytest.raises(QuestionnaireRefused) as caught:
        read_questionnaire(resource(type="quantity"))
    assert refusal_in_words(caught.value.refusals[0]) == "Questions of the kind quantity can't be asked."


@pytest.mark.parametrize(
    "answer",
    [
        {"valueDateTime": "2026-12-03"},
        {"valueInteger": True},
        {"valueDecimal": True},
        {"valueDecimal": "1"},
        {"valueDecimal": float("nan")},
        {"valueDecimal": float("inf")},
        {"valueDecimal": 10**400},
        {"valueDate": "2026"},
        {"valueDate": "2026-W01-1"},
        {"valueCoding": {}},
        {"valueString": "a\x00"},
        {},
        "x",
    ],
)
def test_A45_answers_of_other_types_are_refused(answer: Any) -> None:
    raw = {"resourceType": "QuestionnaireResponse", "status": "in-progress", "questionnaire": "x|1"}
    with pytest.raises(QuestionnaireRefused) as caught:
        read_response({**raw, "item": [{"linkId": "q", "answer": [answer]}]})
    assert caught.value.refusals[0].link_id == "q"


@pytest.mark.parametrize(
    "change",
    [
        {"resourceType": "Patient"},
        {"status": "stopped"},
        {"authored": "soon"},
        {"authored": "2026-12-03"},
        {"item": ["x"]},
        {"item": [{"linkId": "a", "item": [{"linkId": "b", "item": [{"linkId": "c"}]}]}]},
    ],
)
def test_what_is_no_response_is_refused(change: dict[str, Any]) -> None:
    raw = {"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "x|1"}
    assert read_response(raw) == Response(questionnaire="x|1", status="completed")
    with pytest.raises(QuestionnaireRefused):
        read_response({**raw, **change})


def test_answers_read_as_sentences_in_the_readers_language() -> None:
    questionnaire = every_kind()
    response = respond(questionnaire, ANSWERS)
    pairs = dict(answers_in_words(questionnaire, response))
    assert pairs["Number?"] == "2.5"
    assert pairs["Day?"] == "December 31, 1990"
    assert pairs["One?"] == "A lot"
    assert pairs["Several?"] == "Red\nBlue"
    assert pairs["Sure?"] == "No"
    with reading("es", "America/Chicago"):
        assert dict(answers_in_words(questionnaire, response))["Day?"] == "31 de diciembre de 1990"


def test_what_was_not_answered_is_shown_only_when_asked_for() -> None:
    questionnaire = every_kind()
    response = respond(questionnaire, {"line": ("Ana",)})
    assert answers_in_words(questionnaire, response) == [("Line?", "Ana")]
    assert answers_in_words(questionnaire, None) == []
    shown = answers_by_section(questionnaire, response, blanks="Not answered")
    assert [section.number for section, _pairs in shown] == [1, 2]
    assert ("Words?", "Not answered") in shown[0][1]


def test_a_response_keeps_the_words_that_were_asked() -> None:
    questionnaire = every_kind()
    response = respond(questionnaire, {"line": ("Ana",)})
    other = replace(questionnaire, title="Else")
    assert response.items[0].items[0] == Answered(link_id="line", text="Line?", values=("Ana",))
    assert response.questionnaire == other.canonical == "urn:test:every-kind|3"
