"""Text, numbers, days and addresses that are meant to harm are refused with a sentence."""

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core import forms
from core.forms import Form, text
from core.settings import Settings
from tests.core.form_samples import fill, refusal


class Stay(Form):
    """Two days in order."""

    from_on = forms.DayField("From")
    to_on = forms.DayField("To", [forms.After("from_on", "The end must be after the start.")])


@pytest.fixture(autouse=True)
def demo_addresses(tmp_path: Path) -> Iterator[None]:
    """Addresses under `.test` are good, as in the demo."""
    before = dict(text._rules)
    forms.bind(Settings(data=tmp_path, mode="test"))
    yield
    text._rules.update(before)


@pytest.mark.parametrize("name", ["line", "words", "password", "carried", "address-city"])
@pytest.mark.parametrize(
    "typed",
    ["a\x00b", "a\ud800b", "a\x1bb", "a\x7fb", "a\u202eb", "a\u2066b", "a\ufffeb", "a\U0001ffffb"],
)
def test_A44_text_that_hides_something_is_refused(name: str, typed: str) -> None:
    form = fill(**{name: typed})
    assert [p.text for p in form.problems()] == ["Remove the characters that can't be shown, then try again."]
    form.line().encode()
    form.words().encode()


def test_A44_line_breaks_stay_out_of_one_line() -> None:
    assert refusal("line", "Subject\r\nBcc: x") == "Write this on one line."
    assert refusal("line", "Subject\u2028x") == "Write this on one line."
    assert fill(line="a\tb").line.data == "a b"
    assert fill(words="a\u2029b\u0085c\rd").words.data == "a\nb\nc\nd"


def test_A44_invisible_text_is_blank_and_leftovers_of_copying_vanish() -> None:
    assert fill(line="\u200b\u200d\u2060").line.data == ""
    assert fill(line="An\u00ada\ufeff").line.data == "Ana"
    assert fill(line="می\u200cخواهم").line.data == "می\u200cخواهم"
    assert fill(line="👩\u200d🚀").line.data == "👩\u200d🚀"


def test_A44_stacked_marks_and_overlong_text_are_refused() -> None:
    stacked = "Remove the accents that are stacked on one letter."
    assert refusal("words", "a" + "\u0301" * 40) == stacked
    assert refusal("line", "a" + "\u0301" * 10_000) == "Shorten this to 20 characters."
    assert refusal("words", "x" * 51) == "Shorten this to 50 characters."
    assert fill(words="é" * 50).words.data == "é" * 50
    assert fill(words="e\u0301" * 50).words.data == "é" * 50


@settings(deadline=None, database=None)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_A44_what_is_taken_is_taken_the_same_again(typed: str) -> None:
    form = fill(words=typed)
    if form.words.errors:
        return
    taken = form.words.data
    taken.encode()
    assert "\x00" not in taken
    assert len(taken) <= 50
    assert fill(words=taken).words.data == taken


@pytest.mark.parametrize(
    "typed",
    [
        *"NaN sNaN -NaN Infinity -inf 1e400 1e3 1_0 ١٢ １２ ² ½ 0x1f 1,000 --1 +1 -5 1. .5 1.5.2".split(),
        "9" * 5000,
        "99999999999",
        "1 2",
        "\x0012",
        "1\n2",
    ],
)
@pytest.mark.parametrize("name", ["whole", "number"])
def test_A45_numbers_that_are_not_plain_digits_are_refused(name: str, typed: str) -> None:
    assert refusal(name, typed).startswith("Enter")


def test_A45_limits_of_numbers_are_said() -> None:
    class Dose(Form):
        units = forms.IntegerField("Units", minimum=-3, maximum=3)

    assert Dose(MultiDict({"units": "-3"})).units.data == -3
    low, high = Dose(MultiDict({"units": "-4"})), Dose(MultiDict({"units": "4"}))
    assert [low.validate(), high.validate()] == [False, False]
    assert low.units.errors == ["Enter -3 or more."]
    assert high.units.errors == ["Enter 3 or less."]
    assert fill(number="2,5").number.data == Decimal("2.5")


