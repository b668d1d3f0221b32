"""Responses to and from FHIR R4 JSON."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from core.questionnaires import extensions as ext
from core.questionnaires.drawing import HEIGHT, MOST_DRAWN, SVG, WIDTH, is_drawing
from core.questionnaires.reading import listed, read_text
from core.questionnaires.refusals import (
    MOST_DEPTH,
    MOST_DISPLAY,
    MOST_ITEMS,
    MOST_OCCURS,
    QuestionnaireRefused,
    Refusal,
)
from core.questionnaires.responses import STATUSES, Answered, Response, Signature
from core.questionnaires.values import (
    Coding,
    Value,
    ValueUnreadable,
    read_moment,
    read_value,
    write_moment,
    write_value,
)
from core.questionnaires.writing import without_blanks

MOST_ANSWERED = MOST_ITEMS * 4  # groups repeat


def write_response(response: Response) -> dict[str, Any]:
    """The FHIR R4 resource, of str, int, float, bool, list and dict."""
    at = response.authored_at
    written = {
        "resourceType": "QuestionnaireResponse",
        "extension": write_signature(response.signature),
        "questionnaire": response.questionnaire,
        "status": response.status,
        "authored": write_moment(at) if at else None,
        "item": [write_answered(item) for item in response.items],
    }
    return without_blanks(written)


def write_answered(item: Answered) -> dict[str, Any]:
    """One item with the words that were asked, so that it can be read alone.

    What stands below a question stands in its first answer, as FHIR has it, answered or not.
    """
    written: dict[str, Any] = {"linkId": item.link_id}
    if item.signature:
        written["extension"] = write_signature(item.signature)
    if item.text:
        written["text"] = item.text
    inner = [write_answered(one) for one in item.items] if item.items else []
    answers = [write_value(value) for value in item.values]
    if answers:
        if inner:
            answers[0]["item"] = inner
        written["answer"] = answers
    elif inner:
        written["item"] = inner
    return written


def write_signature(signature: Signature | None) -> list[dict[str, Any]]:
    """A signature as R4's extension for it."""
    if signature is None:
        return []
    value: dict[str, Any] = {
        "type": ext.CONSENT["coding"],
        "when": write_moment(signature.at),
        "who": {"display": signature.name},
    }
    if signature.drawn:
        value |= {"sigFormat": SVG, "data": base64.b64encode(picture_of(signature.drawn)).decode()}
    return [ext.extension(ext.SIGNED, "valueSignature", value)]


