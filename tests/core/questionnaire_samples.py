"""Questionnaires and answers to try: one with every kind of item, and any that hypothesis thinks of."""

from datetime import date
from decimal import Decimal
from string import ascii_lowercase, digits
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core.questionnaires import (
    Item,
    Option,
    Questionnaire,
    Response,
    SectionForm,
    Value,
    check,
    field_name,
    respond,
    section_form,
)
from core.questionnaires.model import STATUSES
from core.questionnaires.refusals import is_clean

# The machine may be busy with other tests, so the clock proves nothing here.
unhurried = settings(
    max_examples=50, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)

LOT, LITTLE = Option("A lot", "a", "urn:test"), Option("A little", "b", "urn:test")
ANSWERS: dict[str, tuple[Value, ...]] = {
    "line": ("Ana",),
    "words": ("One\nand two",),
    "whole": (3,),
    "number": (Decimal("2.50"),),
    "day": (date(1990, 12, 31),),
    "one": (LOT,),
    "several": ("Red", "Blue"),
    "sure": (False,),
}


def every_kind() -> Questionnaire:
    """Two sections with an item of each kind; `line`, `one` and `several` are required."""
    first = (
        Item(link_id="line", kind="string", text="Line?", required=True, max_length=20),
        Item(link_id="words", kind="text", text="Words?"),
        Item(link_id="whole", kind="integer", text="Whole?"),
        Item(link_id="number", kind="decimal", text="Number?"),
        Item(link_id="day", kind="date", text="Day?"),
        Item(link_id="note", kind="display", text="Take your time.\n\nNothing is wrong."),
    )
    colours = (Option("Red"), Option("Green"), Option("Blue"))
    second = (
        Item(link_id="one", kind="choice", text="One?", required=True, options=(LOT, LITTLE)),
        Item(link_id="several", kind="choice", text="Several?", required=True, repeats=True, options=colours),
        Item(link_id="sure", kind="boolean", text="Sure?"),
    )
    return Questionnaire(
        url="urn:test:every-kind",
        version="3",
        title="Every kind",
        status="active",
        items=(
            Item(link_id="g1", kind="group", text="Typed", items=first),
            Item(link_id="g2", kind="group", text="Chosen", items=second),
        ),
    )


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


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    """Answers to offer, codings or words, each another."""
    words = draw(st.lists(texts(12, lines=False), min_size=1, max_size=4, unique=True))
    if draw(st.booleans()):
        return tuple(Option(word) for word in words)
    system = draw(st.sampled_from(["", "http://loinc.org"]))
    return tuple(Option(word, f"code-{n}", system) for n, word in enumerate(words))


@st.composite
def items(draw: st.DrawFn, link_id: str) -> Item:
    """A question or a text."""
    kind = draw(
        st.sampled_from(["string", "text", "integer", "decimal", "date", "choice", "boolean", "display"])
    )
    return Item(
        link_id=link_id,
        kind=kind,  # type: ignore[arg-type]  # sampled from the kinds
        text=draw(texts(30, lines=True)),
        required=kind != "display" and draw(st.booleans()),
        repeats=kind == "choice" and draw(st.booleans()),
        max_length=draw(st.none() | st.integers(1, 5000)) if kind in {"string", "text"} else None,
        options=draw(options()) if kind == "choice" else (),
        definition=draw(st.sampled_from(["", "http://example.com/Thing#Thing.part"])),
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Any questionnaire that we can ask."""
    names = draw(st.lists(link_ids(), min_size=1, max_size=6, unique=True))
    made: list[Item] = []
    for name in names[1:]:
        item = draw(items(name))
        if made and made[-1].kind == "group" and draw(st.booleans()):
            group = made.pop()
            item = Item(link_id=group.link_id, kind="group", text=group.text, items=(*group.items, item))
        elif draw(st.booleans()):
            item = Item(
                link_id=f"group of {name}", kind="group", text=draw(texts(12, lines=False)), items=(item,)
            )
        made.append(item)
    made.append(Item(link_id=names[0], kind="string", text="Always?"))
    return Questionnaire(
        url=draw(st.sampled_from(["urn:uuid:0192f3a0", "http://example.com/q"])),
        version=draw(st.sampled_from(["", "1", "2.10.2"])),
        title=draw(texts(30, lines=False)),
        status=draw(st.sampled_from(STATUSES)),
        description=draw(st.just("") | texts(30, lines=True)),
        items=tuple(made),
    )


def values(item: Item) -> st.SearchStrategy[Any]:
    """Values that answer one question."""
    longest = min(item.max_length or 40, 40)
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "string": texts(longest, lines=False),
        "text": texts(longest, lines=True),
        "integer": st.integers(-(2**31) + 1, 2**31 - 1),
        "decimal": st.decimals(-999_999_999, 999_999_999, places=6, allow_nan=False),
        "date": st.dates(date(1900, 1, 1), date(2100, 12, 31)),
        "boolean": st.booleans(),
    }
    if item.kind == "choice":
        return st.sampled_from([option.answer for option in item.options])
    return by_kind[item.kind]


@st.composite
def answered(draw: st.DrawFn) -> tuple[Questionnaire, Response]:
    """A questionnaire with answers to some of it."""
    questionnaire = draw(questionnaires())
    answers: dict[str, tuple[Value, ...]] = {}
    for item in questionnaire.questions:
        if item.repeats:
            picked = draw(st.lists(values(item), unique_by=str, max_size=4))
            answers[item.link_id] = tuple(o.answer for o in item.options if o.answer in picked)
        elif draw(st.booleans()):
            answers[item.link_id] = (draw(values(item)),)
    return questionnaire, respond(questionnaire, answers)


def typed(
    asked: Questionnaire, page: int, answers: dict[str, Any] | None = None, *, complete: bool = True
) -> SectionForm:
    """The validated form of a section with answers typed, by linkId."""
    sent = MultiDict({field_name(link_id): value for link_id, value in (answers or {}).items()})
    form = section_form(asked.sections[page - 1], complete=complete)(sent)
    form.validate()
    return form


def codes(asked: Questionnaire, answers: dict[str, Any]) -> set[str]:
    """The faults of a draft's answers, as linkId:code."""
    given = {name: value if isinstance(value, tuple) else (value,) for name, value in answers.items()}
    faults = check(asked, respond(asked, given), complete=False)
    return {f"{fault.link_id}:{fault.code}" for fault in faults}
