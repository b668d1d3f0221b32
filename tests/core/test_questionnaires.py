"""Questionnaires and responses go out and come back as they were, judged by somebody else's model of FHIR."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

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
    given_in,
    import_questionnaire,
    read_kept_response,
    read_questionnaire,
    read_response,
    respond,
    write_questionnaire,
    write_response,
)
from tests.core.questionnaire_samples import ANSWERS, AT, every_kind, unhurried
from tests.core.questionnaire_strategies import answered, questionnaires


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
    assert read_kept_response(write_response(given_for_good)) == given_for_good
    assert respond(questionnaire, given_in(questionnaire, back)) == response


@unhurried
@given(answered())
def test_fhir_resources_takes_what_we_write(pair: tuple[Questionnaire, Response]) -> None:
    questionnaire, response = pair
    for judge, written in (
        (JudgedQuestionnaire, write_questionnaire(questionnaire)),
        (JudgedResponse, write_response(completed(response, AT))),
    ):
        judged = judge.model_validate_json(json.dumps(written))
        assert judged.status == written["status"]


def test_fhir_resources_takes_answers_of_every_kind() -> None:
    questionnaire = every_kind()
    assert JudgedQuestionnaire.model_validate_json(json.dumps(write_questionnaire(questionnaire)))
    written = write_response(completed(respond(questionnaire, ANSWERS), AT))
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
    assert answer["moment"] == [{"valueDateTime": "2026-12-03T20:02:00Z"}]
    assert answer["hour"] == [{"valueTime": "14:30:00"}]
    assert answer["web"] == [{"valueUri": "https://example.com/a?b=c"}]
    unit = {"unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    assert answer["amount"] == [{"valueQuantity": {"value": 80.5, **unit}}]
    assert answer["names"] == [{"valueString": "Ann"}, {"valueString": "Bo"}]
    assert answer["sure"] == [{"valueBoolean": False}]
    assert answer["one"] == [{"valueCoding": {"system": "urn:test", "code": "a", "display": "A lot"}}]
    assert answer["several"] == [{"valueString": "Red"}, {"valueString": "Blue"}]
    assert answer["file"][0]["valueAttachment"]["contentType"] == "image/png"
    assert read_response(written).answers == {**ANSWERS, "number": (Decimal("2.5"),)}


def test_what_stands_below_a_question_stands_in_its_answer() -> None:
    questionnaire = read_questionnaire(
        {
            "resourceType": "Questionnaire",
            "url": "urn:test:below",
            "title": "Below",
            "status": "active",
            "item": [
                {
                    "linkId": "a",
                    "text": "Do you?",
                    "type": "boolean",
                    "item": [{"linkId": "b", "text": "How often?", "type": "integer"}],
                }
            ],
        }
    )
    written = write_response(respond(questionnaire, {"a": (True,), "b": (3,)}))
    below = [{"linkId": "b", "text": "How often?", "answer": [{"valueInteger": 3}]}]
    assert written["item"][0]["answer"] == [{"valueBoolean": True, "item": below}]
    assert JudgedResponse.model_validate_json(json.dumps(written))
    assert read_response(written).answers == {"a": (True,), "b": (3,)}


def test_what_is_usual_is_left_out_of_the_resource() -> None:
    raw = {
        "resourceType": "Questionnaire",
        "url": "urn:test:one",
        "version": "1",
        "title": "One",
        "status": "active",
        "subjectType": ["Patient"],
        "item": [{"linkId": "q", "text": "How are you?", "type": "string"}],
    }
    asked = {**raw["item"][0], "required": False, "repeats": False}  # type: ignore[dict-item] # a list of one
    assert write_questionnaire(read_questionnaire({**raw, "item": [asked]})) == raw


def test_what_we_do_not_need_is_given_back() -> None:
    raw: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "id": "x",
        "url": "urn:test:kept",
        "title": "Kept",
        "status": "draft",
        "publisher": "Somebody",
        "subjectType": ["Practitioner"],
        "extension": [{"url": "urn:else", "valueCode": "x"}],
        "item": [
            {
                "linkId": "q",
                "text": "How?",
                "_text": {"extension": [{"url": "urn:translated", "valueString": "¿Cómo?"}]},
                "type": "choice",
                "code": [{"code": "c", "display": "C", "userSelected": True}],
                "extension": [
                    {
                        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
                        "valueCodeableConcept": {
                            "coding": [
                                {
                                    "system": "http://hl7.org/fhir/questionnaire-item-control",
                                    "code": "drop-down",
                                }
                            ],
                            "text": "A list",
                        },
                    },
                    {"url": "urn:unheard-of", "valueInteger": 7},
                ],
                "answerOption": [
                    {
                        "valueCoding": {"code": "1", "display": "One", "_display": {"id": "t"}},
                        "extension": [{"url": "urn:more", "valueBoolean": True}],
                    }
                ],
            }
        ],
    }
    questionnaire, notes = import_questionnaire(raw)
    assert write_questionnaire(questionnaire) == raw
    assert notes == ()


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
        {"valueInteger": 10**400},
        {"valueDate": "2026"},
        {"valueDate": "2026-W01-1"},
        {"valueTime": "25:00:00"},
        {"valueCoding": {}},
        {"valueQuantity": {"unit": "kg"}},
        {"valueReference": {"reference": "Patient/1"}},
        {"valueString": "a\x00"},
        {"valueString": "a", "valueInteger": 1},
        {},
        "x",
    ],
)
def test_A45_answers_of_other_types_are_refused(answer: Any) -> None:
    raw = {"resourceType": "QuestionnaireResponse", "status": "in-progress", "questionnaire": "x|1"}
    with pytest.raises(QuestionnaireRefused) as caught:
        read_response({**raw, "item": [{"linkId": "q", "answer": [answer]}]})
    assert caught.value.refusals[0].link_id == "q"


def deep(levels: int) -> dict[str, Any]:
    """An item with so many below it."""
    item: dict[str, Any] = {"linkId": "x"}
    for _level in range(levels):
        item = {"linkId": "x", "item": [item]}
    return item


@pytest.mark.parametrize(
    "change",
    [
        {"resourceType": "Patient"},
        {"status": "stopped"},
        {"authored": "soon"},
        {"authored": "2026-12-03"},
        {"item": ["x"]},
        {"item": [deep(50)]},
        {"item": [{"linkId": "a"}] * 5000},
    ],
)
def test_A42_what_is_no_response_is_refused(change: dict[str, Any]) -> None:
    raw = {"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "x|1"}
    assert read_response(raw) == Response(questionnaire="x|1", status="completed")
    with pytest.raises(QuestionnaireRefused):
        read_response({**raw, **change})


def test_answers_read_as_sentences_in_the_readers_language() -> None:
    questionnaire = every_kind()
    response = respond(questionnaire, ANSWERS)
    with reading("en", "America/Chicago"):
        pairs = dict(answers_in_words(questionnaire, response))
    assert pairs["Number?"] == "2.5"
    assert pairs["Day?"] == "December 31, 1990"
    assert pairs["Moment?"] == "Thu, Dec 3, 2026, 2:02 pm"
    assert pairs["Hour?"] == "2:30 pm"
    assert pairs["Amount?"] == "80.5 kg"
    assert pairs["Owns?"] == "A little\nMore"
    assert pairs["One?"] == "A lot"
    assert pairs["Several?"] == "Red\nBlue"
    assert pairs["Sure?"] == "No"
    assert pairs["File?"] == "card.png (1 kB)"
    assert "Hidden" not in pairs
    with reading("es", "America/Chicago"):
        assert dict(answers_in_words(questionnaire, response))["Day?"] == "31 de diciembre de 1990"


def test_what_was_not_answered_is_shown_only_when_asked_for() -> None:
    questionnaire = every_kind()
    response = respond(questionnaire, {"line": ("Ana",)})
    assert answers_in_words(questionnaire, response) == [("Line?", "Ana")]
    assert answers_in_words(questionnaire, None) == []
    shown = answers_by_section(questionnaire, response, blanks="Not answered")
    assert [section.number for section, _pairs in shown] == [1, 2, 3]
    assert ("Words?", "Not answered") in shown[0][1]
    assert ("Medicine", "Not answered") in shown[2][1]


def test_a_response_keeps_the_words_that_were_asked() -> None:
    questionnaire = every_kind()
    response = respond(questionnaire, {"line": ("Ana",)})
    other = replace(questionnaire, title="Else")
    assert response.items[0].items[0] == Answered(link_id="line", text="Line?", values=("Ana",))
    assert response.questionnaire == other.canonical == "urn:test:every-kind|3"
