"""Answers, faults, refusals and notes as a reader sees them, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.i18n import current_zone, format_date_alone, format_day, format_time, lazy
from core.i18n import gettext as _
from core.questionnaires.asking import label_of
from core.questionnaires.checking import Fault
from core.questionnaires.conditions import Enabled
from core.questionnaires.items import Item
from core.questionnaires.judging import Code
from core.questionnaires.model import Questionnaire
from core.questionnaires.refusals import Note, Refusal
from core.questionnaires.responses import WHOLE, Given, Response, given_in, places
from core.questionnaires.sections import Section
from core.questionnaires.values import Attachment, Coding, Quantity, Url, Value

Pairs = list[tuple[str, str]]

FAULTS: Mapping[str, str] = {
    "other_version": lazy("These answers belong to another version of the form."),
    "not_asked": lazy("This was not asked."),
    "twice": lazy("The same was answered twice."),
    "required": lazy("This is still missing."),
    "too_few": lazy("Give more answers."),
    "too_many": lazy("Give fewer answers."),
    "wrong_kind": lazy("This is not the kind of answer that was asked for."),
    "not_offered": lazy("Choose one of the answers shown."),
    "too_short": lazy("Write a longer answer."),
    "too_long": lazy("Shorten this answer."),
    "unreadable": lazy("Remove the characters that can't be shown, then try again."),
    "out_of_range": lazy("This is outside what can be meant."),
    "too_small": lazy("Enter a greater value, or a later one."),
    "too_great": lazy("Enter a smaller value, or an earlier one."),
    "too_exact": lazy("Enter fewer digits after the point."),
    "in_future": lazy("Enter a date that is not in the future."),
    "not_a_phone": lazy("Enter a phone number in digits, such as (312) 555-0142."),
    "not_an_address": lazy("Enter the address of a web page, such as https://example.com."),
    "wrong_unit": lazy("Choose one of the units shown."),
    "file_kind": lazy("Choose a picture or a PDF."),
    "file_large": lazy("Choose a smaller file."),
    "unsigned": lazy("Write your name to sign."),
}
REFUSALS: Mapping[str, str] = {
    "not_json": lazy("This file is not readable as JSON."),
    "too_large": lazy("The file is larger than %(detail)s MB."),
    "not_a_questionnaire": lazy("This is not a questionnaire in FHIR's form."),
    "other_release": lazy("This is written for another release of FHIR (%(detail)s); R4 is needed."),
    "url_wrong": lazy("It needs an address and a version without spaces and bars."),
    "status_unknown": lazy("Its status must be draft, active or retired."),
    "title_missing": lazy("Give it a title."),
    "link_id_missing": lazy("It needs a linkId of at most 255 readable characters."),
    "link_id_twice": lazy("Another item has the same linkId."),
    "too_many_items": lazy("It has more than %(detail)s items."),
    "too_deep": lazy("Its items stand in one another more than %(detail)s deep."),
    "too_many_options": lazy("It offers more than %(detail)s answers."),
    "too_many_conditions": lazy("It depends on more than %(detail)s answers."),
    "text_missing": lazy("Write the question."),
    "text_wrong": lazy("Its text is too long or holds characters that can't be shown."),
    "kind_unsupported": lazy("Questions of the kind %(detail)s can't be asked."),
    "reference_unsupported": lazy(
        "It asks for a record in somebody's system, which a client can't look up. Ask for its name instead."
    ),
    "below_several": lazy(
        "Questions below one that takes several answers can't be asked. Use a group that repeats."
    ),
    "repeats": lazy("How often it may be answered can't be kept: %(detail)s."),
    "required_wrong": lazy("Only a question can be required."),
    "condition_dangling": lazy("It depends on %(detail)s, which is not asked."),
    "condition_circular": lazy("It depends on itself, in a circle."),
    "condition_wrong": lazy("What it depends on can't be compared: %(detail)s."),
    "calculation_circular": lazy("It is worked out from itself, in a circle."),
    "initial_wrong": lazy("The answer that stands in it beforehand does not fit."),
    "bounds_wrong": lazy("Its least and most do not fit."),
    "value_set": lazy("Its answers stand in a list elsewhere (%(detail)s); hand that list over too."),
    "value_set_wrong": lazy("The list of its answers can't be read as it stands: %(detail)s."),
    "modifier": lazy("It has an extension that changes its meaning."),
    "changes_meaning": lazy("Its rule %(detail)s can't be kept."),
    "option_unsupported": lazy("An answer that it offers can't be used: %(detail)s."),
    "options_missing": lazy("Give at least one answer to choose."),
    "options_alike": lazy("Two of its answers are alike: %(detail)s."),
    "max_length_wrong": lazy("A limit of length needs a text and at least one character."),
    "section_empty": lazy("This section has no question yet."),
    "nothing_asked": lazy("It asks nothing yet."),
    "value_unsupported": lazy("It has an answer of a kind that can't be read: %(detail)s."),
    "malformed": lazy("Its field %(detail)s is not as FHIR has it."),
}
NOTES: Mapping[str, str] = {
    "url_made": lazy("It had no address; one was made from what it asks."),
    "title_made": lazy("It had no title; its first words are used."),
    "status_made": lazy("It had no status that we know (%(detail)s); it comes in as a draft."),
    "field_unknown": lazy("R4 has no field %(detail)s here; it was left out."),
    "text_made": lazy("It has no text of its own; it is called “%(detail)s”."),
    "not_calculated": lazy("Not calculated: %(detail)s is not understood. The answer stays blank."),
    "not_done": lazy("Its rule %(detail)s is kept in the form, and not followed."),
    "compared_by_code": lazy(
        "It compares a choice (%(detail)s) with words or a number: the code and the words are compared."
    ),
    "variable_renamed": lazy("R4 does not allow the name %(detail)s for a variable; it got another one."),
    "not_scored": lazy("Recognised as %(detail)s, and not scored: its answers have not the scores of it."),
    "scored": lazy("Recognised as %(detail)s; it is scored."),
    "initial_left": lazy("What stood in it beforehand (%(detail)s) does not fit and was left out."),
}
BANDS: Mapping[str, str] = {
    "minimal": lazy("minimal"),
    "mild": lazy("mild"),
    "moderate": lazy("moderate"),
    "moderately_severe": lazy("moderately severe"),
    "severe": lazy("severe"),
}


def answers_in_words(
    questionnaire: Questionnaire, response: Response | None, *, blanks: str | None = None
) -> Pairs:
    """(question, answer) in the order of the form; unanswered ones only with `blanks` for words."""
    sections = answers_by_section(questionnaire, response, blanks=blanks)
    return [pair for _section, pairs in sections for pair in pairs]


def answers_by_section(
    questionnaire: Questionnaire, response: Response | None, *, blanks: str | None = None
) -> list[tuple[Section, Pairs]]:
    """The same, section by section, for a check page with its links to change.

    What is not asked, as the answers stand, is left out; so is what is hidden.
    """
    given = given_in(questionnaire, response)
    enabled = Enabled.of(questionnaire, given)
    found = []
    for section in questionnaire.sections:
        said: Pairs = []
        for item, place in places(questionnaire, given, section.items):
            if item.hidden or place not in enabled:
                continue
            if item.kind == "group" and item.repeats and not given.counts.get(place) and blanks is not None:
                said.append((item.label or section.title, blanks))
            elif item.is_question:
                answer = said_at(given, place)
                text = blanks if answer is None else answer
                if text is not None:
                    said.append((numbered(label_of(item), place.at), text))
            if place in given.signatures:
                said.append((str(_("Signed")), signed_in_words(given, place)))
        if section == questionnaire.sections[-1] and WHOLE in given.signatures:
            said.append((str(_("Signed")), signed_in_words(given, WHOLE)))
        if said:
            found.append((section, said))
    return found


def said_at(given: Given, place: object) -> str | None:
    """The answer at a place as text, None for none."""
    values = given.values.get(place)  # type: ignore[call-overload] # places are its keys
    return answer_in_words(values) if values else None


def numbered(label: str, at: tuple[int, ...]) -> str:
    """A question with the number of the time that it was asked, where its group repeats."""
    return f"{label} ({'.'.join(str(number + 1) for number in at)})" if at else label


def signed_in_words(given: Given, place: object) -> str:
    """Who signed, and when."""
    signature = given.signatures[place]  # type: ignore[index] # places are its keys
    return f"{signature.name}, {moment_in_words(signature.at)}"


def answer_in_words(values: tuple[Value, ...]) -> str:
    """An answer as text; several are a line each."""
    return "\n".join(value_in_words(value) for value in values)


def moment_in_words(at: datetime) -> str:
    """A day and a time on the reader's clock."""
    return f"{format_day(at)}, {at.year}, {format_time(at)}"


