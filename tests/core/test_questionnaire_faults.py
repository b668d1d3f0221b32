"""What is typed or sent wrong has a typed fault, a sentence, and no way into the answers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, get_args

import pytest
from werkzeug.datastructures import FileStorage

from core.i18n import reading
from core.questionnaires import (
    Answered,
    Coding,
    Item,
    Quantity,
    Response,
    check,
    fault_in_words,
    respond,
)
from core.questionnaires.judging import Code
from core.questionnaires.words import FAULTS
from tests.core.questionnaire_samples import AT, LITTLE, LOT, PNG, codes, every_kind, one, typed


def picture(content: bytes = PNG, name: str = "my card.exe") -> FileStorage:
    return FileStorage(BytesIO(content), name)


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
        ("day", AT, "wrong_kind"),
        ("moment", date(2026, 12, 3), "wrong_kind"),
        ("moment", datetime(1800, 1, 1, tzinfo=UTC), "out_of_range"),
        ("web", "https://example.com", "wrong_kind"),
        ("amount", Quantity(Decimal(1), "st", "st"), "wrong_unit"),
        ("sure", 1, "wrong_kind"),
        ("sure", "yes", "wrong_kind"),
        ("one", "A lot", "not_offered"),
        ("one", Coding("A lot", "a", "urn:other"), "not_offered"),
        ("one", 1, "not_offered"),
        ("one", (LOT, LITTLE), "too_many"),
        ("several", ("Red", "Red"), "twice"),
        ("several", ("Red", "Pink"), "not_offered"),
        ("several", Coding("Red", "Red"), "not_offered"),
        ("own", Coding("Else", "e"), "not_offered"),
        ("own", "a\x00b", "unreadable"),
        ("scale", 11, "too_great"),
        ("scale", -1, "too_small"),
    ],
)
def test_an_answer_that_does_not_fit_has_a_typed_fault(link_id: str, value: Any, code: str) -> None:
    assert f"{link_id}:{code}" in codes(every_kind(), {link_id: value})


@pytest.mark.parametrize(
    ("item", "typed_in", "code"),
    [
        ({"kind": "string", "min_length": 3}, "ab", "too_short"),
        ({"kind": "decimal", "max_decimals": 1}, "1.25", "too_exact"),
        ({"kind": "decimal", "least": Decimal(2)}, "1", None),
        ({"kind": "date", "most": date(2020, 1, 1)}, "2021-01-01", None),
        ({"kind": "url"}, "javascript:alert(1)", "not_an_address"),
        ({"kind": "url"}, "file:///etc/passwd", "not_an_address"),
    ],
)
def test_limits_are_said_at_the_field(item: dict[str, Any], typed_in: str, code: Code | None) -> None:
    asked = one(Item(link_id="q", text="Q?", **item))
    errors: Any = typed(asked, 1, {"q": typed_in}).errors["a-q"]
    assert errors
    assert code is None or errors == [FAULTS[code]]
    assert typed(asked, 1, {"q": typed_in}).response().answers == {}


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\u202eb", "two\nlines", "\u200b", "a\u0301" * 2])
def test_A44_crafted_text_is_refused_by_the_check_too(text: str) -> None:
    assert codes(every_kind(), {"line": text}) == {"line:unreadable"}


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "0.1234567890123456"])
def test_A45_numbers_that_json_cannot_keep_are_refused(number: str) -> None:
    assert codes(every_kind(), {"number": Decimal(number)}) == {"number:out_of_range"}
    assert typed(every_kind(), 1, {"line": "x", "number": number}).errors
    assert typed(every_kind(), 1, {"line": "x", "amount.number": number, "amount.unit": "kg"}).errors


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31), date(1899, 12, 31)])
def test_A46_days_that_cannot_be_meant_are_refused(day: date) -> None:
    assert codes(every_kind(), {"day": day}) == {"day:out_of_range"}
    assert typed(every_kind(), 1, {"line": "x", "day": day.isoformat()}).errors
    assert typed(every_kind(), 1, {"moment.day": day.isoformat(), "moment.time": "10:00"}).errors


def test_A46_an_hour_that_the_clock_skips_is_refused_and_one_that_comes_twice_is_its_first() -> None:
    with reading("en", "America/Chicago"):
        skipped = {"line": "x", "moment.day": "2026-03-08", "moment.time": "02:30"}
        assert "skips" in str(typed(every_kind(), 1, skipped).errors["a-moment"])
        twice = typed(every_kind(), 1, {**skipped, "moment.day": "2026-11-01", "moment.time": "01:30"})
        assert twice.response().answers["moment"] == (datetime(2026, 11, 1, 6, 30, tzinfo=UTC),)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.png"),
        (b"<html>", "a.jpg"),
        (b"%PDF-1.7 not a picture", "a.png"),
        (PNG + bytes(100_001), "large.png"),
        (b"", "empty.png"),
    ],
)
def test_A35_a_file_is_what_its_bytes_say(content: bytes, name: str) -> None:
    form = typed(every_kind(), 3, {"consent.sign": "A", "file": picture(content, name)})
    assert form.errors["a-file"]
    assert "file" not in form.response().answers


def test_what_was_not_asked_or_is_said_twice_is_refused() -> None:
    questionnaire = every_kind()
    stray = (
        Answered(link_id="other", values=("x",)),
        Answered(link_id="line", values=("x",)),
        Answered(
            link_id="g1",
            items=(
                Answered(link_id="note", values=("x",)),
                Answered(link_id="line", values=("x",)),
                Answered(link_id="line", values=("y",)),
            ),
        ),
    )
    response = Response(questionnaire=questionnaire.canonical, items=stray)
    faults = {(fault.link_id, fault.code) for fault in check(questionnaire, response, complete=False)}
    assert faults >= {("other", "not_asked"), ("note", "not_asked"), ("line", "twice"), ("line", "not_asked")}


def test_every_fault_has_its_sentence() -> None:
    assert set(FAULTS) == set(get_args(Code))
    faults = check(every_kind(), respond(every_kind(), {}), complete=True)
    assert fault_in_words(faults[0]) == "This is still missing."
