"""Answers that stand in a list: a ValueSet inside the questionnaire, or one that is handed over with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.questionnaires import extensions as ext
from core.questionnaires.items import Option
from core.questionnaires.values import Coding, ValueUnreadable, read_coding, read_number


def options_in(named: str, raw: Mapping[str, Any]) -> tuple[Option, ...] | str:
    """The options of the list called `named`; else the reason why there are none, as of a Refusal."""
    found = contained_in(raw, named.removeprefix("#")) if named.startswith("#") else None
    if found is None:
        return "value_set"
    try:
        options = tuple(options_of(found))
    except (ValueUnreadable, AttributeError, TypeError):
        return "value_set_wrong"
    return options or "value_set_wrong"


def bare(url: str) -> str:
    """An address without its version."""
    return url.partition("|")[0]


def contained_in(raw: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """The ValueSet with this id among those inside the questionnaire."""
    inside = raw.get("contained", [])
    for one in inside if isinstance(inside, list) else []:
        if isinstance(one, Mapping) and one.get("resourceType") == "ValueSet" and one.get("id") == key:
            return one
    return None


def options_of(value_set: Mapping[str, Any]) -> Iterator[Option]:
    """Its concepts: of the expansion if it has one, else those it lists by name.

    ValueUnreadable for a list that is told by a rule (a filter, a whole system, another list).
    """
    expansion = value_set.get("expansion")
    if isinstance(expansion, Mapping):
        yield from expanded(expansion.get("contains", []))
        return
    compose = value_set.get("compose", {})
    if compose.get("exclude"):
        raise ValueUnreadable("exclude")
    for include in compose.get("include", []):
        if include.get("filter") or include.get("valueSet") or not include.get("concept"):
            raise ValueUnreadable("include")
        for concept in include["concept"]:
            yield option_of({**concept, "system": include.get("system", "")})


def expanded(contains: Any, depth: int = 0) -> Iterator[Option]:
    """The concepts of an expansion that may be chosen, those below others too."""
    if depth > 5:
        raise ValueUnreadable("contains")
    for one in contains:
        if not one.get("abstract") and not one.get("inactive"):
            yield option_of(one)
        yield from expanded(one.get("contains", []), depth + 1)


def option_of(raw: Mapping[str, Any]) -> Option:
    """One concept as an answer offered."""
    coding = read_coding(raw)
    extensions = ext.extensions_of(raw)
    score = next(
        (s for url in (ext.ORDINAL, ext.WEIGHT) if (s := ext.value_of(extensions, url)) is not None), None
    )
    return Option(
        Coding(coding.display or coding.code, coding.code, coding.system),
        score=read_number(score) if score is not None else None,
    )


def with_contained(raw: Mapping[str, Any], value_sets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The resource with the lists that were handed over inside of it, so that it can be read alone."""
    inside = list(raw.get("contained", []))
    names: dict[str, str] = {}

    def put(item: Any) -> Any:
        if not isinstance(item, Mapping):
            return item
        made = dict(item)
        named = bare(str(made.get("answerValueSet", "")))
        if named in value_sets:
            if named not in names:
                names[named] = f"answers-{len(names) + 1}"
                inside.append({**value_sets[named], "id": names[named]})
            made["answerValueSet"] = f"#{names[named]}"
        if isinstance(made.get("item"), list):
            made["item"] = [put(inner) for inner in made["item"]]
        return made

    made: dict[str, Any] = put(raw)
    return {**made, "contained": inside} if inside else made
