"""Checking in: once a day, in place, read by the right people only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from mood import hooks, service
from mood.chart import chart_of
from vestibule.data import Refused, put_setting
from vestibule.testing import Browser, Clock, House, Person, Practice, Subscriptions

Browsers = Callable[[Person | None], Browser]
# Eight in the evening in Chicago, where it is still the day before.
EVENING = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.fixture
def evening(clock: Clock) -> Clock:
    clock.stand_at(EVENING)
    return clock


def test_a_client_checks_in_and_the_card_goes(evening: Clock, client: Person, browser: Browsers) -> None:
    at = browser(client)
    assert at.open("/inbox/").has("How are you today?")
    at.follow("Check in")
    assert at.press("Check in").status == 422
    assert at.press("Check in", {"score": "4"}).has("Today you said: Good.")
    assert not at.open("/inbox/").has("How are you today?")
    evening.forward(days=1)
    assert browser(client).open("/inbox/").has("How are you today?")


def test_htmx_gets_the_question_alone(client: Person, browser: Browsers) -> None:
    at, path = browser(client), f"/mood/{client.id}/"
    whole, part = at.get(path), at.get(path, {"HX-Request": "true"})
    assert whole.get_data(as_text=True).startswith("<!doctype html>")
    assert part.get_data(as_text=True).strip().startswith('<div id="mood_question"')


def test_a_day_is_the_clients_and_the_last_word_of_it_counts(evening: Clock, client: Person) -> None:
    for score in (2, 5):
        service.check_in(client.scope, client.record, score)
    assert [(told.day, told.score) for told in service.course(client.scope, client.id)] == [
        (date(2026, 11, 25), 5)
    ]
    with pytest.raises(Refused, match="no_score"):
        service.check_in(client.scope, client.record, 6)


def test_the_setting_says_how_often(evening: Clock, client: Person, member: Person) -> None:
    service.check_in(client.scope, client.record, 3)
    evening.forward(days=1)
    assert service.due(client.scope) == [client.record]
    put_setting(member.scope, "mood.how_often", "weekly")
    assert service.due(client.scope) == []
    evening.forward(days=6)
    assert service.due(client.scope) == [client.record]


def test_the_record_shows_the_course(
    evening: Clock, practice: Practice, client: Person, member: Person, browser: Browsers
) -> None:
    tab = f"/practice/maple/clients/{client.id}/mood/"
    assert browser(member).open(tab).has("No check-ins yet.")
    for score in (1, 4):
        service.check_in(client.scope, client.record, score)
        evening.forward(days=1)
    page = browser(member).open(tab)
    assert page.has("Very low")
    assert 'role="img"' in page.html
    assert 'data-hx-trigger="every 20s"' in page.html
    part = browser(member).get(tab, {"HX-Request": "true"}).get_data(as_text=True)
    assert part.strip().startswith('<div id="mood_course"')
    desk = practice.add_member("desk@maple.test", "Dee Esk", "desk")
    assert browser(desk).open(tab).status == 404


def test_it_brings_a_style_sheet_of_its_own(client: Person, member: Person, browser: Browsers) -> None:
    page = browser(member).open(f"/practice/maple/clients/{client.id}/mood/")
    address = next(each for each in page.html.split('"') if "mood/course.css" in each)
    assert ".mood-course" in browser(None).get(address).get_data(as_text=True)
    for path in (
        "/static/mood/../models.py",
        "/static/mood/%2e%2e/%2e%2e/models.py",
        "/static/mood/models.py",
    ):
        assert browser(member).get(path).status_code == 404


def test_the_line_has_time_from_left_to_right_and_good_at_the_top() -> None:
    told = [
        service.Told(date(2026, 11, day), score, datetime(2026, 11, day, tzinfo=UTC))
        for day, score in ((1, 1), (2, 5), (5, 3))
    ]
    assert chart_of(told).line == "28,172 164,28 572,100"
    assert chart_of(told[:1]).line == "28,172"
    assert chart_of([]).line == ""


def test_practices_are_apart(client: Person, other_practice: Practice, browser: Browsers) -> None:
    assert browser(other_practice.client).open(f"/mood/{client.id}/").status == 404
    tab = f"/practice/birch/clients/{client.id}/mood/"
    assert browser(other_practice.owner).open(tab).status == 404


def test_switched_off_it_asks_nobody_and_what_was_told_is_still_read(
    client: Person, member: Person, browser: Browsers, subscriptions: Subscriptions
) -> None:
    service.check_in(client.scope, client.record, 4)
    subscriptions.off("CP")
    assert browser(client).open(f"/mood/{client.id}/").status == 404
    assert browser(member).open(f"/practice/maple/clients/{client.id}/mood/").has("Good")


def test_what_was_told_is_sealed(client: Person, house: House) -> None:
    service.check_in(client.scope, client.record, 1)
    assert house.stored("mood_checkin")
    assert b"score" not in house.stored("mood_checkin")


def test_a_client_reads_it_in_spanish(client: Person, browser: Browsers) -> None:
    at = browser(client)
    at.open("/settings/")
    at.press("Save", {"locale": "es"})
    assert at.open(f"/mood/{client.id}/").has("¿Cómo está hoy?")


def test_a_client_can_take_along_what_they_told(client: Person) -> None:
    service.check_in(client.scope, client.record, 4)
    (section,) = hooks.export_client_data(client.scope, client.record)
    assert [row["score"] for row in section.rows] == [4]


def test_check_ins_are_erased_with_the_client_and_nobody_else_s(
    practice: Practice, client: Person, browser: Browsers
) -> None:
    other, erased_id = practice.add_client("other@maple.test", "Olga Orr"), client.id
    for person in (client, other):
        service.check_in(person.scope, person.record, 4)
    at = browser(practice.owner)
    at.open(f"/practice/maple/clients/{erased_id}/erase/")
    assert at.press("Erase for good", {"name": "Carl Cooper"}).has("Mood check-in 1 erased")
    assert service.course(practice.owner.scope, erased_id) == []
    assert len(service.course(practice.owner.scope, other.id)) == 1
