"""How far a response is, section by section, and which sections are asked at all."""

from dataclasses import dataclass

from core.questionnaires.checking import lacking
from core.questionnaires.conditions import Enabled
from core.questionnaires.model import Questionnaire
from core.questionnaires.responses import Given, Place, Response, given_in, places
from core.questionnaires.sections import Section


@dataclass(frozen=True, slots=True)
class Progress:
    """A section as the answers stand: asked, begun (with an answer), whole (nothing missing)."""

    section: Section
    is_asked: bool
    is_begun: bool
    is_whole: bool


def progress_of(questionnaire: Questionnaire, response: Response) -> list[Progress]:
    """All sections in order, those that are not asked too."""
    given = given_in(questionnaire, response)
    enabled = Enabled.of(questionnaire, given)
    return [_progress(questionnaire, section, given, enabled) for section in questionnaire.sections]


def _progress(questionnaire: Questionnaire, section: Section, given: Given, enabled: Enabled) -> Progress:
    is_asked, is_begun, is_whole = False, False, True
    is_open = all(Place(group.link_id) in enabled for group in section.groups)
    for item, place in places(questionnaire, given, section.items) if is_open else ():
        if place not in enabled or item.hidden:
            continue
        is_asked = True
        values = given.values.get(place, ())
        is_begun = is_begun or bool(values)
        # What is answered wrong is said where it is typed and when all is checked.
        if is_whole and any(lacking(item, place, given, enabled)):
            is_whole = False
    return Progress(section, is_asked, is_begun, is_whole)
