"""One form model for intake, homework and measures: FHIR R4 Questionnaires as forms, answers as responses."""

from core.questionnaires.about_you import demographics_of, demographics_questionnaire, response_of
from core.questionnaires.asking import field_name, name_of
from core.questionnaires.calculating import calculate, settle
from core.questionnaires.checking import Fault, check
from core.questionnaires.conditions import Enabled
from core.questionnaires.depending import (
    answers_to,
    comparisons,
    condition_in_words,
    condition_on,
    conditions_in_words,
    deciders,
)
from core.questionnaires.editing import (
    add_item,
    change_item,
    copy_item,
    depend,
    move_item,
    new_item,
    new_questionnaire,
    new_version,
    place_item,
    remove_item,
)
from core.questionnaires.files import content_of
from core.questionnaires.filling import SectionForm, carry_over, open_section
from core.questionnaires.items import Condition, Expression, Item, Option
from core.questionnaires.loading import load_json
from core.questionnaires.meanings import EXPIRY, PURPOSE
from core.questionnaires.measures import Score, measure_of, score_of
from core.questionnaires.model import Questionnaire
from core.questionnaires.progress import Progress, progress_of
from core.questionnaires.reading import import_questionnaire, read_questionnaire
from core.questionnaires.ready import READY, ready_item
from core.questionnaires.refusals import Note, QuestionnaireRefused, Refusal
from core.questionnaires.response_json import read_kept_response, read_response, write_response
from core.questionnaires.responses import (
    Answered,
    Given,
    Place,
    Response,
    Signature,
    begin,
    completed,
    given_in,
    places,
    respond,
)
from core.questionnaires.sections import Section
from core.questionnaires.shelf import shelved
from core.questionnaires.values import Attachment, Coding, Quantity, Url, Value
from core.questionnaires.verifying import verify
from core.questionnaires.ways import ASKS, HOLDS_OTHERS, OFFERS_OPTIONS, Ask, ask_of, help_of
from core.questionnaires.words import (
    answers_by_section,
    answers_in_words,
    band_in_words,
    fault_in_words,
    missing_items,
    note_in_words,
    refusal_in_words,
    value_in_words,
)
from core.questionnaires.writing import write_questionnaire

__all__ = [
    "ASKS",
    "EXPIRY",
    "HOLDS_OTHERS",
    "OFFERS_OPTIONS",
    "PURPOSE",
    "READY",
    "Answered",
    "Ask",
    "Attachment",
    "Coding",
    "Condition",
    "Enabled",
    "Expression",
    "Fault",
    "Given",
    "Item",
    "Note",
    "Option",
    "Place",
    "Progress",
    "Quantity",
    "Questionnaire",
    "QuestionnaireRefused",
    "Refusal",
    "Response",
    "Score",
    "Section",
    "SectionForm",
    "Signature",
    "Url",
    "Value",
    "add_item",
    "answers_by_section",
    "answers_in_words",
    "answers_to",
    "ask_of",
    "band_in_words",
    "begin",
    "calculate",
    "carry_over",
    "change_item",
    "check",
    "comparisons",
    "completed",
    "condition_in_words",
    "condition_on",
    "conditions_in_words",
    "content_of",
    "copy_item",
    "deciders",
    "demographics_of",
    "demographics_questionnaire",
    "depend",
    "fault_in_words",
    "field_name",
    "given_in",
    "help_of",
    "import_questionnaire",
    "load_json",
    "measure_of",
    "missing_items",
    "move_item",
    "name_of",
    "new_item",
    "new_questionnaire",
    "new_version",
    "note_in_words",
    "open_section",
    "place_item",
    "places",
    "progress_of",
    "read_kept_response",
    "read_questionnaire",
    "read_response",
    "ready_item",
    "refusal_in_words",
    "remove_item",
    "respond",
    "response_of",
    "score_of",
    "settle",
    "shelved",
    "value_in_words",
    "verify",
    "write_questionnaire",
    "write_response",
]
