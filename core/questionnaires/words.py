"""Answers, faults and refusals as a reader sees them, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.i18n import format_date_alone, lazy
from core.i18n import gettext as _
from core.questionnaires.checking import Fault
from core.questionnaires.model import Item, Option, Questionnaire, Section, Value
from core.questionnaires.refusals import Refusal
from core.questionnaires.responses import Response

FAULTS: Mapping[str, str] = {
    "other_version": lazy("These answers belong to another version of the form."),
    "not_asked": lazy("This was not asked."),
    "twice": lazy("The same was answered twice."),
    "required": lazy("This is still missing."),
    "too_many": lazy("Give one answer only."),
    "wrong_kind": lazy("This is not the kind of answer that was asked for."),
    "not_offered": lazy("Choose one of the answers shown."),
    "too_long": lazy("Shorten this answer."),
    "unreadable": lazy("Remove the characters that can't be shown, then try again."),
    "out_of_range": lazy("This is outside what can be meant."),
    "in_future": lazy("Enter a date that is not in the future."),
    "not_a_phone": lazy("Enter a phone number in digits, such as (312) 555-0142."),
}
REFUSALS: Mapping[str, str] = {
    "not_a_questionnaire": lazy("This is not a questionnaire in FHIR's form."),
    "other_release": lazy("This is written for another release of FHIR (%(detail)s); R4 is needed."),
    "url_wrong": lazy("It needs an address and a version without spaces and bars."),
    "status_unknown": lazy("Its status must be draft, active or retired."),
    "title_missing": lazy("Give it a title."),
    "link_id_missing": lazy("It needs a linkId of at most 255 readable characters."),
    "link_id_twice": lazy("Another item has the same linkId."),
    "too_many_items": lazy("It has more than %(detail)s items."),
    "too_many_options": lazy("It offers more than %(detail)s answers."),
    "text_missing": lazy("Write the question."),
    "text_wrong": lazy("Its text is too long or holds characters that can't be shown."),
    "kind_unsupported": lazy("Questions of the kind %(detail)s can't be asked."),
    "nested": lazy("Sections can't stand inside sections, nor questions under a question."),
    "repeats": lazy("Only a choice may take several answers."),
    "required_wrong": lazy("Only a question can be required."),
    "condition": lazy("Questions that depend on other answers can't be asked."),
    "initial": lazy("Answers that are filled in beforehand can't be used."),
    "read_only": lazy("Fields that can only be read can't be used."),
    "value_set": lazy("The answers stand in a list elsewhere; they are needed here."),
    "modifier": lazy("It has an extension that changes its meaning."),
    "changes_meaning": lazy("Its rule %(detail)s can't be kept."),
    "option_unsupported": lazy("An answer that it offers can't be used."),
    "options_missing": lazy("Give at least one answer to choose."),
    "options_alike": lazy("Two of its answers are alike: %(detail)s."),
    "max_length_wrong": lazy("A limit of length needs a text and at least one character."),
    "section_empty": lazy("This section has no question yet."),
    "nothing_asked": lazy("It asks nothing yet."),
    "value_unsupported": lazy("It has an answer of a kind that can't be read."),
    "malformed": lazy("Its field %(detail)s is not as FHIR has it."),
}


def answers_in_words(
    questionnaire: Questionnaire, response: Response | None, *, blanks: str | None = None
) -> list[tuple[str, str]]:
    """(question, answer) in the order of the form; unanswered ones only with `blanks` for words."""
    sections = answers_by_section(questionnaire, response, blanks=blanks)
    return [pair for _section, pairs in sections for pair in pairs]


def answers_by_section(
    questionnaire: Questionnaire, response: Response | None, *, blanks: str | None = None
) -> list[tuple[Section, list[tuple[str, str]]]]:
    """The same, section by section, for a check page with its links to change."""
    answers = response.answers if response else {}
    found = []
    for section in questionnaire.sections:
        pairs = [
            (
                item.text,
                answer_in_words(answers[item.link_id]) if item.link_id in answers else blanks,
            )
            for item in section.questions
        ]
        said = [(question, answer) for question, answer in pairs if answer is not None]
        if said:
            found.append((section, said))
    return found


def answer_in_words(values: tuple[Value, ...]) -> str:
    """An answer as text; several picked are a line each."""
    return "\n".join(value_in_words(value) for value in values)


def value_in_words(value: Value) -> str:
    """One value as text."""
    match value:
        case bool():
            return str(_("Yes") if value else _("No"))
        case Option():
            return value.display
        case date():
            return format_date_alone(value)
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def fault_in_words(fault: Fault) -> str:
    """The sentence for a fault."""
    return str(FAULTS[fault.code])


def refusal_in_words(refusal: Refusal) -> str:
    """The sentence for a refusal, without the linkId."""
    return str(REFUSALS[refusal.reason]) % {"detail": refusal.detail}


def missing_items(questionnaire: Questionnaire, faults: list[Fault]) -> list[Item]:
    """The required questions that are still unanswered, in the order of the form."""
    missing = {fault.link_id for fault in faults if fault.code == "required"}
    return [item for item in questionnaire.questions if item.link_id in missing]