def value_in_words(value: Value) -> str:  # noqa: PLR0911 -- one line a type reads best
    """One value as text."""
    match value:
        case bool():
            return str(_("Yes") if value else _("No"))
        case Coding():
            return value.display or value.code
        case Quantity():
            return f"{value.value:f} {value.unit}".strip()
        case Attachment():
            return f"{value.title} ({max(1, round(value.size / 1024))} kB)"
        case Url():
            return value.address
        case datetime():
            return moment_in_words(value)
        case date():
            return format_date_alone(value)
        case time():
            return format_time(datetime.combine(date(2000, 1, 1), value, ZoneInfo(current_zone())))
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def fault_in_words(fault: Fault) -> str:
    """The sentence for a fault."""
    return fault_words(fault.code)


def fault_words(code: Code) -> str:
    """The sentence for a fault's code."""
    return str(FAULTS[code])


def refusal_in_words(refusal: Refusal) -> str:
    """The sentence for a refusal, without the linkId."""
    return str(REFUSALS[refusal.reason]) % {"detail": refusal.detail}


def note_in_words(note: Note) -> str:
    """The sentence for a note, without the linkId."""
    return str(NOTES[note.what]) % {"detail": note.detail}


def band_in_words(band: str) -> str:
    """What a score's band is called."""
    return str(BANDS[band])


def missing_items(questionnaire: Questionnaire, faults: list[Fault]) -> list[Item]:
    """The required questions that are still unanswered, in the order of the form."""
    missing = {fault.link_id for fault in faults if fault.code == "required"}
    return [item for item in questionnaire.questions if item.link_id in missing]
