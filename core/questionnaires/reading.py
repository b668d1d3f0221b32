"""Questionnaires from FHIR R4 JSON: unknown fields are passed over, what we can't ask is refused."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from core.forms import clean_text
from core.questionnaires.model import KINDS, WORDED, Item, Kind, Option, Questionnaire, Status
from core.questionnaires.refusals import (
    MOST_DISPLAY,
    MOST_IDENTIFIER,
    MOST_ITEMS,
    QuestionnaireRefused,
    Reason,
    Refusal,
    verify,
)

CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
# Extensions that change what is asked or taken; any other is only passed over.
CHANGES_MEANING = frozenset(
    {CORE + name for name in ("minValue", "maxValue", "minLength", "regex", "maxDecimalPlaces")}
    | {CORE + f"questionnaire-{name}" for name in ("hidden", "minOccurs", "maxOccurs")}
    | {CORE + f"questionnaire-{name}" for name in ("constraint", "unit", "unitOption")}
    | {SDC + f"{name}Expression" for name in ("calculated", "initial", "enableWhen", "answer")}
)
OTHER_RELEASES = {  # fields that R4 doesn't have: STU3's, then R5's
    "option": "STU3",
    "options": "STU3",
    "answerConstraint": "R5",
    "disabledDisplay": "R5",
}
NOT_BUILT: dict[str, Reason] = {
    "enableWhen": "condition",
    "initial": "initial",
    "answerValueSet": "value_set",
    "modifierExtension": "modifier",
}


def read_questionnaire(raw: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire in a FHIR R4 resource; QuestionnaireRefused names all that stands against it."""
    if not isinstance(raw, Mapping) or raw.get("resourceType") != "Questionnaire":
        raise QuestionnaireRefused([Refusal("", "not_a_questionnaire")])
    refusals = list(refuse_item_tree(raw))
    if raw.get("modifierExtension"):
        refusals.append(Refusal("", "modifier"))
    if refusals:
        raise QuestionnaireRefused(refusals)
    questionnaire = Questionnaire(
        url=read_text(raw, "url"),
        version=read_text(raw, "version"),
        title=read_text(raw, "title") or read_text(raw, "name"),
        status=cast("Status", read_text(raw, "status") or "draft"),
        description=read_text(raw, "description"),
        items=tuple(read_item(item) for item in listed(raw, "item")),
    )
    verify(questionnaire)
    return questionnaire


def refuse_item_tree(raw: Mapping[str, Any]) -> Iterator[Refusal]:
    """Walk down without recursion, to two levels and a bounded number of items."""
    level, seen = list(listed(raw, "item")), 0
    for depth in (1, 2):
        deeper: list[Any] = []
        for item in level:
            seen += 1
            if seen > MOST_ITEMS:
                yield Refusal("", "too_many_items", str(MOST_ITEMS))
                return
            if not isinstance(item, Mapping):
                yield Refusal("", "malformed", "item")
                continue
            yield from refuse_item(item, depth)
            deeper += listed(item, "item")
        level = deeper


def refuse_item(item: Mapping[str, Any], depth: int) -> Iterator[Refusal]:
    """What one item has that we can't ask."""
    link_id = str(item.get("linkId", ""))[:MOST_IDENTIFIER]
    kind = item.get("type")
    if kind not in KINDS and kind != "coding":
        yield Refusal(link_id, "kind_unsupported", str(kind)[:40])
    if listed(item, "item") and (depth > 1 or kind != "group"):
        yield Refusal(link_id, "nested")
    for reason, detail in (*foreign_fields(item), *fields_not_built(item)):
        yield Refusal(link_id, reason, detail)
    for option in listed(item, "answerOption"):
        yield from refuse_option(link_id, option)


def foreign_fields(item: Mapping[str, Any]) -> Iterator[tuple[Reason, str]]:
    """What belongs to another release of FHIR, or holds a value of another type."""
    if item.get("type") == "coding":
        yield "other_release", "R5"
    for name, release in OTHER_RELEASES.items():
        if name in item:
            yield "other_release", release
    for name, kind in (("required", bool), ("repeats", bool), ("maxLength", int)):
        if type(item.get(name, kind())) is not kind:
            yield "malformed", name


def fields_not_built(item: Mapping[str, Any]) -> Iterator[tuple[Reason, str]]:
    """What R4 has and we don't."""
    for name, reason in NOT_BUILT.items():
        if item.get(name):
            yield reason, ""
    if item.get("readOnly") is True:
        yield "read_only", ""
    for extension in listed(item, "extension"):
        url = extension.get("url") if isinstance(extension, Mapping) else None
        if isinstance(url, str) and url in CHANGES_MEANING:
            yield "changes_meaning", url.rsplit("/", 1)[-1]


def refuse_option(link_id: str, option: Any) -> Iterator[Refusal]:
    """An answer that is neither words nor a coding, or that stands picked beforehand."""
    if not isinstance(option, Mapping):
        yield Refusal(link_id, "malformed", "answerOption")
        return
    coding, words = option.get("valueCoding"), option.get("valueString")
    code = coding.get("code") if isinstance(coding, Mapping) else words
    if not (isinstance(code, str) and code):
        yield Refusal(link_id, "option_unsupported", ", ".join(sorted(map(str, option)))[:80])
    if option.get("initialSelected") is True:
        yield Refusal(link_id, "initial")


def read_item(raw: Mapping[str, Any]) -> Item:
    """One item that `refuse_item` let pass."""
    kind = cast("Kind", raw["type"])
    return Item(
        link_id=read_text(raw, "linkId"),
        kind=kind,
        text=read_text(raw, "text"),
        required=raw.get("required", False),
        repeats=raw.get("repeats", False),
        max_length=raw.get("maxLength") if kind in WORDED else None,
        options=tuple(read_option(option) for option in listed(raw, "answerOption")),
        items=tuple(read_item(inner) for inner in listed(raw, "item")),
        definition=read_text(raw, "definition"),
    )


def read_option(raw: Mapping[str, Any]) -> Option:
    """One answer that is offered."""
    coding = raw.get("valueCoding")
    if isinstance(coding, Mapping):
        return read_coding(coding)
    return Option(read_text(raw, "valueString"))


def read_coding(raw: Mapping[str, Any]) -> Option:
    """A coding; one without words shows its code."""
    code = read_text(raw, "code")
    return Option(read_text(raw, "display") or code, code, read_text(raw, "system"))


def read_text(raw: Mapping[str, Any], name: str) -> str:
    """A text made uniform; QuestionnaireRefused when it is none or hides something."""
    text = raw.get(name, "")
    link_id = str(raw.get("linkId", ""))[:MOST_IDENTIFIER]
    if not isinstance(text, str):
        raise QuestionnaireRefused([Refusal(link_id, "malformed", name)])
    try:
        return clean_text(text, MOST_DISPLAY, lines=True)
    except ValueError:
        raise QuestionnaireRefused([Refusal(link_id, "text_wrong", name)]) from None


def listed(raw: Mapping[str, Any], name: str) -> list[Any]:
    """A field that should hold a list; anything else counts as one malformed entry."""
    value = raw.get(name, [])
    return value if isinstance(value, list) else [value]
