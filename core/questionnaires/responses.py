"""What was answered: FHIR R4's QuestionnaireResponse, bound to one version of its questionnaire.

https://hl7.org/fhir/R4/questionnaireresponse.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from core.questionnaires.items import Item
from core.questionnaires.model import Questionnaire
from core.questionnaires.values import PLAIN, Value, plain

ResponseStatus = Literal["in-progress", "completed", "amended"]
STATUSES: tuple[ResponseStatus, ...] = ("in-progress", "completed", "amended")


class Place(NamedTuple):
    """Where an answer stands: its question, and which time of each repeated group around, outermost first."""

    link_id: str
    at: tuple[int, ...] = ()


WHOLE = Place("")  # where the signature under a whole form stands


@dataclass(frozen=True, slots=True)
class Signature:
    """A name given as signature, and when; `drawn` are the lines of one drawn besides, as an SVG path."""

    name: str
    at: datetime
    drawn: str = ""


class Answered(NamedTuple):
    """One item of a response: its values, and the items below it; a repeated group is one for each time.

    A tuple, as a long response has many and each is made anew with every section that is saved.
    """

    link_id: str
    text: str = ""
    values: tuple[Value, ...] = ()
    signature: Signature | None = None
    items: tuple["Answered", ...] = ()

    def walk(self) -> Iterator["Answered"]:
        """Itself and all below it."""
        yield self
        for item in self.items:
            yield from item.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The answers to one version of a questionnaire (`questionnaire` is its url|version)."""

    questionnaire: str
    status: ResponseStatus = "in-progress"
    items: tuple[Answered, ...] = ()
    authored_at: datetime | None = None
    signature: Signature | None = None

    def walk(self) -> Iterator[Answered]:
        """All items, groups before what is in them."""
        for item in self.items:
            yield from item.walk()

    @property
    def answers(self) -> dict[str, tuple[Value, ...]]:
        """The values by linkId, of a repeated group one after the other; what wasn't answered is absent."""
        found: dict[str, tuple[Value, ...]] = {}
        for item in self.walk():
            if item.values:
                found[item.link_id] = found.get(item.link_id, ()) + item.values
        return found

    def first(self, link_id: str) -> Value | None:
        """The value of a question that takes one."""
        return next((item.values[0] for item in self.walk() if item.link_id == link_id and item.values), None)


@dataclass(slots=True)
class Given:
    """Answers by their places; `counts` says how often each repeated group was filled in."""

    values: dict[Place, tuple[Value, ...]] = field(default_factory=dict)
    counts: dict[Place, int] = field(default_factory=dict)
    signatures: dict[Place, Signature] = field(default_factory=dict)


def given_in(questionnaire: Questionnaire, response: Response | None) -> Given:
    """The answers of a response by their places; what the questionnaire doesn't ask is left out."""
    given = Given()
    if response is None:
        return given
    if response.signature:
        given.signatures[WHOLE] = response.signature
    _gather(questionnaire, response.items, (), given)
    return given


def _gather(
    questionnaire: Questionnaire, items: Sequence[Answered], at: tuple[int, ...], given: Given
) -> None:
    asked = questionnaire.by_link_id
    for one in items:
        item = asked.get(one.link_id)
        if item is None:
            continue
        inner, place = at, Place(one.link_id, at)
        if item.kind == "group" and item.repeats:
            number = given.counts.get(place, 0)
            given.counts[place] = number + 1
            inner = (*at, number)
        if one.values and item.is_question:
            given.values[place] = given.values.get(place, ()) + one.values
        if one.signature:
            given.signatures[place] = one.signature
        if one.items:
            _gather(questionnaire, one.items, inner, given)


def respond(questionnaire: Questionnaire, answers: Mapping[str, tuple[Value, ...]] | Given) -> Response:
    """A response that is still being given, its items in the order of the questionnaire.

    `answers` by linkId will do where no group repeats.
    """
    if not isinstance(answers, Given):
        answers = Given({Place(link_id): values for link_id, values in answers.items()})
    return Response(
        questionnaire=questionnaire.canonical,
        items=tuple(_answered(questionnaire.items, answers, ())),
        signature=answers.signatures.get(WHOLE),
    )


def _answered(items: Sequence[Item], given: Given, at: tuple[int, ...]) -> Iterator[Answered]:
    """The items that have answers; a group without any is left out."""
    values_at, signed_at = given.values, given.signatures
    for item in items:
        place = Place(item.link_id, at)
        kind, below = item.kind, item.items
        if kind == "group" and item.repeats:
            for number in range(given.counts.get(place, 0)):
                inner = tuple(_answered(below, given, (*at, number)))
                if inner:
                    yield Answered(item.link_id, item.text, items=inner)
            continue
        inner = tuple(_answered(below, given, at)) if below else ()
        values = values_at.get(place, ()) if kind not in ("group", "display") else ()
        signature = signed_at.get(place) if signed_at else None
        if inner or values or signature:
            told = tuple(values) if _is_plain(values) else tuple([plain(value) for value in values])
            yield Answered(item.link_id, item.text, told, signature, inner)


def _is_plain(values: Sequence[Value]) -> bool:
    """Whether it is the one answer that nearly all questions have, and nothing is to be done to it."""
    return len(values) == 1 and type(values[0]) in PLAIN


def places(
    questionnaire: Questionnaire, given: Given, items: Sequence[Item] | None = None, at: tuple[int, ...] = ()
) -> Iterator[tuple[Item, Place]]:
    """Every item at every place that it has, in the order of the page."""
    for item in questionnaire.items if items is None else items:
        place = Place(item.link_id, at)
        yield item, place
        if item.kind == "group" and item.repeats:
            for number in range(given.counts.get(place, 0)):
                yield from places(questionnaire, given, item.items, (*at, number))
        elif item.items:
            yield from places(questionnaire, given, item.items, at)


def begin(questionnaire: Questionnaire) -> Response:
    """A response with the answers that stand there beforehand."""
    given = Given()
    for item, place in places(questionnaire, given):
        if values := initial_values(item):
            given.values[place] = values
    return respond(questionnaire, given)


def initial_values(item: Item) -> tuple[Value, ...]:
    """What stands in an answer beforehand."""
    chosen = tuple(option.value for option in item.options if option.is_initial)
    values = item.initial or chosen
    return values if item.repeats else values[:1]


def completed(response: Response, at: datetime) -> Response:
    """The response as given for good at a moment (aware), to the second."""
    return replace(response, status="completed", authored_at=at.astimezone(UTC).replace(microsecond=0))
