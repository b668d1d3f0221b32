"""The fields of core/forms read what people type, say what is missing, and keep what was refused."""

from datetime import date, time
from decimal import Decimal
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from core import forms
from core.forms import Form
from tests.core.form_samples import Everything, fill, refusal


class Needed(Form):
    """Fields that must be filled in."""

    name = forms.TextField("Name", required="Enter your first name.")
    day = forms.DayField("Day", required=True)
    one = forms.ChoiceField("One", choices=[("a", "A")], required=True)
    several = forms.ChoicesField("Several", choices=[("a", "A")], required=True)
    sure = forms.YesNoField("Sure", required=True)
    agreed = forms.TickField("Agreed", required="Tick the box to agree.")


def test_every_field_takes_what_is_usual() -> None:
    form = fill(
        line="  Ana  ",
        words="one\r\ntwo",
        whole="12",
        number="2.50",
        day="1990-12-31",
        at="14:05",
        email="Ana@Example.com",
        phone="(312) 555-0142 x12",
        one="2",
        several=["c", "a", "a"],
        sure="no",
        tick="y",
        password=" four words work well ",
        zone="America/Chicago",
        locale="es",
        thing="018f4e5e-7b1a-7c3d-8e4f-0123456789ab",
        carried="v3",
        **{"address-line1": "12 Elm Street"},
    )
    assert form.errors == {}
    assert form.data == {
        "line": "Ana",
        "words": "one\ntwo",
        "whole": 12,
        "number": Decimal("2.50"),
        "day": date(1990, 12, 31),
        "at": time(14, 5),
        "email": "ana@example.com",
        "phone": "(312) 555-0142 x12",
        "one": 2,
        "several": ["a", "c"],
        "sure": False,
        "tick": True,
        "password": " four words work well ",
        "zone": "America/Chicago",
        "locale": "es",
        "thing": UUID("018f4e5e-7b1a-7c3d-8e4f-0123456789ab"),
        "carried": "v3",
        "address": {"line1": "12 Elm Street", "line2": "", "city": "", "state": "", "postal": ""},
    }


def test_nothing_typed_is_blank_and_no_error() -> None:
    form = fill()
    assert form.errors == {}
    assert form.line.data == ""
    assert form.whole.data is None
    assert form.day.data is None
    assert form.several.data == []
    assert form.sure.data is None
    assert form.tick.data is False


def test_what_is_missing_is_said_at_the_field_and_in_the_summary() -> None:
    form = Needed(MultiDict())
    assert not form.validate()
    assert [(p.field_id, p.label, p.text) for p in form.problems()] == [
        ("name", "Name", "Enter your first name."),
        ("day", "Day", "Enter a date for “Day”."),
        ("one-0", "One", "Choose an answer to “One”."),
        ("several-0", "Several", "Choose at least one answer to “Several”."),
        ("sure-0", "Sure", "Choose yes or no for “Sure”."),
        ("agreed", "Agreed", "Tick the box to agree."),
    ]


def test_problems_inside_an_address_lead_to_their_own_field() -> None:
    form = fill(**{"address-postal": "6" * 13})
    assert [(p.field_id, p.text) for p in form.problems()] == [
        ("address-postal", "Shorten this to 12 characters.")
    ]


def test_a_service_can_refuse_afterwards() -> None:
    form = fill(line="Ana")
    form.refuse("line", "This name is taken.")
    assert [p.text for p in form.problems()] == ["This name is taken."]


def test_what_was_refused_is_still_in_the_field() -> None:
    form = fill(day="2/30/1990", whole="1_0", line="x" * 21, phone="call me")
    assert 'value="2/30/1990"' in form.day()
    assert 'value="1_0"' in form.whole()
    assert f'value="{"x" * 21}"' in form.line()
    assert 'value="call me"' in form.phone()
    assert form.day.data is None


def test_a_password_is_never_shown_again() -> None:
    assert "secret" not in fill(password="secret").password()


def test_stored_values_fill_the_form() -> None:
    stored = {
        "day": date(1990, 2, 3),
        "at": time(9, 0),
        "number": Decimal("1E+2"),
        "one": 1,
        "several": ["b"],
        "sure": True,
        "address": {"city": "Chicago"},
    }
    form = Everything(None, data=stored)
    assert 'value="1990-02-03"' in form.day()
    assert 'value="09:00"' in form.at()
    assert 'value="100"' in form.number()
    assert [option.checked for option in form.one] == [True, False]
    assert [option.checked for option in form.several] == [False, True, False]
    assert [option.checked for option in form.sure] == [True, False]
    assert 'value="Chicago"' in form.address.city()


def test_choices_can_be_set_on_the_form_before_it_is_validated() -> None:
    form = Everything(MultiDict({"one": "7"}))
    form.one.choices = [(7, "Seventh")]
    assert form.validate()
    assert form.one.data == 7


@pytest.mark.parametrize(("name", "typed"), [("one", "3"), ("several", "z"), ("sure", "maybe"), ("one", "²")])
def test_a_choice_that_was_not_offered_is_refused(name: str, typed: str) -> None:
    assert refusal(name, typed).startswith("Choose")


def test_a_new_password_has_fifteen_characters() -> None:
    class Choose(Form):
        password = forms.PasswordField("Password", new=True)

    short, long = (Choose(MultiDict({"password": "x" * length})) for length in (14, 15))
    assert not short.validate()
    assert short.password.errors == ["Use 15 characters or more. Four words work well."]
    assert long.validate()


def test_an_id_is_taken_in_its_usual_writing_only() -> None:
    upper, braced = "018F4E5E-7B1A-7C3D-8E4F-0123456789AB", "{018f4e5e7b1a7c3d8e4f0123456789ab}"
    for typed in (upper, braced, "7"):
        assert refusal("thing", typed) == "This page is out of date. Open it again."


@pytest.mark.parametrize(
    "typed", ["+1 312 555 0142", "312.555.0142", "312-555-0142 ext 4", "+49 (0)30/1234567"]
)
def test_phone_numbers_are_taken_as_people_write_them(typed: str) -> None:
    assert fill(phone=typed).phone.data == typed


@pytest.mark.parametrize(
    "typed", ["555", "1" * 16, "312-555-CALL", "٣١٢٥٥٥٠١٤٢", "()()()()()", "312 555 0142; rm"]
)
def test_phone_numbers_that_are_none_are_refused(typed: str) -> None:
    assert refusal("phone", typed) == "Enter a phone number in digits, such as (312) 555-0142."
