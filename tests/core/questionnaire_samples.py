"""Questionnaires and answers to try: one with every kind of item, and how to type into it."""

import base64
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from werkzeug.datastructures import MultiDict

from core.questionnaires import (
    Attachment,
    Coding,
    Condition,
    Expression,
    Item,
    Option,
    Quantity,
    Questionnaire,
    SectionForm,
    Url,
    Value,
    check,
    field_name,
    open_section,
    respond,
)

# The machine may be busy with other tests, so the clock proves nothing here.
# To explain a failure Hypothesis traces each line, which takes longer than a test may: the failure is lost.
unhurried = settings(
    max_examples=50,
    deadline=None,
    database=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow],
)

# One white point.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
PICTURE = Attachment("image/png", "card.png", len(PNG), base64.b64encode(PNG).decode())
LOT, LITTLE = Coding("A lot", "a", "urn:test"), Coding("A little", "b", "urn:test")
KG, LB = Coding("kg", "kg", "http://unitsofmeasure.org"), Coding("lb", "[lb_av]", "http://unitsofmeasure.org")
AT = datetime(2026, 12, 3, 20, 2, tzinfo=UTC)
ANSWERS: dict[str, tuple[Value, ...]] = {
    "line": ("Ana",),
    "words": ("One\nand two",),
    "whole": (3,),
    "number": (Decimal("2.50"),),
    "day": (date(1990, 12, 31),),
    "moment": (AT,),
    "hour": (time(14, 30),),
    "web": (Url("https://example.com/a?b=c"),),
    "amount": (Quantity(Decimal("80.5"), "kg", "kg", "http://unitsofmeasure.org"),),
    "names": ("Ann", "Bo"),
    "one": (LOT,),
    "several": ("Red", "Blue"),
    "own": ("Something else",),
    "owns": (LITTLE, "More"),
    "sure": (False,),
    "scale": (0,),
    "file": (PICTURE,),
}


def every_kind() -> Questionnaire:
    """Three sections with an item of each kind; `line`, `one` and `several` are required."""
    first = (
        Item(link_id="line", kind="string", text="Line?", required=True, max_length=20),
        Item(link_id="words", kind="text", text="Words?"),
        Item(link_id="whole", kind="integer", text="Whole?"),
        Item(link_id="number", kind="decimal", text="Number?"),
        Item(link_id="day", kind="date", text="Day?"),
        Item(link_id="moment", kind="dateTime", text="Moment?"),
        Item(link_id="hour", kind="time", text="Hour?"),
        Item(link_id="web", kind="url", text="Web?"),
        Item(link_id="amount", kind="quantity", text="Amount?", units=(KG, LB)),
        Item(link_id="names", kind="string", text="Names?", repeats=True),
        Item(link_id="note", kind="display", text="Take your time.\n\nNothing is wrong."),
    )
    colours = (Option("Red"), Option("Green"), Option("Blue"))
    coded = (Option(LOT), Option(LITTLE))
    second = (
        Item(link_id="one", kind="choice", text="One?", required=True, options=coded),
        Item(link_id="several", kind="choice", text="Several?", required=True, repeats=True, options=colours),
        Item(link_id="own", kind="open-choice", text="Own?", options=coded),
        Item(link_id="owns", kind="open-choice", text="Owns?", options=coded, repeats=True),
        Item(link_id="sure", kind="boolean", text="Sure?"),
        Item(link_id="scale", kind="integer", text="Scale?", least=0, most=10, control="slider"),
    )
    return Questionnaire(
        url="urn:test:every-kind",
        version="3",
        title="Every kind",
        status="active",
        items=(
            Item(link_id="g1", kind="group", text="Typed", items=first),
            Item(link_id="g2", kind="group", text="Chosen", items=second),
            Item(link_id="g3", kind="group", text="Nested", items=nested()),
        ),
    )


def nested() -> tuple[Item, ...]:
    """Groups in groups, one that repeats, a condition inside of it, a file, a signature, a total."""
    dose = Item(link_id="dose", kind="quantity", text="Dose?", unit=Coding("mg", "mg"))
    daily = Item(link_id="daily", kind="boolean", text="Every day?")
    why = Item(
        link_id="why",
        kind="string",
        text="Why not?",
        required=True,
        conditions=(Condition("daily", "=", False),),
    )
    help_text = Item(link_id="help", kind="display", text="As it stands on the box.", control="help")
    medicine = Item(link_id="medicine", kind="string", text="Name?", required=True, items=(help_text,))
    total = Item(
        link_id="total",
        kind="decimal",
        text="Number and whole together",
        read_only=True,
        calculation=Expression(
            "%resource.descendants().where(linkId = 'number').answer.value"
            " + %resource.descendants().where(linkId = 'whole').answer.value"
        ),
    )
    return (
        Item(link_id="file", kind="attachment", text="File?", media_types=("image/*",), max_bytes=100_000),
        Item(
            link_id="medicines",
            kind="group",
            text="Medicine",
            repeats=True,
            max_occurs=3,
            items=(medicine, dose, daily, why),
        ),
        total,
        Item(
            link_id="consent",
            kind="group",
            text="Consent",
            signature=True,
            items=(Item(link_id="consent-text", kind="display", text="I agree."),),
        ),
        Item(link_id="secret", kind="string", text="Hidden", hidden=True, initial=("set",)),
    )


def one(item: Item) -> Questionnaire:
    """A questionnaire that asks one thing."""
    return Questionnaire(url="urn:test:one", version="1", title="One", status="active", items=(item,))


def typed(
    asked: Questionnaire, page: int, answers: dict[str, Any] | None = None, *, complete: bool = True
) -> SectionForm:
    """The validated form of a section with answers typed, by linkId, as a page with scripts sends them."""
    sent = MultiDict({"live": "1"})
    for link_id, value in (answers or {}).items():
        name, _dot, more = link_id.partition(".")
        key = field_name(name) + (f".{more}" if more else "")
        sent.setlist(key, value if isinstance(value, list) else [value])
    form = open_section(asked, asked.sections[page - 1], None, sent, complete=complete)
    form.validate()
    return form


def codes(asked: Questionnaire, answers: dict[str, Any]) -> set[str]:
    """The faults of a draft's answers, as linkId:code."""
    given = {name: value if isinstance(value, tuple) else (value,) for name, value in answers.items()}
    faults = check(asked, respond(asked, given), complete=False)
    return {f"{fault.link_id}:{fault.code}" for fault in faults}