@pytest.mark.parametrize(
    "typed",
    [
        *"0001-01-01 9999-12-31 1899-12-31 1/1/2101 1990-02-30 2/30/1990 13/1/1990 1/1/90".split(),
        *"1990 ١٩٩٠-01-01 1990-1-1-1 1-2/1990 today 1990-12-31T00:00".split(),
    ],
)
def test_A46_days_that_are_not_or_cannot_be_meant_are_refused(typed: str) -> None:
    assert refusal("day", typed).startswith("Enter a date")


@pytest.mark.parametrize("typed", ["2/3/1990", "02/03/1990", "2-3-1990", "2.3.1990", "1990-02-03"])
def test_A46_a_day_is_read_from_the_browser_and_as_typed(typed: str) -> None:
    assert fill(day=typed).day.data == date(1990, 2, 3)


def test_A46_a_day_keeps_to_its_limits() -> None:
    class Birth(Form):
        born_on = forms.DayField("Birth date", latest=lambda: date(2026, 12, 3))

    assert Birth(MultiDict({"born_on": "12/3/2026"})).validate()
    later = Birth(MultiDict({"born_on": "12/4/2026"}))
    assert not later.validate()
    assert later.born_on.errors == ["Enter a date up to 12/3/2026."]


@pytest.mark.parametrize("typed", ["24:00", "14", "13 pm", "0:00 am", "2:60 pm", "٢:00", "2:5 pm", "noon"])
def test_A46_times_that_are_not_are_refused(typed: str) -> None:
    assert refusal("at", typed) == "Enter a time, such as 2:00 pm."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2pm", time(14)),
        ("2:05 PM", time(14, 5)),
        ("12 am", time(0)),
        ("12:30 p.m.", time(12, 30)),
        ("14:05:00", time(14, 5)),
        ("0:00", time(0)),
    ],
)
def test_A46_times_are_read_as_people_type_them(typed: str, meant: time) -> None:
    assert fill(at=typed).at.data == meant


def test_A46_an_end_before_its_start_is_refused() -> None:
    assert Stay(MultiDict({"from_on": "2026-12-01", "to_on": "2026-12-02"})).validate()
    turned = Stay(MultiDict({"from_on": "2026-12-02", "to_on": "2026-12-01"}))
    assert not turned.validate()
    assert turned.to_on.errors == ["The end must be after the start."]


def test_A46_an_unknown_zone_is_refused() -> None:
    for typed in ("Mars/Olympus", "../../etc/passwd", "america/chicago"):
        assert refusal("zone", typed) == "Choose one of the answers shown."


@pytest.mark.parametrize(
    "typed",
    [
        *"ann ann@b é@example.com a@[127.0.0.1] a@b..com a@localhost ann@example.com,b@example.com".split(),
        "a" * 320 + "@example.com",
        "Ann <ann@example.com>",
        "a b@example.com",
        "a\r\nBcc: b@c.de",
    ],
)
def test_A47_addresses_that_are_none_are_refused(typed: str) -> None:
    assert refusal("email", typed)


def test_A47_an_address_has_one_writing() -> None:
    assert fill(email=" Ann.Lee@EXAMPLE.com ").email.data == "ann.lee@example.com"
    assert fill(email="ann@b\u00fccher.example.com").email.data == "ann@xn--bcher-kva.example.com"
    assert fill(email="ann@ex\u0430mple.com").email.data == "ann@xn--exmple-4nf.com"


def test_A47_test_addresses_are_refused_in_production(tmp_path: Path) -> None:
    assert fill(email="client@demo.test").errors == {}
    forms.bind(Settings(data=tmp_path, mode="production"))
    assert refusal("email", "client@demo.test").startswith("Enter an e-mail address")
