"""Any answers to any form survive its pages: what a page shows, sent back as it stands, changes nothing."""

from functools import cache
from typing import Any

from hypothesis import assume, given
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict

from core.i18n import gettext
from core.questionnaires import (
    Item,
    Place,
    Questionnaire,
    Response,
    SectionForm,
    answers_by_section,
    given_in,
    open_section,
)
from core.questionnaires import respond as responded
from core.questionnaires.responses import Given, initial_values
from core.settings import CHECKOUT
from tests.core.questionnaire_samples import ANSWERS, every_kind, typed, unhurried
from tests.core.questionnaire_strategies import answered


def as_shown(form: SectionForm) -> MultiDict[str, Any]:
    """What a browser would send of the page as it was opened."""
    sent: MultiDict[str, Any] = MultiDict({"live": "1", "asked": form.token})
    for part in form.walk():
        if part.sort == "repeated":
            sent[f"{part.name}.count"] = str(len(part.parts))
    fields: list[Any] = list(form)
    for field in fields:
        if hasattr(field, "iter_choices"):
            sent.setlist(field.name, [value for value, _, is_on, _ in field.iter_choices() if is_on])
            sent[f"{field.name}.own"] = getattr(field, "own_text", "")
        elif hasattr(field, "parts"):
            sent.update({control.name: control.value for control in field.parts})
        else:
            sent[field.name] = field._value()
    return sent


@unhurried
@given(answered())
def test_any_answers_survive_the_page(pair: tuple[Questionnaire, Response]) -> None:
    questionnaire, response = pair
    assume(not is_filled_in_beforehand(questionnaire, response))
    for section in questionnaire.sections:
        shown = as_shown(open_section(questionnaire, section, response))
        again = open_section(questionnaire, section, response, shown, complete=False)
        assert again.validate(), again.errors
        assert given_in(questionnaire, again.response()) == given_in(questionnaire, response)


def is_filled_in_beforehand(questionnaire: Questionnaire, response: Response) -> bool:
    """Whether a page shows a time of a group with answers that nobody gave: sent back, they are given."""
    answered = {place.link_id for place in given_in(questionnaire, response).values}
    groups = [
        item for top in questionnaire.items for item in top.walk() if item.kind == "group" and item.repeats
    ]
    asked = [item for group in groups for item in group.walk() if item.is_asked]
    return any(initial_values(item) and item.link_id not in answered for item in asked)


def visits() -> tuple[Questionnaire, Response]:
    """Three visits, each with a code that nobody sees, a day that is only shown, and calls with theirs."""
    calls = Item(
        link_id="calls",
        kind="group",
        text="Calls",
        repeats=True,
        items=(
            Item(link_id="who", kind="string", text="Who?"),
            Item(link_id="line", kind="string", text="Line", hidden=True),
        ),
    )
    items = (
        Item(link_id="where", kind="string", text="Where?"),
        Item(link_id="code", kind="string", text="Code", hidden=True),
        Item(link_id="day", kind="string", text="Day", read_only=True),
        calls,
    )
    group = Item(link_id="visits", kind="group", text="Visits", repeats=True, items=items)
    questionnaire = Questionnaire(url="urn:test:visits", version="1", title="Visits", items=(group,))
    told = Given(counts={Place("visits"): 3})
    for time, word in enumerate(("first", "second", "third")):
        told.counts[Place("calls", (time,))] = 2
        for link_id in ("where", "code", "day"):
            told.values[Place(link_id, (time,))] = (f"{link_id} {word}",)
        for call in range(2):
            for link_id in ("who", "line"):
                told.values[Place(link_id, (time, call))] = (f"{link_id} {word} {call}",)
    return questionnaire, responded(questionnaire, told)


def test_what_a_page_does_not_ask_goes_with_its_time() -> None:
    questionnaire, response = visits()
    (section,) = questionnaire.sections
    form = open_section(questionnaire, section, response)
    left = given_in(questionnaire, form.response(without="a-visits.0"))
    assert left.counts[Place("visits")] == 2
    for link_id in ("where", "code", "day"):
        assert left.values[Place(link_id, (0,))] == (f"{link_id} second",)
        assert left.values[Place(link_id, (1,))] == (f"{link_id} third",)
        assert Place(link_id, (2,)) not in left.values
    assert left.values[Place("line", (0, 1))] == ("line second 1",)

    form = open_section(questionnaire, section, response)
    left = given_in(questionnaire, form.response(without="a-calls.1.0"))
    assert [left.values[Place(each, (1, 0))] for each in ("who", "line")] == [
        ("who second 1",),
        ("line second 1",),
    ]
    assert left.counts[Place("calls", (1,))] == 1
    assert left.values[Place("line", (2, 1))] == ("line third 1",)


def test_a_time_that_was_emptied_keeps_what_it_does_not_ask() -> None:
    questionnaire, response = visits()
    (section,) = questionnaire.sections
    sent = as_shown(open_section(questionnaire, section, response))
    for name in [name for name in sent if name.startswith(("a-where.1", "a-who.1"))]:
        sent.setlist(name, [""])
    left = given_in(questionnaire, open_section(questionnaire, section, response, sent).response())
    assert left.counts[Place("visits")] == 3
    assert Place("where", (1,)) not in left.values
    assert left.values[Place("code", (1,))] == ("code second",)
    assert left.values[Place("line", (2, 0))] == ("line third 0",)


@unhurried
@given(answered())
def test_any_form_is_drawn_with_each_of_its_fields(pair: tuple[Questionnaire, Response]) -> None:
    questionnaire, response = pair
    for section in questionnaire.sections:
        form = open_section(questionnaire, section, response)
        page = drawn("{{ items.fields(form) }}", form=form)
        for field in form:
            assert f'name="{field.name}' in page
        for part in form.walk():
            assert part.is_asked or f'id="part-{part.name}"' in page


def drawn(source: str, **values: Any) -> str:
    """A piece of template with the kit, as the app sets it up."""
    made = templates().from_string('{% import "questionnaires/items.html" as items %}' + source)
    return made.render(**values)


@cache
def templates() -> Environment:
    """The templates' environment, made once: they are many."""
    jinja = Environment(
        loader=FileSystemLoader(CHECKOUT / "templates"), autoescape=True, undefined=StrictUndefined
    )
    jinja.globals.update(_=gettext, csrf_token=lambda: "token", url_for=lambda *_a, **_k: "/")
    jinja.globals["kit"] = jinja.get_template("kit.html").module
    return jinja


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
    sections = answers_by_section(every_kind(), responded(every_kind(), ANSWERS), blanks="Not answered")
    page = drawn("{{ items.answers(sections, change) }}", sections=sections, change=lambda s: f"/{s.number}/")
    assert page.count("<section") == 3
    assert 'href="/2/"' in page
    assert "December 31, 1990" in page
    assert "Change" not in drawn("{{ items.answers(sections) }}", sections=sections)
