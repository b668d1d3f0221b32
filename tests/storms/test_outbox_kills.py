"""Processes that deliver are killed while they do: nothing is lost, little is delivered twice."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import db, outbox
from core.tenancy import Scope
from tests.support.ground import open_ground
from tests.support.place import Place
from tests.support.run import CHECKOUT, plain_environment

ROWS, PROCESSES, KILLS = 200, 3, 6
GIVE_UP_SECONDS = 60
Tells = Callable[[str, Callable[[], str]], None]


class Crew:
    """Worker processes of one place; a killed one is replaced at once."""

    def __init__(self, place: Place, file: Path, mode: tuple[str, ...]) -> None:
        self._command = [sys.executable, "-m", "tests.storms.outbox_worker", str(file), *mode]
        self._environment = plain_environment(place.environment())
        self._processes = [self._start() for _ in range(PROCESSES)]

    def kill_one(self, dice: random.Random) -> None:
        number = dice.randrange(PROCESSES)
        self._processes[number].kill()
        self._processes[number].wait()
        self._processes[number] = self._start()

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, cwd=CHECKOUT, env=self._environment)


@contextmanager
def crew(place: Place, file: Path, *mode: str) -> Iterator[Crew]:
    made = Crew(place, file, mode)
    try:
        yield made
    finally:
        made.end()


def storm(place: Place, file: Path, tells: Tells, *mode: str) -> Counter[int]:
    """Put rows while processes deliver and are killed; returns how often each row arrived."""
    seed = random.randrange(10_000)
    dice = random.Random(seed)
    file.touch()
    with open_ground(place), crew(place, file, *mode) as workers:
        for n in range(ROWS):
            with db.transaction():
                outbox.put(Scope.system("storm"), "event", "room:it_happened", f"k{n}", {"n": n})
        for _ in range(KILLS):
            # A kill counts only if it met a process at work, so wait until some is done again.
            wait_for_progress(file)
            time.sleep(dice.uniform(0, 0.05))
            workers.kill_one(dice)
        wait_until(lambda: outbox.counts().waiting == 0)
        # What is marked done too early may still be on its way.
        time.sleep(0.3)
    arrived = Counter(map(int, file.read_text().split()))
    tells("The storm", lambda: f"seed {seed}, {len(arrived)} of {ROWS} rows, {arrived.total()} deliveries")
    return arrived


def wait_for_progress(file: Path) -> None:
    before = file.stat().st_size
    wait_until(lambda: file.stat().st_size > before or outbox.counts().waiting == 0)


def wait_until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at, "nothing moves any more"
        time.sleep(0.02)


def test_A63_kills_lose_no_delivery(new_ground: Place, tmp_path: Path, tells: Tells) -> None:
    arrived = storm(new_ground, tmp_path / "arrived", tells)
    assert set(range(ROWS)) - set(arrived) == set()
    assert arrived.total() - ROWS <= KILLS * 2, "a kill may double what was on its way, and no more"


@pytest.mark.parametrize("database", ["sqlite"])
def test_A63_without_leases_kills_do_lose_deliveries(new_ground: Place, tmp_path: Path, tells: Tells) -> None:
    arrived = storm(new_ground, tmp_path / "arrived", tells, "unguarded")
    assert len(arrived) < ROWS
