"""Questionnaires from FHIR R4 JSON: tolerant of what is left out; what we can't ask is refused by linkId."""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, cast

from core.forms import clean_text
from core.questionnaires import extensions as ext
from core.questionnaires.item_reading import ItemReader
from core.questionnaires.items import KINDS
from core.questionnaires.model import STATUSES, Questionnaire, Status
from core.questionnaires.noting import notes_of
from core.questionnaires.refusals import (
    MOST_DEPTH,
    MOST_IDENTIFIER,
    MOST_ITEMS,
    MOST_TITLE,
    Note,
    QuestionnaireRefused,
    Reason,
    Refusal,
)
from core.questionnaires.value_sets import with_contained
from core.questionnaires.verifying import verify

OTHER_RELEASES = {  # fields that R4 doesn't have: STU3's, then R5's
    "option": "STU3",
    "options": "STU3",
    "answerConstraint": "R5",
    "disabledDisplay": "R5",
}
FIELDS = frozenset(
    "resourceType url version title status description code item extension id meta implicitRules language"
    " text contained identifier name derivedFrom experimental subjectType date publisher contact useContext"
    " jurisdiction purpose copyright approvalDate lastReviewDate effectivePeriod".split()
)
READ = frozenset("resourceType url version title status description code item extension".split())
NAME = re.compile(r"[A-Za-z0-9.-]{1,64}")  # what R4 lets a variable be called
ValueSets = Mapping[str, Mapping[str, Any]]


def read_questionnaire(raw: Mapping[str, Any], value_sets: ValueSets | None = None) -> Questionnaire:
    """The questionnaire in a FHIR R4 resource; QuestionnaireRefused names all that stands against it."""
    return import_questionnaire(raw, value_sets)[0]


def import_questionnaire(
    raw: Mapping[str, Any], value_sets: ValueSets | None = None
) -> tuple[Questionnaire, tuple[Note, ...]]:
    """The same, with notes on all that came in otherwise than it was written.

    `value_sets` are ValueSet resources by their url, for answers that stand in a list elsewhere.
    """
    if not isinstance(raw, Mapping) or raw.get("resourceType") != "Questionnaire":
        raise QuestionnaireRefused([Refusal("", "not_a_questionnaire")])
    refusals = list(refuse_tree(raw))
    if raw.get("modifierExtension"):
        refusals.append(Refusal("", "modifier"))
    if refusals:
        raise QuestionnaireRefused(refusals)
    raw = with_contained(raw, value_sets) if value_sets else raw
    reader = ItemReader(raw, dict(renamed(raw)))
    questionnaire = read_whole(raw, reader)
    if reader.refusals:
        raise QuestionnaireRefused(reader.refusals)
    verify(questionnaire)
    return questionnaire, (*reader.notes, *notes_of(questionnaire))


def read_whole(raw: Mapping[str, Any], reader: ItemReader) -> Questionnaire:
    """The questionnaire's own fields, and its items by the reader."""
    extensions = ext.extensions_of(raw)
    status = raw.get("status")
    if status not in STATUSES:
        reader.note("", "status_made", str(status or "")[:40])
    reader.note_unknown("", raw, FIELDS)
    kept = {name: value for name, value in raw.items() if reader.is_kept(name, FIELDS - READ)}
    if kept.get("subjectType") == ["Patient"]:
        del kept["subjectType"]  # as we always write it
    left = reader.kept_extensions("", extensions, {ext.VARIABLE, ext.SIGNATURE})
    reader.keep_written(kept, extensions, {ext.SIGNATURE})
    return Questionnaire(
        url=made_url(raw, reader),
        version=reader.text("", raw, "version"),
        title=made_title(raw, reader),
        status=cast("Status", status if status in STATUSES else "draft"),
        description=reader.text("", raw, "description"),
        codes=reader.codes(raw, kept),
        signature=ext.value_of(extensions, ext.SIGNATURE) is not None,
        variables=reader.variables(extensions),
        items=tuple(reader.read_item(item) for item in listed(raw, "item")),
        kept=kept | ({"extension": left} if left else {}),
    )


def made_url(raw: Mapping[str, Any], reader: ItemReader) -> str:
    """Its address, or one made from what it asks, the same each time it comes."""
    url = reader.text("", raw, "url")
    if url:
        return url
    digest = sha256(json.dumps(listed(raw, "item"), sort_keys=True, default=str).encode()).hexdigest()
    reader.note("", "url_made")
    return f"urn:vestibule:questionnaire:imported:{digest[:32]}"


