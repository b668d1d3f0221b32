"""One form model for intake, homework and measures: FHIR R4 Questionnaires as forms, answers as responses."""

from core.questionnaires.about_you import demographics_of, demographics_questionnaire, response_of
from core.questionnaires.checking import Fault, check
from core.questionnaires.editing import (
    ASKS,
    Ask,
    add_item,
    ask_of,
    change_item,
    move_item,
    new_item,
    new_questionnaire,
    new_version,
    place_item,
    remove_item,
)
from core.questionnaires.filling import (
    SectionForm,
    carry_over,
    data_of,
    field_name,
    fill_in,
    section_form,
)
from core.questionnaires.model import Item, Option, Questionnaire, Section, Value
from core.questionnaires.reading import read_questionnaire
from core.questionnaires.refusals import QuestionnaireRefused, Refusal, verify
from core.questionnaires.responses import (
    Answered,
    Response,
    completed,
    read_response,
    respond,
    write_response,
)
from core.questionnaires.words import (
    answers_by_section,
    answers_in_words,
    fault_in_words,
    missing_items,
    refusal_in_words,
)
from core.questionnaires.writing import write_questionnaire

__all__ = [
    "ASKS",
    "Answered",
    "Ask",
    "Fault",
    "Item",
    "Option",
    "Questionnaire",
    "QuestionnaireRefused",
    "Refusal",
    "Response",
    "Section",
    "SectionForm",
    "Value",
    "add_item",
    "answers_by_section",
    "answers_in_words",
    "ask_of",
    "carry_over",
    "change_item",
    "check",
    "completed",
    "data_of",
    "demographics_of",
    "demographics_questionnaire",
    "fault_in_words",
    "field_name",
    "fill_in",
    "missing_items",
    "move_item",
    "new_item",
    "new_questionnaire",
    "new_version",
    "place_item",
    "read_questionnaire",
    "read_response",
    "refusal_in_words",
    "remove_item",
    "respond",
    "response_of",
    "section_form",
    "verify",
    "write_questionnaire",
    "write_response",
]
