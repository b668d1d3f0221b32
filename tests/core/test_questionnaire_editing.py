"""The editor makes new questionnaires and leaves the old ones as they were."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.questionnaires import (
    Item,
    Option,
    Questionnaire,
    QuestionnaireRefused,
    add_item,
    ask_of,
    change_item,
    move_item,
    new_item,
    new_questionnaire,
    new_version,
    place_item,
    remove_item,
    verify,
)
from core.questionnaires.ways import ASKS
from core.spec.errors import Refused

AT = datetime(2026, 12, 3, 20, 2, tzinfo=UTC)


def test_editing_leaves_the_old_questionnaire_as_it_was() -> None:
    empty = new_questionnaire("urn:test:edited", "Dr Ortiz's questions")
    first, second = new_item("text", "What brings you?", required=True), new_item("yes_no", "Before?")
    asked = new_version(add_item(add_item(empty, first), second))
    assert (asked.version, asked.status, asked.canonical) == ("1", "active", "urn:test:edited|1")
    turned = move_item(asked, second.link_id, "up")
    assert [item.link_id for item in asked.items] == [first.link_id, second.link_id]
    assert [item.link_id for item in turned.items] == [second.link_id, first.link_id]
    assert move_item(turned, second.link_id, "up") == turned
    assert turned.status == "draft"
    shorter = remove_item(turned, first.link_id)
    assert new_version(shorter).canonical == "urn:test:edited|2"
    assert empty.items == ()


def test_a_changed_item_keeps_its_linkid_and_drops_what_no_longer_fits() -> None:
    item = new_item("choices", "Which?", options=["Red", "Blue"])
    asked = add_item(new_questionnaire("urn:test:edited", "Colours"), item)
    plainer = change_item(asked, item.link_id, ask="yes_no", text="Red?")
    assert plainer.item(item.link_id) == Item(link_id=item.link_id, kind="boolean", text="Red?")
    other = change_item(asked, item.link_id, options=["Green", "Blue"], required=True)
    assert other.items[0].options == (Option("Green"), Option("Blue"))


def test_items_move_within_and_between_sections() -> None:
    section, other = new_item("section", "Now"), new_item("section", "Then")
    first, second = new_item("text", "One?"), new_item("text", "Two?")
    made = new_questionnaire("urn:test:edited", "Sections")
    for item, into in ((section, ""), (other, ""), (first, section.link_id), (second, section.link_id)):
        made = add_item(made, item, into)
    turned = move_item(made, second.link_id, "up")
    assert [item.link_id for item in turned.items[0].items] == [second.link_id, first.link_id]
    placed = place_item(turned, first.link_id, other.link_id)
    assert [len(item.items) for item in placed.items] == [1, 1]
    assert [len(item.items) for item in remove_item(placed, section.link_id).items] == [1]
    assert [s.title for s in move_item(placed, section.link_id, "down").sections] == ["Then", "Now"]


def test_an_item_that_is_gone_is_refused() -> None:
    made = new_questionnaire("urn:test:edited", "Gone")
    for act in (
        lambda: change_item(made, "x", text="?"),
        lambda: remove_item(made, "x"),
        lambda: move_item(made, "x", "up"),
        lambda: add_item(made, new_item("text", "?"), "x"),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "item_missing"


def test_a_form_that_asks_nothing_is_never_a_version() -> None:
    made = new_questionnaire("urn:test:edited", "Empty")
    with pytest.raises(QuestionnaireRefused) as caught:
        new_version(add_item(made, new_item("section", "Later")))
    assert [refusal.reason for refusal in caught.value.refusals] == ["nothing_asked", "section_empty"]


def test_linkids_of_new_items_are_never_the_same() -> None:
    assert len({new_item("text", "?").link_id for _ in range(2000)}) == 2000


@pytest.mark.parametrize("ask", ASKS)
def test_the_editor_names_each_kind_that_it_offers(ask: Any) -> None:
    item = new_item(ask, "What?", required=True, options=["A", "B"])
    assert ask_of(item) == ask
    verify(add_item(new_questionnaire("urn:test:asks", "Asks"), item))


def test_sections_are_groups_and_what_stands_between_them() -> None:
    loose = [Item(link_id=name, kind="string", text=name) for name in "abcd"]
    group = Item(link_id="g", kind="group", text="Group", items=(loose[2],))
    made = Questionnaire(url="urn:x", version="1", title="All", items=(*loose[:2], group, loose[3]))
    said = [(s.number, s.title, [i.link_id for i in s.items]) for s in made.sections]
    assert said == [(1, "All", ["a", "b"]), (2, "Group", ["c"]), (3, "All", ["d"])]
    found = made.section_of("c")
    assert found is not None
    assert found.number == 2