def picture_of(drawn: str) -> bytes:
    """A drawn signature as an SVG picture that stands by itself."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{drawn}" fill="none" stroke="black" stroke-width="3"/></svg>'
    ).encode()


def _drawn_in(value: Mapping[str, Any]) -> str:
    """The lines of a signature that we wrote; of one from elsewhere its name is enough."""
    data = value.get("data")
    if value.get("sigFormat") != SVG or not isinstance(data, str) or len(data) > MOST_DRAWN * 2:
        return ""
    try:
        text = base64.b64decode(data, validate=True).decode()
    except ValueError:
        return ""
    found = text.partition(' d="')[2].partition('"')[0]
    return found if is_drawing(found) else ""


def read_response(raw: Mapping[str, Any]) -> Response:
    """The response in a FHIR R4 resource; QuestionnaireRefused for values of other types."""
    if not isinstance(raw, Mapping) or raw.get("resourceType") != "QuestionnaireResponse":
        raise QuestionnaireRefused([Refusal("", "not_a_questionnaire")])
    status = read_text(raw, "status", MOST_DISPLAY)
    if status not in STATUSES:
        raise QuestionnaireRefused([Refusal("", "status_unknown", status[:40])])
    left = [MOST_ANSWERED]
    authored = read_text(raw, "authored", MOST_DISPLAY)
    at = read_moment(authored) if authored else None
    if authored and at is None:
        raise QuestionnaireRefused([Refusal("", "malformed", "authored")])
    return Response(
        questionnaire=read_text(raw, "questionnaire", MOST_DISPLAY),
        status=status,
        items=read_items(listed(raw, "item"), 1, left),
        authored_at=at,
        signature=read_signature(raw, ""),
    )


def read_kept_response(raw: Mapping[str, Any]) -> Response:
    """A response that we wrote and kept sealed: read without judging each text of it again."""
    authored = raw.get("authored")
    return Response(
        questionnaire=raw["questionnaire"],
        status=raw["status"],
        items=_kept_items(raw.get("item", ())),
        authored_at=read_moment(authored) if authored else None,
        signature=read_signature(raw, ""),
    )


def _kept_items(raws: Sequence[Mapping[str, Any]]) -> tuple[Answered, ...]:
    found = []
    for raw in raws:
        inner, answers = raw.get("item", ()), raw.get("answer", ())
        for answer in answers:
            inner = answer.get("item", inner)
        found.append(
            Answered(
                raw["linkId"],
                raw.get("text", ""),
                (_kept_value(answers[0]),) if len(answers) == 1 else tuple(map(_kept_value, answers)),
                read_signature(raw, raw["linkId"]) if "extension" in raw else None,
                _kept_items(inner) if inner else (),
            )
        )
    return tuple(found)


def _kept_value(raw: Mapping[str, Any]) -> Value:
    """The commonest kinds at once, all others as from anywhere."""
    coding = raw.get("valueCoding")
    if coding is not None:
        get = coding.get
        return Coding(get("display", ""), get("code", ""), get("system", ""), get("version", ""))
    for name in ("valueString", "valueBoolean", "valueInteger"):
        if name in raw:
            found: Value = raw[name]
            return found
    return read_value(raw)


def read_items(items: Sequence[Any], depth: int, left: list[int]) -> tuple[Answered, ...]:
    """Items of one level; `left` counts down how many more there may be."""
    left[0] -= len(items)
    if left[0] < 0:
        raise QuestionnaireRefused([Refusal("", "too_many_items", str(MOST_ANSWERED))])
    if items and depth > MOST_DEPTH:
        raise QuestionnaireRefused([Refusal("", "too_deep", str(MOST_DEPTH))])
    return tuple(read_answered(item, depth, left) for item in items)


def read_answered(raw: Any, depth: int, left: list[int]) -> Answered:
    """One item, with those below it or below its answers."""
    if not isinstance(raw, Mapping):
        raise QuestionnaireRefused([Refusal("", "malformed", "item")])
    link_id = read_text(raw, "linkId", MOST_DISPLAY)
    answers = listed(raw, "answer") if "answer" in raw else []
    if len(answers) > MOST_OCCURS * 10:
        raise QuestionnaireRefused([Refusal(link_id, "too_many_items", str(MOST_OCCURS * 10))])
    values, inner = [], list(listed(raw, "item")) if "item" in raw else []
    for answer in answers:
        if not isinstance(answer, Mapping):
            raise QuestionnaireRefused([Refusal(link_id, "malformed", "answer")])
        if "item" in answer:
            inner += listed(answer, "item")
        if set(answer) == {"item"}:
            continue
        try:
            values.append(read_value(answer))
        except ValueUnreadable as error:
            raise QuestionnaireRefused([Refusal(link_id, "value_unsupported", str(error))]) from None
    return Answered(
        link_id=link_id,
        text=read_text(raw, "text", MOST_DISPLAY, link_id),
        values=tuple(values),
        signature=read_signature(raw, link_id),
        items=read_items(inner, depth + 1, left) if inner else (),
    )


def read_signature(raw: Mapping[str, Any], link_id: str) -> Signature | None:
    """The signature under an item or the whole, if there is one."""
    if "extension" not in raw:
        return None
    value = ext.value_of(ext.extensions_of(raw), ext.SIGNED)
    match value:
        case None:
            return None
        case {"when": str(when), "who": {"display": str(name)}} if (at := read_moment(when)) and name:
            return Signature(name, at, _drawn_in(value))
    raise QuestionnaireRefused([Refusal(link_id, "malformed", "signature")])
