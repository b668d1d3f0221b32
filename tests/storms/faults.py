"""The faults themselves: each begins, lasts, is mended, and tells what the servers answered meanwhile."""

from __future__ import annotations

import random
import select
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.storms.crew import Crew
from tests.storms.day import Crowd
from tests.storms.own_postgres import CRASH, FAST, OwnPostgres
from tests.storms.visitor import Visitor
from tests.support.place import Place
from tests.support.tap import Tap
from vestibule.testing.people import PASSWORD

READER = "client@demo.test"
LASTS_SECONDS = 6
LOOK_SECONDS = 0.2


@dataclass
class Seen:
    """What was seen during a fault, and whether it is what has to be seen."""

    words: str
    goal: str = "0 wrong"
    is_met: bool = True


@dataclass
class Scene:
    """Everything that a fault can lay hands on."""

    place: Place
    crew: Crew
    crowd: Crowd
    mail: Tap
    fronts: list[Tap]
    disk: Path
    clock: Path
    dice: random.Random
    postgres: OwnPostgres | None
    line: Tap | None
    ready: Counter[str] = field(default_factory=Counter)

    def wait_for_work(self, acts: int, seconds: float = 60) -> None:
        """Until people were told that so many acts are done."""
        wanted, give_up_at = self.crowd.ledger.count + acts, time.monotonic() + seconds
        while self.crowd.ledger.count < wanted and time.monotonic() < give_up_at:
            time.sleep(0.02)

    def last(self, seconds: float = LASTS_SECONDS, look: Callable[[], object] = lambda: None) -> None:
        """Let the fault last, and look at what the first server says of itself, and at what else is asked."""
        give_up_at = time.monotonic() + seconds
        server = self.crew.servers[0]
        while time.monotonic() < give_up_at:
            status, body = server.ask("/readyz")
            names = [line.partition(":")[0] for line in body.splitlines()[1:]]
            self.ready[" ".join([str(status), *names])] += 1
            self.ready[f"healthz {server.status('/healthz')}"] += 1
            look()
            time.sleep(LOOK_SECONDS)

    def said(self, word: str) -> bool:
        """Whether /readyz was red for this reason, while /healthz stayed green."""
        return any(key.startswith("503") and word in key for key in self.ready) and self.is_alive

    @property
    def is_alive(self) -> bool:
        return not any(key.startswith("healthz") and key != "healthz 200" for key in self.ready)

    def red(self, word: str) -> Seen:
        is_said = self.said(word)
        words = f"/readyz {'503 ' + word if is_said else dict(self.ready)}"
        return Seen(words, f"/readyz 503 {word}", is_said)

    def green(self) -> Seen:
        is_green = self.is_alive and not any(key.startswith("503") for key in self.ready)
        return Seen("/readyz 200" if is_green else str(dict(self.ready)), "/readyz 200", is_green)


def stopped_in_turn(scene: Scene) -> Seen:
    """Each process is asked to stop, five times, and begun again: what it had begun it finishes."""
    broken_before = scene.crowd.broken
    for _ in range(5):
        for process in scene.crew.processes:
            process.signal(signal.SIGTERM)
            end = process.end
            with suppress(OSError):
                select.select([end], [], [], 20)
            time.sleep(0.5)
            scene.crew.wait_until_ready()
            scene.wait_for_work(1)
    broken = scene.crowd.broken - broken_before
    stops = 5 * len(scene.crew.processes)
    return Seen(f"{stops} stops, {broken} answers broken off", "0 broken off", broken == 0)


def database_restarted(scene: Scene) -> Seen:
    return _database_ended(scene, FAST)


def database_crashed(scene: Scene) -> Seen:
    return _database_ended(scene, CRASH)


def _database_ended(scene: Scene, how: signal.Signals) -> Seen:
    assert scene.postgres is not None
    for _ in range(3):
        scene.postgres.stop(how)
        scene.last(1.5)
        scene.postgres.start()
        scene.wait_for_work(3)
    return scene.red("database")


def database_slow(scene: Scene) -> Seen:
    assert scene.line is not None
    scene.line.delay = 0.1
    scene.last()
    scene.line.open()
    return scene.green() if scene.is_alive else scene.red("database")


