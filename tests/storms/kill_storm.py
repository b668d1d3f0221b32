"""Processes are killed under people at work, at random and at named steps: what was told is there, once.

In a process of its own: people are threads, and these bear no patched sockets.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core import outbox
from tests.storms import points
from tests.storms.crew import Crew, open_crew
from tests.storms.day import Crowd, crowd_of
from tests.storms.ledger import KINDS, Ledger, Reckoning, reckon
from tests.storms.letters import LetterBox, open_letter_box
from tests.storms.people import add_people
from tests.storms.row import Row, Told, tally
from tests.support.house import open_app
from tests.support.place import KINDS as KINDS_OF_PLACES
from tests.support.place import Place, copied_place
from tests.support.run import begin
from tests.support.world import small_practice

PEOPLE_AT_ONCE = 10
POINT_SECONDS = 4
# What a killed process had claimed falls due after its lease of a minute.
STILL_SECONDS = 90


@dataclass
class Kills:
    """How many processes were ended, and where."""

    wanted: int
    done: int = 0
    at_points: Counter[str] = field(default_factory=Counter)
    at_random: int = 0

    @property
    def words(self) -> str:
        met = f"{self.at_points.total()} at {len(self.at_points)} of {len(points.NAMES)} named steps"
        return f"{self.done} kills ({self.at_random} at random, {met})"


def storm(place: Place, folder: Path, seed: int, kills: int) -> tuple[Kills, Crowd, Reckoning, list[str]]:
    """Kill processes of a place until `kills` are done; returns what happened and what was found."""
    someones = add_people(place, 40 + kills * 6)
    ledger, dice, told = Ledger(folder / "ledger"), random.Random(seed), Kills(kills)
    with open_letter_box() as box, open_crew(place, box.environment, folder) as crew:
        _end_who_delivers(box, crew)
        with crowd_of(someones, crew.ports, ledger, seed, PEOPLE_AT_ONCE) as crowd:
            _kill(crew, crowd, dice, told)
            crew.page.clear()
        wait_for_letters(place)
        crew.stop()
        troubles = crew.troubles()
        base_url = f"http://127.0.0.1:{crew.ports[0]}"
        return told, crowd, reckon(place, ledger, box.arrived, base_url), troubles


def _kill(crew: Crew, crowd: Crowd, dice: random.Random, told: Kills) -> None:
    names: list[str] = []
    while told.done < told.wanted and not crowd.is_tired:
        _wait_for_work(crew, crowd)
        if dice.random() < 0.5:
            time.sleep(dice.uniform(0, 0.3))
            told.done += _kill_some(crew, dice, told)
        else:
            names = names or dice.sample(points.NAMES, len(points.NAMES))
            name = names.pop()
            is_met = end_at(crew, name)
            if is_met:
                told.done += 1
                told.at_points[name] += 1


def _wait_for_work(crew: Crew, crowd: Crowd) -> None:
    """A kill counts only if it met people at work: wait for something acknowledged since the last one."""
    before, give_up_at = crowd.ledger.count, time.monotonic() + POINT_SECONDS * 5
    while crowd.ledger.count == before or not all(one.is_alive for one in crew.processes):
        if time.monotonic() > give_up_at or crowd.is_tired:
            return
        time.sleep(0.01)


def _kill_some(crew: Crew, dice: random.Random, told: Kills) -> int:
    """One process, or now and then all at once."""
    processes = list(crew.processes)
    victims = processes if dice.random() < 0.1 else [dice.choice(processes)]
    for victim in victims:
        victim.signal(signal.SIGKILL)
    told.at_random += len(victims)
    return len(victims)


def end_at(crew: Crew, name: str, seconds: float = POINT_SECONDS) -> bool:
    """Set a point; whether a process came by and ended there."""
    crew.page.set(name)
    give_up_at = time.monotonic() + seconds
    while crew.page.name:
        if time.monotonic() > give_up_at:
            crew.page.clear()
            return False
        time.sleep(0.005)
    return True


def _end_who_delivers(box: LetterBox, crew: Crew) -> None:
    def look() -> None:
        if crew.page.name == points.MAIL_TAKEN:
            crew.page.clear()
            crew.deliverer.signal(signal.SIGKILL)

    box.on_letter = look


def wait_for_letters(place: Place, seconds: float = STILL_SECONDS) -> None:
    """Until the outbox is empty, or nothing has moved for longer than a lease lasts."""
    with open_app(place):
        before, give_up_at = -1, time.monotonic() + seconds
        while (waiting := outbox.counts().waiting) and time.monotonic() < give_up_at:
            if waiting != before:
                before, give_up_at = waiting, time.monotonic() + seconds
            time.sleep(0.2)


def rows_of(place: Place, folder: Path, seed: int, kills: int) -> Iterator[Row]:
    """A row for each kind of act, and what people met beside."""
    told, crowd, found, troubles = storm(place, folder, seed, kills)
    name = place.kind
    for kind in KINDS:
        counts = (found.acknowledged[kind], found.found[kind], found.doubled[kind])
        yield tally(f"{name}, kills: {kind}", counts, crowd.worst)
    counts = (found.acknowledged["letter"], found.found["letter"], found.doubled["letter"])
    again = f"{found.letters_again} again by the same id"
    yield tally(f"{name}, kills: letter", counts, crowd.worst, again)
    yield Row(f"{name}, kills done", told.words, f">= {kills}", told.done >= kills)
    said = f"{crowd.days} people's days, {len(crowd.troubles)} went wrong, {len(troubles)} errors logged"
    said += f", put off by tries that died {len(crowd.put_off)}"
    is_well = (
        not crowd.troubles and not troubles and not found.wrong and len(crowd.put_off) * 100 <= crowd.days
    )
    # In PostgreSQL what a killed process had locked stays so until its end is noticed; a file has one user.
    is_file = not place.database_url
    yield Row(
        f"{name}, kills: people",
        f"{said}, told to wait {crowd.refused}",
        "0 wrong, told to wait 0" if is_file else "0 wrong",
        is_well and not (is_file and crowd.refused),
    )
    for line in (*crowd.troubles, *crowd.put_off, *troubles, *found.wrong)[:20]:
        sys.stderr.write(f"  {line}\n")


def found(told: Told, folder: Path) -> Iterator[Row]:
    """Both databases, one after the other."""
    run = begin()
    try:
        for kind in (told.database,) if told.database else KINDS_OF_PLACES:
            own = folder / kind
            own.mkdir()
            with copied_place(run, kind, "small_practice", small_practice, own / "data") as place:
                yield from rows_of(place, own, told.seed, told.kills)
    finally:
        run.end()
