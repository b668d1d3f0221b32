"""What a questionnaire came in with less of than its author meant; found in the model, so it stays true."""

from collections.abc import Iterator

from core.questionnaires.conditions import is_by_code
from core.questionnaires.measures import measure_of
from core.questionnaires.model import Questionnaire
from core.questionnaires.programs import program_of
from core.questionnaires.refusals import Note


def notes_of(questionnaire: Questionnaire) -> Iterator[Note]:
    """The notes that follow from the questionnaire itself, in the order of its items."""
    for item in questionnaire.walk():
        if item.is_question and not item.text:
            yield Note(item.link_id, "text_made", item.label)
        for condition in item.conditions:
            asked = questionnaire.item(condition.question)
            if asked and is_by_code(asked, condition):
                yield Note(item.link_id, "compared_by_code", condition.question)
        if item.calculation:
            program = program_of(questionnaire, item)
            if isinstance(program, str):
                yield Note(item.link_id, "not_calculated", program)
    measure = measure_of(questionnaire)
    if measure is not None:
        lacks = measure.lacks
        yield Note(lacks, "not_scored", measure.name) if lacks else Note("", "scored", measure.name)