def made_title(raw: Mapping[str, Any], reader: ItemReader) -> str:
    """Its title, else its name, else the words of its first item."""
    for name in ("title", "name"):
        if title := reader.text("", raw, name):
            return one_line(title)
    reader.note("", "title_made")
    first = next((item for item in listed(raw, "item") if isinstance(item, Mapping)), {})
    title = one_line(reader.text("", first, "text"))
    return title or one_line(reader.text("", raw, "id")) or "Questionnaire"


def one_line(text: str) -> str:
    """A title as it stands on a page."""
    return " ".join(text.split())[:MOST_TITLE].rstrip()


def renamed(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Variables whose names R4 does not allow, each with the name that it gets."""
    names = list(dict.fromkeys(variable_names(raw)))
    taken = {name for name in names if NAME.fullmatch(name)}
    for name in names:
        if NAME.fullmatch(name):
            continue
        plain = re.sub(r"[^A-Za-z0-9]", "", name)[:50] or "variable"
        new = next(new for new in (plain, *(f"{plain}{n}" for n in range(2, 999))) if new not in taken)
        taken.add(new)
        yield name, new


def variable_names(raw: Mapping[str, Any]) -> Iterator[str]:
    """The names of all variables, those of items too."""
    for element in (raw, *walk_raw(raw)):
        for value in ext.values_of(ext.extensions_of(element), ext.VARIABLE):
            name = value.get("name") if isinstance(value, Mapping) else None
            if isinstance(name, str) and name:
                yield name


def walk_raw(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All items, without recursion."""
    waiting = list(listed(raw, "item"))
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            yield item
            waiting += listed(item, "item")


def refuse_tree(raw: Mapping[str, Any]) -> Iterator[Refusal]:
    """Walk down level by level, to a bounded depth and number of items."""
    level, seen, depth = list(listed(raw, "item")), 0, 0
    while level:
        depth += 1
        seen += len(level)
        if seen > MOST_ITEMS:
            yield Refusal("", "too_many_items", str(MOST_ITEMS))
            return
        if depth > MOST_DEPTH:
            yield Refusal("", "too_deep", str(MOST_DEPTH))
            return
        deeper: list[Any] = []
        for item in level:
            if not isinstance(item, Mapping):
                yield Refusal("", "malformed", "item")
                continue
            for reason, detail in foreign(item):
                yield Refusal(str(item.get("linkId", ""))[:MOST_IDENTIFIER], reason, detail)
            deeper += listed(item, "item")
        level = deeper


def foreign(item: Mapping[str, Any]) -> Iterator[tuple[Reason, str]]:
    """What one item has that belongs to another release of FHIR, or that we never take."""
    kind = item.get("type")
    if kind == "coding":
        yield "other_release", "R5"
    elif kind == "reference":
        yield "reference_unsupported", ""
    elif kind not in KINDS:
        yield "kind_unsupported", str(kind)[:40]
    for name, release in OTHER_RELEASES.items():
        if name in item:
            yield "other_release", release
    conditions = listed(item, "enableWhen")
    if any(isinstance(one, Mapping) and "hasAnswer" in one for one in conditions):
        yield "other_release", "STU3"
    if item.get("modifierExtension"):
        yield "modifier", ""
    for one in ext.extensions_of(item):
        if one["url"] in ext.REFUSED:
            yield "changes_meaning", one["url"].rsplit("/", 1)[-1]


def read_text(raw: Mapping[str, Any], name: str, most: int, link_id: str = "") -> str:
    """A text made uniform; QuestionnaireRefused when it is none or hides something."""
    text = raw.get(name, "")
    if not isinstance(text, str):
        raise QuestionnaireRefused([Refusal(link_id, "malformed", name)])
    if len(text) <= most and text.isascii() and text.isprintable():
        return text.strip()
    try:
        return clean_text(text, most, lines=True)
    except ValueError:
        raise QuestionnaireRefused([Refusal(link_id, "text_wrong", name)]) from None


def listed(raw: Mapping[str, Any], name: str) -> list[Any]:
    """A field that should hold a list; anything else counts as one malformed entry."""
    value = raw.get(name, [])
    return value if isinstance(value, list) else [value]
