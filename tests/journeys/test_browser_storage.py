"""What a browser that several people use still has of them: on disk, in its stores, behind its Back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.acts import CARLA, LENA, open_record, write
from tests.journeys.conftest import People
from tests.support.person import Person

SUBJECT, BODY, DRAFT = "Quokkazephyr", "Wombatmistral about the nights.", "Numbatsirocco, not sent yet"
ANSWER, NOTE, CONTROL = "Bilbyharmattan suits me.", "Possumpampero at length.", "Echidnabora"
PAGES = ("/inbox/", "/appointments/", "/practice/", "/menu/")
WORDS = [words.split()[0].strip(",") for words in (SUBJECT, BODY, DRAFT, ANSWER, NOTE)]


def leave(person: Person, profile: Path) -> None:
    """Log out, and try the browser's Back."""
    person.check_storage()
    # Pages lie there packed, so it is their addresses that are looked for.
    cache = next(profile.rglob("Cache_Data"))
    assert found_in(cache, "/static/"), "it keeps what it may"
    assert [path for path in PAGES if found_in(cache, path)] == []
    # The page may hear that its login ended before it has gone.
    live = urlsplit(person.page.locator("body").get_attribute("data-live-socket") or "").path
    with person.expecting(401, live, has_to_come=False):
        person.press("Log out")
    person.back()
    assert person.path == "/login"
    assert not [word for word in WORDS if word in person.page.content()]
    person.check_storage()
    person.open("/login")


def found_in(folder: Path, word: str) -> list[str]:
    """The files that hold a word, in one of the two ways in which browsers write words."""
    forms = (word.encode(), word.encode("utf-16-le"))
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if any(form in file.read_bytes() for form in forms)]


@pytest.mark.mouse_alone
def test_A33_nothing_of_two_people_s_work_stays_in_the_browser_they_share(
    people: People, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    person = people(CARLA, profile=profile)
    write(person, SUBJECT, BODY)
    person.fill("Message", DRAFT)
    person.go_to("Appointments")
    person.back()
    person.heading(SUBJECT)
    leave(person, profile)

    person.log_in(LENA)
    person.go_to("Inbox")
    person.follow(SUBJECT)
    person.sees(BODY)
    person.fill("Message", ANSWER)
    person.press("Send")
    person.sees("Sent")
    open_record(person, "Mendes, Carla", "Progress Notes")
    person.follow("Write a note")
    person.fill("Title", SUBJECT)
    person.fill("Note", NOTE)
    person.press("Save as a draft")
    person.sees(NOTE)
    leave(person, profile)

    person.page.evaluate(f"localStorage.setItem('kept', '{CONTROL}')")
    person.context.close()
    assert found_in(profile, CONTROL), "the search finds what a page stored"
    assert {word: files for word in WORDS if (files := found_in(profile, word))} == {}
