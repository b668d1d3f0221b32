"""A person works a page in every way, and notices what is wrong with one."""

from collections.abc import Callable

import pytest

from tests.support.browser import KEYBOARD, MOUSE, PHONE, Way
from tests.support.finding import NotOnThePage
from tests.support.person import Person

Visit = Callable[..., Person]


def test_every_kind_of_field_is_worked_in_every_way(visit: Visit, way: Way) -> None:
    person = visit(way)
    person.open("/")
    person.follow("New message")
    person.heading("New message")
    person.choose("Harbor Street", within="To")
    person.fill("Subject", "About Thursday")
    person.fill("Message", "I will be late.\nTen minutes.")
    person.fill("Day", "2026-12-03")
    person.fill("Time", "14:05")
    person.fill("Password", "open the door")
    person.select("Place", "Video")
    person.tick("It can't wait")
    person.does_not_see("A copy for me")
    person.unfold("More choices")
    person.sees("A copy for me")
    assert person.value("Subject") == "About Thursday"
    person.press("Send")
    person.heading("Sent")
    told = dict(row.split(": ", 1) for row in person.rows(": "))
    assert told == {
        "to": "b",
        "subject": "About Thursday",
        "body": "I will be late. Ten minutes.",
        "day": "2026-12-03",
        "time": "14:05",
        "secret": "open the door",
        "place": "Video",
        "urgent": "on",
    }
    person.close()


def test_a_row_is_named_by_its_words(visit: Visit, way: Way) -> None:
    person = visit(way)
    person.open("/book")
    assert person.has_button("Schedule", within="Fri, Dec 4")
    person.press("Schedule", within="Fri, Dec 4")
    person.heading("Your appointment is booked")
    person.sees("Time b")
    person.close()


@pytest.mark.parametrize("way", [MOUSE, KEYBOARD, PHONE], ids=lambda way: way.name)
def test_acts_are_counted_over_pages_from_the_one_after_login(visit: Visit, way: Way) -> None:
    person = visit(way)
    person.log_in("client@demo.test")
    person.heading("Inbox")
    assert person.clicks == 0
    person.follow("Appointments", within="Menu")
    person.press("Schedule", within="Thu, Dec 3")
    person.heading("Your appointment is booked")
    assert person.clicks == 2
    person.open("/write")
    person.choose("Harbor Street")
    at_least = person.clicks
    assert at_least == (3 if way.has_mouse else 2 + 1)
    person.close()


def test_what_is_not_there_is_told_with_the_page(visit: Visit) -> None:
    person = visit()
    person.finder.patience_seconds = 0.3
    person.open("/book")
    with pytest.raises(NotOnThePage, match="Schedule Friday, December 4"):
        person.press("Pay")
    with pytest.raises(NotOnThePage):
        person.press("Schedule")
    person.open("/fault/twice")
    with pytest.raises(NotOnThePage):
        person.follow("Here")


@pytest.mark.parametrize(
    ("fault", "words"),
    [("unreachable", "can't reach"), ("bare", "can't be seen"), ("roof", "hidden behind")],
)
def test_the_keyboard_fails_where_the_focus_is_lost_or_unseen(visit: Visit, fault: str, words: str) -> None:
    person = visit(KEYBOARD)
    person.open(f"/fault/{fault}")
    with pytest.raises(AssertionError, match=words):
        person.press("Send")


def test_a_radio_button_drawn_by_its_label_is_worked_in_every_way(visit: Visit, way: Way) -> None:
    person = visit(way)
    person.open("/fault/drawn")
    person.choose("Morning")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/fault/inline", "Content Security Policy"),
        ("/fault/script", "It broke"),
        ("/fault/stranger", "another origin"),
        ("/crash", "answer 500"),
        ("/nowhere", "answer 404"),
    ],
)
def test_what_the_browser_complains_about_fails(visit: Visit, path: str, words: str) -> None:
    person = visit()
    person.open(path)
    with pytest.raises(AssertionError, match=words):
        person.close()


def test_a_status_that_is_expected_is_no_trouble_and_has_to_come(visit: Visit) -> None:
    person = visit()
    with person.expecting(404, "/nowhere"):
        person.open("/nowhere")
    assert person.status == 404
    person.open("/write")
    person.choose("Dr Ortiz")
    with person.expecting(422):
        person.press("Send")
    person.sees("There is a problem")
    with pytest.raises(AssertionError, match="No answer of 404"), person.expecting(404):
        person.open("/")
    person.close()


@pytest.mark.parametrize(
    ("fault", "words"), [("unlabelled", "axe"), ("pale", "axe, light"), ("invalid", "Nu: line")]
)
def test_faults_of_accessibility_and_of_html_are_found(visit: Visit, fault: str, words: str) -> None:
    person = visit()
    person.open("/write")
    person.check_accessibility()
    person.open(f"/fault/{fault}")
    with pytest.raises(AssertionError, match=words):
        person.check_accessibility()


def test_storage_and_width_are_looked_at(visit: Visit) -> None:
    person = visit(PHONE)
    person.open("/")
    person.check_storage()
    person.check_fits()
    person.open("/fault/storing")
    with pytest.raises(AssertionError, match="private"):
        person.check_storage()
    person.open("/fault/shelving")
    person.sees("Hello, all")
    with pytest.raises(AssertionError, match=r"charts.*database.*pages.*cache"):
        person.check_storage()
    person.open("/fault/wide")
    with pytest.raises(AssertionError, match="wider"):
        person.check_fits()


def test_an_act_is_over_when_its_answer_is_on_the_page(visit: Visit) -> None:
    person = visit()
    person.open("/fault/htmx")
    person.press("Ask")
    person.does_not_see("…")
    person.sees("The answer came")
    person.close()
