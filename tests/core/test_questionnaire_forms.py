"""Sections are forms, what is typed becomes answers, and both are checked alike."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from core.i18n import reading
from core.questionnaires import (
    Item,
    Option,
    Place,
    Quantity,
    Signature,
    begin,
    carry_over,
    check,
    field_name,
    given_in,
    missing_items,
    open_section,
    progress_of,
    respond,
    settle,
)
from tests.core.questionnaire_samples import ANSWERS, AT, PNG, every_kind, one, typed

TYPED: dict[str, Any] = {
    "line": " Ana ",
    "words": "One\r\nand two",
    "whole": "3",
    "number": "2.50",
    "day": "12/31/1990",
    "moment.day": "2026-12-03",
    "moment.time": "2:02 pm",
    "hour": "14:30",
    "web": "https://example.com/a?b=c",
    "amount.number": "80.5",
    "amount.unit": "http://unitsofmeasure.org|kg",
    "names.count": "3",
    "names.0": "Ann",
    "names.1": "",
    "names.2": "Bo",
}
PICKED: dict[str, Any] = {
    "one": "urn:test|a",
    "several": ["Blue", "Red"],
    "own": "urn:test|b",
    "own.own": "Something else",
    "owns": ["urn:test|b"],
    "owns.own": "More",
    "sure": "no",
    "scale": "0",
}
MEDICINES: dict[str, Any] = {
    "medicines.count": "3",
    "medicine.0": "Sertraline",
    "dose.0.number": "50",
    "daily.0": "yes",
    "medicine.2": "Lithium",
    "daily.2": "no",
    "why.2": "On weekdays",
    "consent.sign": "Ana Bo",
}


def picture(content: bytes = PNG, name: str = "my card.exe") -> FileStorage:
    return FileStorage(BytesIO(content), name)


def test_what_is_typed_becomes_answers_section_by_section() -> None:
    questionnaire = every_kind()
    first, second, _third = questionnaire.sections
    with reading("en", "America/Chicago"):
        form = typed(questionnaire, 1, TYPED)
        assert form.errors == {}
        begun = form.response()
        assert begun.status == "in-progress"
        form = open_section(questionnaire, second, begun, sent(PICKED))
        assert form.validate(), form.errors
        answers = form.response().answers
    expected = {name: values for name, values in ANSWERS.items() if name != "file"}
    assert answers == {
        **expected,
        "number": (Decimal("2.5"),),
        "total": (Decimal("5.5"),),
        "secret": ("set",),
    }
    assert check(questionnaire, form.response(), complete=False) == []
    assert first.number == 1


def sent(answers: dict[str, Any]) -> MultiDict[str, Any]:
    """Answers as a page sends them, by linkId."""
    made: MultiDict[str, Any] = MultiDict({"live": "1"})
    for link_id, value in answers.items():
        name, _dot, more = link_id.partition(".")
        made.setlist(
            field_name(name) + (f".{more}" if more else ""), value if isinstance(value, list) else [value]
        )
    return made


def test_groups_repeat_and_times_that_were_left_blank_close_up() -> None:
    questionnaire = every_kind()
    form = typed(questionnaire, 3, {**MEDICINES, "file": picture()})
    assert form.errors == {}
    response = form.response()
    given = given_in(questionnaire, response)
    assert given.counts == {Place("medicines"): 2}
    assert given.values[Place("medicine", (1,))] == ("Lithium",)
    assert given.values[Place("why", (1,))] == ("On weekdays",)
    assert given.values[Place("dose", (0,))] == (Quantity(Decimal(50), "mg", "mg"),)
    assert given.signatures[Place("consent")].name == "Ana Bo"
    file = given.values[Place("file")][0]
    assert (file.title, file.content_type) == ("my card.png", "image/png")  # type: ignore[union-attr] # a file
    opened = open_section(questionnaire, questionnaire.sections[2], response, more="a-medicines")
    assert [field.name for field in opened if field.name.startswith("a-medicine.")] == [
        "a-medicine.0",
        "a-medicine.1",
        "a-medicine.2",
    ]
    gone = open_section(questionnaire, questionnaire.sections[2], response, sent({**MEDICINES}))
    gone.validate()
    left = given_in(questionnaire, gone.response(without="a-medicines.0"))
    assert left.values[Place("medicine", (0,))] == ("Lithium",)
    assert left.values[Place("file")] == (file,), "a file stays that was not sent again"


def test_a_condition_inside_a_group_looks_at_its_own_time() -> None:
    questionnaire = every_kind()
    form = typed(questionnaire, 3, {**MEDICINES, "why.2": "", "why.0": "kept"})
    assert set(form.errors) == {"a-why.2"}
    settled = settle(questionnaire, form.response())
    given = given_in(questionnaire, settled)
    assert Place("why", (0,)) not in given.values
    assert Place("why", (0,)) in given_in(questionnaire, form.response()).values, "a draft keeps it"


def test_a_signature_keeps_its_moment_and_is_asked_for() -> None:
    questionnaire = every_kind()
    assert "a-consent.sign" in typed(questionnaire, 3).errors
    given = given_in(questionnaire, None)
    given.signatures[Place("consent")] = Signature("Ana Bo", AT)
    before = respond(questionnaire, given)
    section = questionnaire.sections[2]
    for name, is_same in (("Ana Bo", True), ("Ann Bo", False)):
        form = open_section(questionnaire, section, before, sent({"consent.sign": name}))
        form.validate()
        signature = given_in(questionnaire, form.response()).signatures[Place("consent")]
        assert (signature.at == AT) is is_same
    faults = check(questionnaire, respond(questionnaire, ANSWERS), complete=True)
    assert [(f.link_id, f.code) for f in faults] == [("consent", "unsigned")]


def test_answers_stand_in_the_form_when_it_is_opened_again() -> None:
    questionnaire = every_kind()
    given = given_in(questionnaire, respond(questionnaire, ANSWERS))
    given.counts[Place("medicines")] = 2
    given.values[Place("medicine", (0,))] = ("Sertraline",)
    given.values[Place("medicine", (1,))] = ("Lithium",)
    response = respond(questionnaire, given)
    for section in questionnaire.sections:
        form = open_section(questionnaire, section, response)
        shown: MultiDict[str, Any] = MultiDict({"live": "1"})
        for part in form.walk():
            if part.sort == "repeated":
                shown[f"{part.name}.count"] = str(len(part.parts))
        fields: list[Any] = list(form)
        for field in fields:
            if hasattr(field, "iter_choices"):
                shown.setlist(field.name, [value for value, _, is_on, _ in field.iter_choices() if is_on])
                shown[f"{field.name}.own"] = getattr(field, "own_text", "")
            elif hasattr(field, "parts"):
                shown.update({part.name: part.value for part in field.parts})
            else:
                shown[field.name] = field._value()
        again = open_section(questionnaire, section, response, shown, complete=False)
        assert again.validate(), again.errors
        assert given_in(questionnaire, again.response()).values | {Place("total"): ()} == {
            **given.values,
            Place("number"): (Decimal("2.5"),),
            Place("total"): (),
        }


def test_a_draft_requires_nothing_and_loses_no_answer_to_a_slip() -> None:
    questionnaire = every_kind()
    before = respond(questionnaire, ANSWERS)
    slip = sent({**TYPED, "line": "", "whole": "three", "day": "2/30/1990", "words": "New"})
    form = open_section(questionnaire, questionnaire.sections[0], before, slip, complete=False)
    form.validate()
    assert set(form.errors) == {"a-whole", "a-day"}
    after = form.response().answers
    assert (after["whole"], after["day"], after["words"]) == (ANSWERS["whole"], ANSWERS["day"], ("New",))
    assert "line" not in after
    crafted = open_section(
        questionnaire,
        questionnaire.sections[1],
        before,
        sent({"one": "urn:test|z", "several": ["Pink", "Red"]}),
    )
    assert not crafted.validate()
    assert (crafted.response().answers["one"], crafted.response().answers["several"]) == (
        ANSWERS["one"],
        ANSWERS["several"],
    )


def test_a_page_of_another_version_changes_nothing() -> None:
    questionnaire = every_kind()
    before = respond(questionnaire, ANSWERS)
    older = open_section(replace(questionnaire, version="2"), questionnaire.sections[0], None).token
    form = open_section(
        questionnaire, questionnaire.sections[0], before, MultiDict({"asked": older, "a-line": "Bo"})
    )
    assert not form.validate()
    assert form.form_errors
    assert form.response() == before


def test_what_is_missing_is_said_by_the_form_and_by_the_check() -> None:
    questionnaire = every_kind()
    form = typed(questionnaire, 2)
    assert [problem.field_id for problem in form.problems()] == ["a-one-0", "a-several-0"]
    faults = check(questionnaire, respond(questionnaire, {}), complete=True)
    assert [(f.link_id, f.code) for f in faults] == [
        *((name, "required") for name in ("line", "one", "several")),
        ("consent", "unsigned"),
    ]
    assert [item.text for item in missing_items(questionnaire, faults)] == ["Line?", "One?", "Several?"]
    assert check(questionnaire, respond(questionnaire, {}), complete=False) == []
    begun = [(p.is_begun, p.is_whole) for p in progress_of(questionnaire, respond(questionnaire, ANSWERS))]
    assert begun == [(True, True), (True, True), (True, False)]


def test_answers_to_another_version_are_refused_and_left_behind() -> None:
    questionnaire = every_kind()
    older = respond(replace(questionnaire, version="2"), ANSWERS)
    assert [(f.link_id, f.code) for f in check(questionnaire, older, complete=True)] == [
        ("", "other_version")
    ]
    form = open_section(questionnaire, questionnaire.sections[0], older, sent({"line": "Bo"}))
    form.validate()
    assert form.response().answers == {"line": ("Bo",), "secret": ("set",)}


def test_begun_answers_are_carried_into_a_new_version_where_they_still_fit() -> None:
    older = every_kind()
    shorter = replace(older.items[0].items[0], max_length=2)
    typed_group = replace(older.items[0], items=(shorter, *older.items[0].items[2:]))
    newer = replace(older, version="4", items=(typed_group, *older.items[1:]))
    kept = carry_over(newer, respond(older, ANSWERS))
    assert kept.questionnaire == "urn:test:every-kind|4"
    assert set(kept.answers) == set(ANSWERS) - {"line", "words"}


def test_a_linkid_of_any_kind_makes_a_good_name_and_id() -> None:
    names = [field_name(link_id) for link_id in ("1.1", "/44250-9", "a b", "data", "a" * 255, "é", "q-1")]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and " " not in name and name[0] == "a" for name in names)
    form = typed(one(Item(link_id="errors", kind="string", text="Errors?")), 1, {"errors": "none"})
    assert form["a-errors"].data == "none"


def test_a_long_choice_is_a_list() -> None:
    many = tuple(Option(f"Answer {number}") for number in range(13))
    form = typed(one(Item(link_id="q", kind="choice", text="Which?", options=many)), 1, {"q": "Answer 12"})
    assert '<option selected value="Answer 12">' in form["a-q"]()
    assert form.validate()


def test_what_stands_there_beforehand_is_an_answer() -> None:
    options = (Option("Red"), Option("Blue", is_initial=True))
    asked = one(Item(link_id="q", kind="choice", text="Which?", options=options))
    assert begin(asked).answers == {"q": ("Blue",)}
    fixed = one(Item(link_id="q", kind="string", text="Fixed", initial=("So",), read_only=True))
    form = open_section(fixed, fixed.sections[0], None, MultiDict({"a-q": "Otherwise"}))
    assert form.validate()
    assert form.response().answers == {"q": ("So",)}
