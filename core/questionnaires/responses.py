"""What was answered: a small part of FHIR R4's QuestionnaireResponse, bound to one version.

https://hl7.org/fhir/R4/questionnaireresponse.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from core.questionnaires.model import Item, Option, Questionnaire, Value
from core.questionnaires.reading import listed, read_coding, read_text
from core.questionnaires.refusals import MOST_ITEMS, QuestionnaireRefused, Refusal
from core.questionnaires.writing import without_blanks, write_coding

ResponseStatus = Literal["in-progress", "completed", "amended"]
STATUSES: tuple[ResponseStatus, ...] = ("in-progress", "completed", "amended")
UNMEANT = 10**18
Answers = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One item of a response: a group with its items, or a question with its values."""

    link_id: str
    text: str = ""
    values: tuple[Value, ...] = ()
    items: tuple["Answered", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The answers to one version of a questionnaire (`questionnaire` is its url|version)."""

    questionnaire: str
    status: ResponseStatus = "in-progress"
    items: tuple[Answered, ...] = ()
    authored_at: datetime | None = None

    def walk(self) -> Iterator[Answered]:
        """All items, groups before what is in them."""
        for item in self.items:
            yield item
            yield from item.items

    @property
    def answers(self) -> dict[str, tuple[Value, ...]]:
        """The values by linkId; what wasn't answered is absent."""
        return {item.link_id: item.values for item in self.walk() if item.values}

    def first(self, link_id: str) -> Value | None:
        """The value of a question that takes one."""
        return next(iter(self.answers.get(link_id, ())), None)


def respond(questionnaire: Questionnaire, answers: Answers) -> Response:
    """A response that is still being given, its items in the order of the questionnaire."""
    return Response(
        questionnaire=questionnaire.canonical,
        items=tuple(answered_items(questionnaire.items, answers)),
    )


def answered_items(items: Sequence[Item], answers: Answers) -> Iterator[Answered]:
    """The items that have answers; a group without any is left out."""
    for item in items:
        inner = tuple(answered_items(item.items, answers))
        values = tuple(map(plain, answers.get(item.link_id, ()))) if item.is_question else ()
        if inner or values:
            yield Answered(link_id=item.link_id, text=item.text, values=values, items=inner)


def plain(value: Value) -> Value:
    """Numbers without idle zeros, as JSON can't keep them; all else as it is."""
    if isinstance(value, Decimal) and value.is_finite():
        return Decimal(0) if value == 0 else Decimal(f"{value.normalize():f}")
    return value


def completed(response: Response, at: datetime) -> Response:
    """The response as given for good at a moment (aware), to the second."""
    return replace(response, status="completed", authored_at=at.astimezone(UTC).replace(microsecond=0))


def write_response(response: Response) -> dict[str, Any]:
    """The FHIR R4 resource, of str, int, float, bool, list and dict."""
    at = response.authored_at
    written = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": response.questionnaire,
        "status": response.status,
        "authored": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z" if at else None,
        "item": [write_answered(item) for item in response.items],
    }
    return without_blanks(written)


def write_answered(item: Answered) -> dict[str, Any]:
    """One item with the words that were asked, so that it can be read alone."""
    written: dict[str, Any] = {
        "linkId": item.link_id,
        "text": item.text,
        "answer": [write_value(value) for value in item.values],
        "item": [write_answered(inner) for inner in item.items],
    }
    return without_blanks(written)


def write_value(value: Value) -> dict[str, Any]:
    """One answer under the name of its type."""
    match value:
        case bool():
            return {"valueBoolean": value}
        case int():
            return {"valueInteger": value}
        case Decimal():
            return {"valueDecimal": int(value) if value == int(value) else float(value)}
        case date():
            return {"valueDate": value.isoformat()}
        case Option():
            return {"valueCoding": write_coding(value)}
        case _:
            return {"valueString": value}


def read_response(raw: Mapping[str, Any]) -> Response:
    """The response in a FHIR R4 resource; QuestionnaireRefused for values of other types."""
    if not isinstance(raw, Mapping) or raw.get("resourceType") != "QuestionnaireResponse":
        raise QuestionnaireRefused([Refusal("", "not_a_questionnaire")])
    status = read_text(raw, "status")
    if status not in STATUSES:
        raise QuestionnaireRefused([Refusal("", "status_unknown", status[:40])])
    items = tuple(read_answered(item, depth=1) for item in listed(raw, "item"))
    if sum(1 + len(item.items) for item in items) > MOST_ITEMS:
        raise QuestionnaireRefused([Refusal("", "too_many_items", str(MOST_ITEMS))])
    return Response(
        questionnaire=read_text(raw, "questionnaire"),
        status=status,
        items=items,
        authored_at=read_moment(read_text(raw, "authored")),
    )


def read_answered(raw: Any, depth: int) -> Answered:
    """One item, with those of a group; what stands deeper is refused."""
    if not isinstance(raw, Mapping):
        raise QuestionnaireRefused([Refusal("", "malformed", "item")])
    link_id = read_text(raw, "linkId")
    inner = listed(raw, "item")
    if inner and depth > 1:
        raise QuestionnaireRefused([Refusal(link_id, "nested")])
    return Answered(
        link_id=link_id,
        text=read_text(raw, "text"),
        values=tuple(read_value(link_id, answer) for answer in listed(raw, "answer")),
        items=tuple(read_answered(item, depth + 1) for item in inner),
    )


def read_value(link_id: str, raw: Any) -> Value:
    """One answer, by the name of its type."""
    match raw:
        case {"valueBoolean": bool(value)}:
            return value
        case {"valueInteger": int(value)} if not isinstance(value, bool):
            return value
        case {"valueDecimal": int() | float() | Decimal() as value} if is_number(value):
            return plain(Decimal(str(value)))
        case {"valueDate": str(text)} if (day := read_date(text)) is not None:
            return day
        case {"valueString": str()}:
            return read_text({**raw, "linkId": link_id}, "valueString")
        case {"valueCoding": {"code": str()} as coding}:
            return read_coding(coding)
    kind = ", ".join(sorted(map(str, raw))) if isinstance(raw, Mapping) else "answer"
    raise QuestionnaireRefused([Refusal(link_id, "value_unsupported", kind[:80])])


def is_number(value: float | Decimal) -> bool:
    """Whether it is neither True nor endless nor of a size that nobody means."""
    return not isinstance(value, bool) and Decimal(value).is_finite() and abs(Decimal(value)) < UNMEANT


def read_date(text: str) -> date | None:
    """A full FHIR date; a year or month alone is no answer to a date question of ours."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def read_moment(text: str) -> datetime | None:
    """A FHIR dateTime with its zone, in UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise QuestionnaireRefused([Refusal("", "malformed", "authored")])
    return moment.astimezone(UTC)
