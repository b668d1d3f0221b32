"""Sections are forms, what is typed becomes answers, and both are checked alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict

from core.i18n import gettext
from core.questionnaires import (
    Answered,
    Item,
    Option,
    Questionnaire,
    Response,
    answers_by_section,
    carry_over,
    check,
    data_of,
    fault_in_words,
    field_name,
    fill_in,
    missing_items,
    respond,
    section_form,
)
from core.questionnaires.checking import Code
from core.questionnaires.words import FAULTS
from core.spec.types import Address, Demographics, EmergencyContact
from tests.core.questionnaire_samples import (
    ANSWERS,
    LITTLE,
    LOT,
    answered,
    codes,
    every_kind,
    typed,
    unhurried,
)

TEMPLATES = Path(__file__).parents[2] / "templates"
KNOWN = Demographics(
    given_name="Zoë",
    family_name="Okafor-Nguyễn",
    preferred_name="Zo",
    pronouns="they/them",
    birth_on=date(1990, 2, 3),
    phone="(312) 555-0142",
    address=Address(line1="12 Elm Street", line2="Room 2", city="Chicago", state="IL", postal="60601"),
    emergency_contact=EmergencyContact(name="Ada Okafor", relation="Mother", phone="+44 20 7946 0018"),
)


def one(item: Item) -> Questionnaire:
    """A questionnaire that asks one thing."""
    return Questionnaire(url="urn:test:one", version="1", title="One", status="active", items=(item,))


def test_what_is_typed_becomes_answers_section_by_section() -> None:
    questionnaire = every_kind()
    first, second = questionnaire.sections
    form = typed(
        questionnaire,
        1,
        {"line": " Ana ", "words": "One\r\nand two", "whole": "3", "number": "2.50", "day": "12/31/1990"},
    )
    assert form.errors == {}
    begun = fill_in(questionnaire, first, form, None)
    assert begun.status == "in-progress"
    form = typed(questionnaire, 2, {"one": "urn:test|a", "several": ["Blue", "Red"], "sure": "no"})
    assert form.errors == {}
    whole = fill_in(questionnaire, second, form, begun)
    assert whole == respond(questionnaire, ANSWERS)
    assert check(questionnaire, whole, complete=True) == []


def test_answers_stand_in_the_form_when_it_is_opened_again() -> None:
    questionnaire = every_kind()
    response = respond(questionnaire, ANSWERS)
    for section in questionnaire.sections:
        form = section_form(section)(data=data_of(section, response))
        assert fill_in(questionnaire, section, form, response) == response
    assert data_of(questionnaire.sections[0], None) == {}


@unhurried
@given(answered())
def test_any_answers_survive_the_page(pair: tuple[Questionnaire, Response]) -> None:
    questionnaire, response = pair
    for section in questionnaire.sections:
        opened = section_form(section)(data=data_of(section, response))
        sent: MultiDict[str, str] = MultiDict()
        for item in section.questions:
            field: Any = opened.of(item)
            if item.kind in {"choice", "boolean"}:
                sent.setlist(field.name, [value for value, _, is_on, _ in field.iter_choices() if is_on])
            else:
                sent[field.name] = field._value()
        form = section_form(section, complete=False)(sent)
        assert form.validate(), form.errors
        assert fill_in(questionnaire, section, form, None).answers == {
            item.link_id: response.answers[item.link_id]
            for item in section.questions
            if item.link_id in response.answers
        }
    assert check(questionnaire, response, complete=False) == []


def test_a_draft_requires_nothing_and_loses_no_answer_to_a_slip() -> None:
    questionnaire = every_kind()
    section = questionnaire.sections[0]
    before = respond(questionnaire, ANSWERS)
    form = typed(
        questionnaire, 1, {"line": "", "whole": "three", "day": "2/30/1990", "words": "New"}, complete=False
    )
    assert set(form.errors) == {"a-whole", "a-day"}
    after = fill_in(questionnaire, section, form, before)
    crafted = typed(questionnaire, 2, {"one": "urn:test|z", "several": ["Pink", "Red"]}, complete=False)
    kept_too = fill_in(questionnaire, questionnaire.sections[1], crafted, before).answers
    assert (kept_too["one"], kept_too["several"]) == (ANSWERS["one"], ANSWERS["several"])
    emptied = {"line", "number"}
    kept = {link_id: values for link_id, values in ANSWERS.items() if link_id not in emptied}
    assert after.answers == {**kept, "words": ("New",)}


def test_what_is_missing_is_said_by_the_form_and_by_the_check() -> None:
    questionnaire = every_kind()
    form = typed(questionnaire, 2)
    assert [problem.field_id for problem in form.problems()] == ["a-one-0", "a-several-0"]
    faults = check(questionnaire, respond(questionnaire, {}), complete=True)
    assert [(f.link_id, f.code) for f in faults] == [
        (name, "required") for name in ("line", "one", "several")
    ]
    assert [item.text for item in missing_items(questionnaire, faults)] == ["Line?", "One?", "Several?"]
    assert check(questionnaire, respond(questionnaire, {}), complete=False) == []


def test_answers_to_another_version_are_refused_and_left_behind() -> None:
    questionnaire = every_kind()
    older = respond(replace(questionnaire, version="2"), ANSWERS)
    assert [(f.link_id, f.code) for f in check(questionnaire, older, complete=True)] == [
        ("", "other_version")
    ]
    section = questionnaire.sections[0]
    assert fill_in(questionnaire, section, typed(questionnaire, 1, {"line": "Bo"}), older).answers == {
        "line": ("Bo",)
    }


def test_begun_answers_are_carried_into_a_new_version_where_they_still_fit() -> None:
    older = every_kind()
    shorter = replace(older.items[0].items[0], max_length=2)
    typed_group = replace(older.items[0], items=(shorter, *older.items[0].items[2:]))
    newer = replace(older, version="4", items=(typed_group, older.items[1]))
    kept = carry_over(newer, respond(older, ANSWERS))
    assert kept.questionnaire == "urn:test:every-kind|4"
    assert set(kept.answers) == set(ANSWERS) - {"line", "words"}


@pytest.mark.parametrize(
    ("link_id", "value", "code"),
    [
        ("line", 7, "wrong_kind"),
        ("line", "x" * 21, "too_long"),
        ("line", "", "unreadable"),
        ("line", " x", "unreadable"),
        ("line", ("a", "b"), "too_many"),
        ("whole", True, "wrong_kind"),
        ("whole", Decimal(1), "wrong_kind"),
        ("whole", 2**31, "out_of_range"),
        ("number", 2, "wrong_kind"),
        ("day", "1990-12-31", "wrong_kind"),
        ("sure", 1, "wrong_kind"),
        ("sure", "yes", "wrong_kind"),
        ("one", "A lot", "not_offered"),
        ("one", Option("A lot", "a", "urn:other"), "not_offered"),
        ("one", 1, "wrong_kind"),
        ("one", (LOT, LITTLE), "too_many"),
        ("several", ("Red", "Red"), "twice"),
        ("several", ("Red", "Pink"), "not_offered"),
        ("several", Option("Red", "Red"), "not_offered"),
    ],
)
def test_an_answer_that_does_not_fit_has_a_typed_fault(link_id: str, value: Any, code: str) -> None:
    assert f"{link_id}:{code}" in codes(every_kind(), {link_id: value})


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\u202eb", "two\nlines", "\u200b", "a\u0301" * 2])
def test_A44_crafted_text_is_refused_by_the_check_too(text: str) -> None:
    assert codes(every_kind(), {"line": text}) == {"line:unreadable"}


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "0.1234567890123456"])
def test_A45_numbers_that_json_cannot_keep_are_refused(number: str) -> None:
    assert codes(every_kind(), {"number": Decimal(number)}) == {"number:out_of_range"}
    assert typed(every_kind(), 1, {"line": "x", "number": number}).errors


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31), date(1899, 12, 31)])
def test_A46_days_that_cannot_be_meant_are_refused(day: date) -> None:
    assert codes(every_kind(), {"day": day}) == {"day:out_of_range"}
    assert typed(every_kind(), 1, {"line": "x", "day": day.isoformat()}).errors


def test_what_was_not_asked_or_is_said_twice_is_refused() -> None:
    questionnaire = every_kind()
    stray = (
        Answered(link_id="other", values=("x",)),
        Answered(link_id="note", values=("x",)),
        Answered(link_id="line", values=("x",)),
        Answered(link_id="line", values=("y",)),
    )
    response = Response(questionnaire=questionnaire.canonical, items=stray)
    faults = {(fault.link_id, fault.code) for fault in check(questionnaire, response, complete=False)}
    assert faults == {("other", "not_asked"), ("note", "not_asked"), ("line", "twice")}


def test_every_fault_has_its_sentence() -> None:
    assert set(FAULTS) == set(get_args(Code))
    faults = check(every_kind(), respond(every_kind(), {}), complete=True)
    assert fault_in_words(faults[0]) == "This is still missing."


def test_a_linkid_of_any_kind_makes_a_good_name_and_id() -> None:
    names = [field_name(link_id) for link_id in ("1.1", "/44250-9", "a b", "data", "a" * 255, "é", "q-1")]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and " " not in name and name[0] == "a" for name in names)
    form = typed(one(Item(link_id="errors", kind="string", text="Errors?")), 1, {"errors": "none"})
    assert form["a-errors"].data == "none"


def test_a_long_choice_is_a_list() -> None:
    many = tuple(Option(f"Answer {number}") for number in range(13))
    questionnaire = one(Item(link_id="q", kind="choice", text="Which?", options=many))
    form = typed(questionnaire, 1, {"q": "Answer 12"})
    assert '<option selected value="Answer 12">' in form["a-q"]()
    assert form.validate()


def drawn(source: str, **values: Any) -> str:
    """A piece of template with the kit, as the app sets it up."""
    jinja = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    jinja.globals.update(_=gettext, csrf_token=lambda: "token", url_for=lambda *_a, **_k: "/")
    jinja.globals["kit"] = jinja.get_template("kit.html").module
    return jinja.from_string('{% import "questionnaires/items.html" as items %}' + source).render(**values)


def test_a_section_is_drawn_with_what_was_typed_and_what_is_wrong() -> None:
    questionnaire = every_kind()
    first = drawn(
        "{{ items.fields(form) }}", form=typed(questionnaire, 1, {"whole": "three", "words": "<b>"})
    )
    assert 'value="three"' in first
    assert "Enter a whole number in digits, such as 12." in first
    assert "&lt;b&gt;" in first
    assert "<p>Take your time.</p>" in first
    assert "<p>Nothing is wrong.</p>" in first
    second = drawn(
        "{{ items.fields(form) }}", form=typed(questionnaire, 2, {"one": "urn:test|b", "several": "Red"})
    )
    assert 'type="radio" id="a-one-1" name="a-one" value="urn:test|b" checked' in second
    assert 'type="checkbox" id="a-several-0" name="a-several" value="Red" checked' in second
    assert second.count("checked") == 2


def test_answers_are_drawn_with_a_way_to_change_them() -> None:
    sections = answers_by_section(every_kind(), respond(every_kind(), ANSWERS), blanks="Not answered")
    page = drawn("{{ items.answers(sections, change) }}", sections=sections, change=lambda s: f"/{s.number}/")
    assert page.count("<section") == 2
    assert 'href="/2/"' in page
    assert "December 31, 1990" in page
    assert "Change" not in drawn("{{ items.answers(sections) }}", sections=sections)
