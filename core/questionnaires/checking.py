"""Whether a response fits its questionnaire: typed faults by linkId, for page and service alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.questionnaires.conditions import Enabled
from core.questionnaires.items import Item
from core.questionnaires.judging import Code, judge
from core.questionnaires.model import Questionnaire
from core.questionnaires.responses import WHOLE, Answered, Given, Place, Response, given_in, places


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the answer to one item; an empty `link_id` speaks of the whole.

    `at` says in which of the repeated groups around it, counted from 0.
    """

    link_id: str
    code: Code
    at: tuple[int, ...] = ()


def check(questionnaire: Questionnaire, response: Response, *, complete: bool) -> list[Fault]:
    """All faults in the order of the questionnaire; `complete` asks for the required answers too."""
    if response.questionnaire != questionnaire.canonical:
        return [Fault("", "other_version")]
    faults = list(misplaced(questionnaire.items, response.items))
    given = given_in(questionnaire, response)
    enabled = Enabled.of(questionnaire, given)
    for item, place in places(questionnaire, given):
        values = given.values.get(place, ())
        if values:
            faults += [Fault(*_at(place, code)) for code in judge(item, values)]
        if complete:
            faults += [Fault(*_at(place, code)) for code in lacking(item, place, given, enabled)]
    if complete and questionnaire.signature and WHOLE not in given.signatures:
        faults.append(Fault("", "unsigned"))
    return faults


def _at(place: Place, code: Code) -> tuple[str, Code, tuple[int, ...]]:
    return place.link_id, code, place.at


def misplaced(asked: Sequence[Item], items: Sequence[Answered]) -> Iterator[Fault]:
    """Items that are not asked where they stand, or that stand there twice."""
    here = {item.link_id: item for item in asked}
    seen: set[str] = set()
    for one in items:
        item = here.get(one.link_id)
        if item is None or (one.values and not item.is_question):
            yield Fault(one.link_id, "not_asked")
            continue
        if one.link_id in seen and not (item.kind == "group" and item.repeats):
            yield Fault(one.link_id, "twice")
        seen.add(one.link_id)
        yield from misplaced(item.items, one.items)


def lacking(item: Item, place: Place, given: Given, enabled: Enabled) -> Iterator[Code]:
    """What is still missing at one place, or was answered though it is not asked."""
    values = given.values.get(place, ())
    if place not in enabled:
        if values:
            yield "not_asked"
        return
    if item.is_asked:
        if item.least_occurs and not values:
            yield "required"
        elif values and len(values) < item.least_occurs:
            yield "too_few"
    if item.kind == "group" and item.repeats and given.counts.get(place, 0) < item.least_occurs:
        yield "too_few" if given.counts.get(place) else "required"
    needs_signature = item.signature and (not item.is_question or item.required or values)
    if needs_signature and place not in given.signatures:
        yield "unsigned"
