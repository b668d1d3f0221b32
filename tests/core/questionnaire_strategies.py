"""Any questionnaire that hypothesis thinks of, with any answers to it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from string import ascii_lowercase, digits
from typing import Any

from hypothesis import strategies as st

from core.questionnaires import (
    Coding,
    Condition,
    Given,
    Item,
    Option,
    Place,
    Quantity,
    Questionnaire,
    Response,
    Signature,
    Url,
    Value,
    places,
    respond,
)
from core.questionnaires.items import CHOSEN, KINDS, WORDED, Operator
from core.questionnaires.model import STATUSES
from core.questionnaires.verifying import is_clean
from tests.core.questionnaire_samples import AT, PICTURE

SYSTEMS = ["", "http://loinc.org", "urn:test"]
EXTENSION = {"url": "http://example.com/extension", "valueString": "kept"}
OPERATORS_OF_TRUTHS: list[Operator] = ["=", "!=", "exists"]
UNIT = Coding("mg", "mg", "http://unitsofmeasure.org")


def texts(most: int, *, lines: bool) -> st.SearchStrategy[str]:
    """Texts that a form would let pass."""
    marks = st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n" if lines else " ")
    return st.text(marks, min_size=1, max_size=most).filter(
        lambda text: is_clean(text, most, lines=lines) and text != ""
    )


def link_ids() -> st.SearchStrategy[str]:
    """LinkIds as they are met: short words, numbers, paths, and anything readable."""
    usual = st.text(ascii_lowercase + digits + "/.-", min_size=1, max_size=8)
    return usual | texts(20, lines=False)


def decimals(least: int = -999_999, most: int = 999_999) -> st.SearchStrategy[Decimal]:
    """Numbers with a few places, without idle zeros."""
    return st.decimals(least, most, places=4, allow_nan=False).map(
        lambda number: Decimal(f"{number.normalize():f}") if number else Decimal(0)
    )


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    """Answers to offer: codings with scores, words, numbers, days or times, each another."""
    sort = draw(st.sampled_from(["coding", "words", "number", "day", "hour"]))
    if sort == "number":
        return tuple(
            Option(value)
            for value in draw(st.lists(st.integers(-9, 99), min_size=1, max_size=4, unique=True))
        )
    if sort == "day":
        days = st.dates(date(1990, 1, 1), date(2030, 1, 1))
        return tuple(Option(value) for value in draw(st.lists(days, min_size=1, max_size=3, unique=True)))
    if sort == "hour":
        return (Option(time(8, 30)), Option(time(20, 0)))
    words = draw(st.lists(texts(12, lines=False), min_size=1, max_size=4, unique=True))
    if sort == "words":
        return tuple(Option(word, is_initial=number == 0) for number, word in enumerate(words))
    system = draw(st.sampled_from(SYSTEMS))
    return tuple(
        Option(
            Coding(word, f"code-{n}", system),
            score=draw(st.none() | decimals(-9, 9)),
            prefix=draw(st.sampled_from(["", f"{n}."])),
            kept=draw(st.sampled_from([{}, {"extension": [EXTENSION]}, {"coding": {"userSelected": True}}])),
        )
        for n, word in enumerate(words)
    )


@st.composite
def items(draw: st.DrawFn, link_id: str) -> Item:
    """A question or a text."""
    kind: Any = draw(st.sampled_from([kind for kind in KINDS if kind != "group"]))
    is_question = kind != "display"
    bounds: dict[str, Any] = {}
    if kind == "integer" and draw(st.booleans()):
        bounds = {"least": draw(st.integers(-99, 0)), "most": draw(st.integers(1, 99))}
    if kind in {"decimal", "quantity"} and draw(st.booleans()):
        bounds = {"least": draw(decimals(-99, 0)), "most": draw(decimals(1, 99)), "max_decimals": 4}
    if kind == "date" and draw(st.booleans()):
        bounds = {"least": date(1950, 1, 1), "most": date(2050, 1, 1)}
    if kind in WORDED and draw(st.booleans()):
        bounds = {"max_length": draw(st.integers(40, 5000)), "min_length": 1}
    if kind == "attachment":
        bounds = {"media_types": ("image/*", "application/pdf"), "max_bytes": 50_000}
    repeats = is_question and kind != "boolean" and draw(st.booleans())
    return Item(
        link_id=link_id,
        kind=kind,
        text=draw(texts(30, lines=True)),
        prefix=draw(st.sampled_from(["", "1."])),
        codes=draw(st.sampled_from([(), (Coding("Code", "c", "http://loinc.org"),)])),
        required=is_question and draw(st.booleans()),
        repeats=repeats,
        max_occurs=draw(st.sampled_from([None, 8])) if repeats else None,
        read_only=is_question and draw(st.integers(0, 9)) == 0,
        hidden=draw(st.integers(0, 9)) == 0,
        signature=is_question and draw(st.integers(0, 9)) == 0,
        options=draw(options()) if kind in CHOSEN else (),
        control=draw(st.sampled_from(["", "radio-button", "drop-down", "slider", "page", "never-heard-of"])),
        unit=UNIT if kind in {"decimal", "quantity"} else None,
        entry_format=draw(st.sampled_from(["", "As on the card"])) if kind == "string" else "",
        definition=draw(st.sampled_from(["", "http://example.com/Thing#Thing.part"])),
        kept=draw(
            st.sampled_from(
                [{}, {"extension": [EXTENSION]}, {"id": "x", "_text": {"extension": [EXTENSION]}}]
            )
        ),
        **bounds,
    )


@st.composite
def groups(draw: st.DrawFn, link_id: str, inner: tuple[Item, ...]) -> Item:
    """A group around items, perhaps one that repeats."""
    repeats = draw(st.booleans())
    return Item(
        link_id=link_id,
        kind="group",
        text=draw(st.just("") | texts(12, lines=False)),
        repeats=repeats,
        max_occurs=4 if repeats and draw(st.booleans()) else None,
        items=inner,
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Any questionnaire that we can ask: nested up to three deep, with conditions."""
    names = draw(st.lists(link_ids(), min_size=1, max_size=7, unique=True))
    top: list[Item] = []
    for name in names[1:]:
        item = draw(items(name))
        step = draw(st.integers(0, 3))
        if step == 1 and top and top[-1].kind == "group":
            held = top.pop()
            item = draw(groups(held.link_id, (*held.items, item)))
        elif step == 2:
            item = draw(groups(f"group of {name}", (item,)))
        elif step == 3 and top and top[-1].kind == "group":
            held = top.pop()
            item = draw(groups(held.link_id, (*held.items, draw(groups(f"inner of {name}", (item,))))))
        top.append(item)
    deciding = Item(link_id=names[0], kind="boolean", text="Always?")
    if draw(st.booleans()) and top:
        condition = Condition(names[0], draw(st.sampled_from(OPERATORS_OF_TRUTHS)), draw(st.booleans()))
        held = top.pop()
        is_any = draw(st.booleans())
        top.append(with_condition(held, condition, is_any=is_any))
    return Questionnaire(
        url=draw(st.sampled_from(["urn:uuid:0192f3a0", "http://example.com/q"])),
        version=draw(st.sampled_from(["", "1", "2.10.2"])),
        title=draw(texts(30, lines=False)),
        status=draw(st.sampled_from(STATUSES)),
        description=draw(st.just("") | texts(30, lines=True)),
        codes=draw(st.sampled_from([(), (Coding("Panel", "p", "http://loinc.org"),)])),
        signature=draw(st.booleans()),
        items=(deciding, *top),
        kept=draw(st.sampled_from([{}, {"publisher": "Somebody", "extension": [EXTENSION]}])),
    )


