"""What is worked out is right, or it is not there: conditions, calculations, published measures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.questionnaires import (
    Coding,
    Condition,
    Expression,
    Item,
    Option,
    Questionnaire,
    Value,
    import_questionnaire,
    measure_of,
    respond,
    score_of,
    settle,
    write_questionnaire,
)
from core.questionnaires.conditions import holds
from core.questionnaires.evaluating import Evaluator
from core.questionnaires.expressions import parse
from core.questionnaires.functions import NotCalculated
from core.questionnaires.markup import clean_markup
from core.questionnaires.measures import FREQUENCIES, GAD_7, LOINC, PHQ_9, Kind

TWO = Coding("Two", "2", "urn:x")


@pytest.mark.parametrize(
    ("operator", "answers", "wanted", "is_met"),
    [
        ("exists", [], True, False),
        ("exists", [], False, True),
        ("exists", ["x"], True, True),
        ("=", ["x"], "x", True),
        ("=", ["x", "y"], "y", True),
        ("=", [], "x", False),
        ("!=", ["x"], "y", True),
        ("!=", ["x", "y"], "y", False),
        ("!=", [], "y", True),
        (">", [3], 3, False),
        (">=", [3], 3, True),
        ("<", [Decimal("2.5")], 3, True),
        ("<=", [4], 3, False),
        ("<", [date(2000, 1, 1)], date(2000, 1, 2), True),
        ("=", [True], True, True),
        ("=", [True], False, False),
        ("=", [TWO], Coding("", "2", "urn:x"), True),
        ("=", [TWO], Coding("", "2", "urn:y"), False),
        ("=", [TWO], Coding("", "2"), True),
        ("=", [TWO], "2", True),
        ("=", [TWO], "Two", True),
        ("!=", [TWO], 3, True),
        ("<", [TWO], Decimal("2.1"), True),
        (">=", [TWO], Decimal("2.1"), False),
    ],
)
def test_each_operator_compares_as_fhir_says(
    operator: Any, answers: list[Value], wanted: Value, *, is_met: bool
) -> None:
    assert holds(operator, answers, wanted) is is_met


def asks(*items: Item) -> Questionnaire:
    return Questionnaire(url="urn:x", version="1", title="T", status="active", items=items)


def question(link_id: str, kind: Any = "boolean", **more: Any) -> Item:
    return Item(link_id=link_id, kind=kind, text=link_id, **more)


def test_what_depends_on_what_is_not_asked_is_not_asked_either() -> None:
    shown = (Condition("a", "=", True),)
    asked = asks(
        question("a"),
        question("b", conditions=shown),
        question("c", conditions=(Condition("b", "=", True),)),
        question(
            "any", conditions=(Condition("a", "=", False), Condition("b", "=", True)), any_condition=True
        ),
        question("all", conditions=(Condition("a", "=", True), Condition("b", "=", False))),
    )
    answers: dict[str, tuple[Value, ...]] = dict.fromkeys(("a", "b", "c", "any", "all"), (True,))
    assert set(settle(asked, respond(asked, answers)).answers) == {"a", "b", "c", "any"}
    assert set(settle(asked, respond(asked, {**answers, "a": (False,)})).answers) == {"a", "any"}


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 div 2 + 7 mod 2", 4),
        ("1 / 0", None),
        ("0.1 + 0.2", Decimal("0.3")),
        ("iif(1 > 2, 10, 20)", 20),
        ("iif({}, 10, 20)", 20),
        ("{} + 1", None),
        ("-3.abs()", -3),
        ("(-3).abs()", 3),
        ("(2.5).round()", 3),
        ("(25.306).round(1)", Decimal("25.3")),
        ("(3).power(2)", 9),
        ("%resource.item.answer.value.ordinal().sum()", 5),
        ("%resource.item.where(linkId = 'a').answer.value.ordinal()", 3),
        ("%resource.item.answer.valueCoding.extension.where(url.exists()).valueDecimal.sum()", 5),
        ("%resource.descendants().where(linkId = 'n').answer.valueInteger * 2", 8),
        ("%resource.item.where(linkId = 'nobody').answer.value", None),
        ("%resource.item.where(linkId = 'nobody').answer.value.sum()", None),
        ("%resource.item.answer.count()", 3),
        ("%resource.item.where(linkId in ('a' | 'b')).answer.value.ordinal().max()", 3),
        ("iif(true and {}, 1, 2)", 2),
        ("iif(false or true, 1, 2)", 1),
        ("iif(false implies {}, 1, 2)", 1),
        ("%resource.item.answer.value + 1", None),
        ("'a' + 1", None),
        ("(9).power(9).power(9).power(9)", None),
    ],
)
def test_a_calculation_is_right_or_has_no_result(expression: str, result: Any) -> None:
    options = tuple(Option(Coding(str(n), str(n), "urn:s"), score=Decimal(n)) for n in range(4))
    asked = asks(
        question("a", "choice", options=options),
        question("b", "choice", options=options),
        question("n", "integer"),
        question("total", "decimal", calculation=Expression(expression)),
    )
    response = respond(asked, {"a": (options[3].value,), "b": (options[2].value,), "n": (4,)})
    assert settle(asked, response).first("total") == result


def test_variables_and_results_of_other_calculations_are_seen() -> None:
    asked = replace(
        asks(
            question("kg", "decimal"),
            question("m", "decimal"),
            question("bmi", "decimal", calculation=Expression("(%weight / (%height.power(2))).round(1)")),
            question(
                "double",
                "decimal",
                calculation=Expression("%resource.item.where(linkId = 'bmi').answer.value * 2"),
            ),
        ),
        variables=(
            Expression("%resource.item.where(linkId='kg').answer.value", "weight"),
            Expression("%resource.item.where(linkId='m').answer.value", "height"),
        ),
    )
    given: dict[str, tuple[Value, ...]] = {"kg": (Decimal(80),), "m": (Decimal("1.778"),)}
    response = settle(asked, respond(asked, given))
    assert (response.first("bmi"), response.first("double")) == (Decimal("25.3"), Decimal("50.6"))
    assert settle(asked, respond(asked, {**given, "bmi": (Decimal(1),)})).first("bmi") == Decimal("25.3")
    assert settle(asked, respond(asked, {"kg": (Decimal(80),)})).answers == {"kg": (Decimal(80),)}


def test_A49_a_calculation_cannot_run_away() -> None:
    deep = "%resource" + ".repeat(item.combine(item))" * 30
    with pytest.raises(NotCalculated):
        Evaluator({"item": [{"item": [{"item": [{}] * 50}] * 50}] * 50}, {}).run(parse(deep), {})
    with pytest.raises(ValueError, match="nesting"):
        parse("(" * 500 + "1" + ")" * 500)


def measure(kind: Kind, *, codes: bool = True, scores: bool = True, system: str = LOINC) -> Questionnaire:
    """A questionnaire with the items of a measure, by code and in our own words."""
    options = tuple(
        Option(Coding(f"Answer {count}", code, system), score=Decimal(count) if scores else None)
        for code, count in FREQUENCIES.items()
    )
    items = tuple(
        Item(
            link_id=f"q{number}",
            kind="choice",
            text=f"Question {number}",
            options=options,
            codes=(Coding("", code, LOINC),) if codes else (),
        )
        for number, code in enumerate(kind.items, 1)
    )
    panel = (Coding("", kind.panel, LOINC),)
    return Questionnaire(url="urn:m", version="1", title="M", status="active", codes=panel, items=items)


def answered(asked: Questionnaire, total: int) -> Any:
    """Answers that come to a total, the last item as low as it can be."""
    left, answers = total, {}
    for item in asked.items:
        count = min(3, left)
        left -= count
        answers[item.link_id] = (item.options[count].value,)
    return respond(asked, answers)


BANDS = {
    "PHQ-9": "minimal:0 minimal:4 mild:5 mild:9 moderate:10 moderate:14 moderately_severe:15 "
    "moderately_severe:19 severe:20 severe:27",
    "GAD-7": "minimal:0 minimal:4 mild:5 mild:9 moderate:10 moderate:14 severe:15 severe:21",
}


@pytest.mark.parametrize("scores", [True, False])
@pytest.mark.parametrize("kind", [PHQ_9, GAD_7], ids=lambda kind: kind.name)
def test_measures_are_right_at_every_published_boundary(kind: Kind, *, scores: bool) -> None:
    asked, notes = import_questionnaire(write_questionnaire(measure(kind, scores=scores)))
    assert [(note.what, note.detail) for note in notes] == [("scored", kind.name)]
    for pair in BANDS[kind.name].split():
        band, total = pair.split(":")
        score = score_of(asked, answered(asked, int(total)))
        assert score is not None
        assert (score.measure, score.total, score.band) == (kind.name, int(total), band)
    assert score_of(asked, respond(asked, {"q1": (asked.items[0].options[0].value,)})) is None


def test_the_item_about_harm_is_told_whatever_the_total() -> None:
    asked = measure(PHQ_9)
    low = {item.link_id: (item.options[0].value,) for item in asked.items}
    calm = score_of(asked, respond(asked, low))
    harm = score_of(asked, respond(asked, {**low, "q9": (asked.items[8].options[1].value,)}))
    assert calm is not None
    assert harm is not None
    assert (calm.is_risk, harm.is_risk, harm.total, harm.band) == (False, True, 1, "minimal")


def test_a_measure_with_other_scores_or_items_is_not_scored_and_says_so() -> None:
    asked = measure(PHQ_9)
    turned = tuple(
        replace(option, score=Decimal(3) - (option.score or 0)) for option in asked.items[0].options
    )
    shorter = replace(asked, items=asked.items[:8])
    for spoiled in (
        replace(asked, items=(replace(asked.items[0], options=turned), *asked.items[1:])),
        shorter,
        measure(PHQ_9, scores=False, system="urn:else"),
    ):
        notes = import_questionnaire(write_questionnaire(spoiled))[1]
        assert [note.what for note in notes] == ["not_scored"]
        assert score_of(spoiled, answered(spoiled, 9)) is None
    assert measure_of(replace(measure(PHQ_9, codes=False), codes=())) is None


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("<p>Take <b>care</b></p>", "<p>Take <b>care</b></p>"),
        ("<script>alert(1)</script>x", "x"),
        ("<img src=x onerror=alert(1)>y", "y"),
        ('<a href="javascript:alert(1)">z</a>', "z"),
        ('<a href="java\nscript:alert(1)" onclick="x">z</a>', "z"),
        (
            '<a href="https://a.test/?x=1&amp;y=2">z</a>',
            '<a href="https://a.test/?x=1&amp;y=2" rel="noreferrer">z</a>',
        ),
        ("<p style='x'>a &lt;b&gt;<ul><li>c", "<p>a &lt;b&gt;<ul><li>c</li></ul></p>"),
        ("<svg><p>a</p></svg>b", "b"),
        ("{{7*7}}", "{{7*7}}"),
    ],
)
def test_A34_markup_in_help_is_made_safe(source: str, clean: str) -> None:
    assert clean_markup(source) == clean
    assert clean_markup("<script>x</script>") is None
