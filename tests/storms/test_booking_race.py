"""200 people press Schedule for overlapping times of one clinician at the same moment."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core import clock, db
from core.accounts import service as accounts
from core.appointments import service as appointments
from core.appointments.forms import slot_value
from core.appointments.hours import Change
from core.appointments.service.hours import add_exception, hours_of, remove_hours
from core.tenancy import Client, Scope
from tests.storms.crowd import Answer, Press, let_go
from tests.storms.unguarding import ask, drop_overlap
from tests.support.house import House, open_app
from tests.support.mail import PostOffice
from tests.support.place import Place
from tests.support.server import open_servers

PEOPLE = 200
HELD = timedelta(minutes=60)
QUARTER = timedelta(minutes=15)
# Two groups of times: inside a group each overlaps each other, so that one of each group fits.
EARLY, LATE = (9 * 60, 9 * 60 + 15, 9 * 60 + 30, 9 * 60 + 45), (11 * 60, 11 * 60 + 15, 11 * 60 + 30)
CLOSES = 12 * 60 + 50
BUTTON = re.compile(r'name="slot" value="[^"_]+_[^"_]+_(\d+)"')
PROCESSES = {"sqlite": 1, "postgresql": 2}
Tells = Callable[[str, Callable[[], str]], None]
Say = Callable[[str], None]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints the counts whether the test fails or not."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return write


@dataclass(frozen=True)
class Day:
    """The one day on which the clinician is open; moments are whole seconds."""

    type_id: UUID
    member_id: UUID
    on: date

    def at(self, minute: int) -> datetime:
        wall = datetime.combine(self.on, time(minute // 60, minute % 60), ZoneInfo("America/Chicago"))
        return wall.astimezone(UTC)

    def value(self, minute: int) -> str:
        return slot_value(self.type_id, self.member_id, self.at(minute))

    def nearest_free(self, booked: Collection[datetime], to: datetime) -> list[datetime]:
        """What somebody who did not get `to` is to be shown: the min(3, left) nearest times, sorted."""
        every = [self.at(minute) for minute in range(EARLY[0], CLOSES - 50 + 1, 15)]
        free = [start for start in every if all(abs(start - other) >= HELD for other in booked)]
        return sorted(sorted(free, key=lambda start: abs(start - to))[:3])


@dataclass(frozen=True)
class Result:
    """A whole race: who asked for which minute, what came back, and the calendar afterwards."""

    day: Day
    minutes: list[int]
    answers: list[Answer]
    booked: list[datetime]

    @property
    def losers(self) -> list[tuple[int, Answer]]:
        pairs = zip(self.minutes, self.answers, strict=True)
        return [(minute, answer) for minute, answer in pairs if answer.status == 409]

    @property
    def overlaps(self) -> int:
        return sum(abs(one - other) < HELD for one, other in combinations(self.booked, 2))

    def story(self) -> str:
        took = max(answer.answered_at for answer in self.answers) - min(a.sent_at for a in self.answers)
        shown = Counter(len(BUTTON.findall(answer.body)) for _minute, answer in self.losers)
        return (
            f"{len(self.answers)} answers in {took:.1f} s, by status {_counted(answer_statuses(self))};"
            f" {len(self.booked)} booked, {self.overlaps} overlaps;"
            f" losers by times shown {_counted(shown)}"
        )


def answer_statuses(result: Result) -> Counter[int]:
    return Counter(answer.status for answer in result.answers)


def _counted(counter: Counter[int]) -> str:
    return ", ".join(f"{key}: {count}" for key, count in sorted(counter.items()))


def furnish(house: House) -> tuple[Day, list[str], str]:
    """Open one day, join 200 people and log them in; returns their cookies and the forms' token."""
    lena = house.member("provider@demo.test", "ortiz")
    scope = house.member_scope("provider@demo.test", "ortiz")
    session = next(each for each in appointments.types_of(scope) if each.type.title == "Session")
    for row in hours_of(scope, lena.id).hours:
        remove_hours(scope, row.id)
    on = (clock.now() + timedelta(days=6)).date()
    add_exception(scope, lena.id, Change(on, on, is_open=True, from_minute=EARLY[0], to_minute=CLOSES))
    emails = [f"racer{number}@storms.test" for number in range(PEOPLE)]
    with db.transaction():
        for email in emails:
            _join(Scope.system("storm", scope.provider_id), email)
    browsers = [house.browser(email) for email in emails]
    cookies = [browser.cookie for browser in browsers]
    return Day(session.type.id, lena.id, on), cookies, browsers[0].csrf_token