def with_condition(item: Item, condition: Condition, *, is_any: bool) -> Item:
    """The item, asked by two conditions."""
    return replace(item, conditions=(condition, condition), any_condition=is_any)


def values(item: Item) -> st.SearchStrategy[Any]:
    """Values that answer one question."""
    longest = min(item.max_length or 40, 40)
    least: Any = item.least
    most: Any = item.most
    number: st.SearchStrategy[Any] = st.none()
    if item.kind in {"decimal", "quantity"}:
        number = decimals() if least is None else decimals(int(least), int(most))
    whole = st.integers(-(2**31) + 1, 2**31 - 1)
    if item.kind == "integer" and least is not None:
        whole = st.integers(least, most)
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "string": texts(longest, lines=False),
        "text": texts(longest, lines=True),
        "url": st.sampled_from([Url("https://example.com/"), Url("http://a.test/b?c=d")]),
        "integer": whole,
        "decimal": number,
        "quantity": number.map(lambda found: Quantity(found, UNIT.display, UNIT.code, UNIT.system)),
        "date": st.dates(date(1950, 1, 1), date(2050, 1, 1)),
        "dateTime": st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)).map(  # noqa: DTZ001 -- made aware
            lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
        ),
        "time": st.times().map(lambda hour: hour.replace(second=0, microsecond=0)),
        "boolean": st.booleans(),
        "attachment": st.just(PICTURE),
    }
    if item.kind == "open-choice":
        own = texts(20, lines=False).filter(lambda text: item.option(text) is None)
        return own | st.sampled_from([option.value for option in item.options])
    return (
        st.sampled_from([option.value for option in item.options])
        if item.kind == "choice"
        else by_kind[item.kind]
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[Questionnaire, Response]:
    """A questionnaire with answers to some of it, in groups that repeat too."""
    questionnaire = draw(questionnaires())
    given = Given()
    for _round in range(3):
        for item, place in list(places(questionnaire, given)):
            if item.kind == "group" and item.repeats and place not in given.counts:
                given.counts[place] = draw(st.integers(0, 2))
    for item, place in places(questionnaire, given):
        if item.is_question and draw(st.booleans()):
            given.values[place] = draw(some_values(item))
            if item.signature:
                given.signatures[place] = Signature("Ana Bo", AT)
    if questionnaire.signature:
        given.signatures[Place("")] = Signature("Ana Bo", AT)
    # Once more, so that times without answers have closed up.
    return questionnaire, respond(questionnaire, given)


@st.composite
def some_values(draw: st.DrawFn, item: Item) -> tuple[Value, ...]:
    """One answer, or a few where that is asked."""
    if not item.repeats:
        return (draw(values(item)),)
    if item.kind not in CHOSEN:
        return tuple(draw(st.lists(values(item), min_size=1, max_size=3)))
    picked = draw(st.lists(values(item), min_size=1, max_size=3, unique_by=str))
    offered = [option.value for option in item.options if option.value in picked]
    own = [value for value in picked if value not in offered][:1]
    return tuple(offered + own)