def database_silent(scene: Scene) -> Seen:
    assert scene.line is not None
    scene.line.is_silent = True
    scene.last(12)
    scene.line.open()
    return scene.red("database")


def database_lines_cut(scene: Scene) -> Seen:
    assert scene.line is not None
    for _ in range(10):
        scene.line.cut()
        time.sleep(scene.dice.uniform(0, 0.6))
    scene.last(1)
    return Seen("10 cuts")


def out_of_connections(scene: Scene) -> Seen:
    """Somebody else takes every connection, and the servers lose theirs."""
    assert scene.postgres is not None
    assert scene.line is not None
    taken = scene.postgres.take_connections()
    scene.line.cut()
    taken += scene.postgres.take_connections()
    scene.last()
    for connection in taken:
        connection.close()
    return scene.red("database")


def file_held(scene: Scene) -> Seen:
    """Another program holds the file's one write lock for longer than anybody waits for it."""
    other = sqlite3.connect(scene.place.sqlite_file, isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    scene.last(14)
    other.execute("ROLLBACK")
    other.close()
    return scene.green()


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """No room is left; what is freed meanwhile is filled again at once."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as taken:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    if not taken.write(b"\0" * size):
                        break
    try:
        yield
    finally:
        ballast.unlink()


def _reader(scene: Scene) -> Visitor:
    """Somebody who logged in a while ago, so that their next page would be noted."""
    reader = Visitor(scene.crew.ports, scene.dice)
    told = {"E-mail": READER, "Password": PASSWORD}
    reader.press(reader.get("/login").page, "Log in", told)
    if scene.postgres is None:
        with closing(sqlite3.connect(scene.place.sqlite_file, timeout=20)) as file, file:
            file.execute("UPDATE login SET seen_at = seen_at - 120000000")
    return reader


def disk_full(scene: Scene) -> Seen:
    """Nothing can be written, and on SQLite everything be read; a full disk can end PostgreSQL itself."""
    reader, reads = _reader(scene), Counter[int]()
    with _filled(scene.disk):
        scene.last(look=lambda: reads.update([reader.status("/inbox/")]))
        if scene.postgres is not None and not scene.postgres.is_running():
            scene.ready["the database gave up"] += 1
    if scene.postgres is not None and not scene.postgres.is_running():
        # As a service manager does.
        scene.postgres.start()
    # A full disk ends PostgreSQL where its own log finds no room: then the database is away.
    seen = scene.red("disk") if scene.said("disk") else scene.red("database")
    if scene.postgres is None:
        seen.words += f", read {reads[200]} of {reads.total()} times"
        seen.is_met &= set(reads) == {200}
    return seen


def mail_down(scene: Scene) -> Seen:
    scene.mail.close()
    scene.last()
    scene.mail.open()
    return scene.green()


def mail_slow(scene: Scene) -> Seen:
    scene.mail.delay = 0.3
    scene.last()
    scene.mail.open()
    return scene.green()


def mail_rubbish(scene: Scene) -> Seen:
    scene.mail.rubbish = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>It works!</h1>\r\n"
    scene.last()
    scene.mail.open()
    return scene.green()


def clock_forward(scene: Scene) -> Seen:
    return _clock(scene, "+25h")


def clock_back(scene: Scene) -> Seen:
    return _clock(scene, "-2h")


def _clock(scene: Scene, by: str) -> Seen:
    scene.crowd.may_be_asked_again = True
    for setting in (by, "+0"):
        # Put in its place whole: an empty file would be another jump.
        written = scene.clock.with_suffix(".new")
        written.write_text(f"{setting}\n", encoding="utf-8")
        written.replace(scene.clock)
        scene.last(4)
        scene.wait_for_work(6)
    seen = scene.green()
    seen.words += f", {scene.crowd.asked_again} logged in again"
    return seen


def lines_cut(scene: Scene) -> Seen:
    """Ten times all lines between people and servers break, answers under way among them."""
    for _ in range(10):
        for front in scene.fronts:
            front.cut()
        time.sleep(scene.dice.uniform(0, 0.6))
        scene.wait_for_work(1)
    return Seen("10 cuts")