def _join(scope: Scope, email: str) -> None:
    account = accounts.add_account(email=email, name="Rana Cer", password_hash="none")
    scope.add(
        Client,
        account_id=account.id,
        given_name="Rana",
        family_name="Cer",
        email=email,
        email_blind=accounts.client_email_blind(email, scope.provider_id),
        origin="invited",
        joined_at=clock.now(),
        created_at=clock.now(),
    )


def race(place: Place, office: PostOffice, folder: Path, unguard: Callable[[Place], None]) -> Result:
    """Let all press at once; `unguard` is called when the servers are up."""
    with open_app(place) as house:
        day, cookies, token = furnish(house)
    minutes = [(*EARLY, *LATE)[number % (len(EARLY) + len(LATE))] for number in range(PEOPLE)]
    with open_servers(place, office.environment, folder, PROCESSES[place.kind]) as servers:
        unguard(place)
        presses = [
            Press(
                servers[number % len(servers)].port,
                cookies[number],
                {"csrf_token": token, "key": f"page {number}", "slot": day.value(minute)},
            )
            for number, minute in enumerate(minutes)
        ]
        (answers,) = let_go([presses])
    return Result(day, minutes, answers, held_on(place, day))


def held_on(place: Place, day: Day) -> list[datetime]:
    """When what is held on the day begins, read around the product."""
    moment = "from_at / 1000000"
    if place.database_url:
        moment = "extract(epoch FROM from_at)::bigint"
    rows = ask(place, [f"SELECT {moment} FROM appointments_occupancy"])  # noqa: S608 -- no words of others
    starts = sorted(datetime.fromtimestamp(int(str(row[0])), UTC) for row in rows)
    return [start for start in starts if day.at(0) <= start < day.at(CLOSES)]


def nothing(_place: Place) -> None:
    """The guard stays."""


def check_loser(result: Result, minute: int, answer: Answer) -> None:
    """The times shown are the nearest of those free at one moment between question and answer."""
    day, wished = result.day, result.day.at(minute)
    shown = [datetime.fromtimestamp(int(seconds), UTC) for seconds in BUTTON.findall(answer.body)]
    # Nobody loses before the winner has committed; the other group's time may come before or after.
    mine = [start for start in result.booked if abs(start - wished) < HELD]
    known = mine + [start for start in result.booked if start in _won_before(result, answer.sent_at)]
    states = (known, result.booked)
    assert shown in [day.nearest_free(booked, wished) for booked in states], (minute, shown, result.booked)


def _won_before(result: Result, moment: float) -> list[datetime]:
    pairs = zip(result.minutes, result.answers, strict=True)
    return [result.day.at(m) for m, a in pairs if a.status == 303 and a.answered_at < moment]


def test_A69_a_race_books_what_fits_and_each_loser_sees_other_times(
    place: Place, post_office: PostOffice, tmp_path: Path, tells: Tells, say: Say
) -> None:
    result = race(place, post_office, tmp_path, nothing)
    tells("The race", result.story)
    say(f"{place.kind}, {PROCESSES[place.kind]} processes: {result.story()}")
    assert answer_statuses(result) == {303: 2, 409: PEOPLE - 2}
    assert len(result.booked) == 2
    assert result.overlaps == 0
    for minute, answer in result.losers:
        check_loser(result, minute, answer)


def test_A69_without_the_constraint_bookings_do_overlap(
    place: Place, post_office: PostOffice, tmp_path: Path, tells: Tells, say: Say
) -> None:
    result = race(place, post_office, tmp_path, drop_overlap)
    tells("The race", result.story)
    say(f"{place.kind}, no constraint: {result.story()}")
    assert result.overlaps > 0
