"""What a place stands on fails while people are at work: database, disk, mail server, clock, lines.

A fault is a function of the scene that begins it, waits, mends it, and says what was seen meanwhile. After
each the people finish, and what they were told is looked for.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.storms import faults
from tests.storms.crew import open_crew
from tests.storms.day import crowd_of
from tests.storms.faults import Scene, Seen
from tests.storms.kill_storm import wait_for_letters
from tests.storms.ledger import KINDS, Ledger, Reckoning, reckon
from tests.storms.letters import open_letter_box
from tests.storms.own_postgres import OwnPostgres, open_own_postgres
from tests.storms.people import add_people
from tests.storms.row import Row, Told, tally
from tests.support.place import KINDS as DATABASES
from tests.support.place import Place, copied_place
from tests.support.run import begin
from tests.support.tap import Tap, tap_to
from tests.support.world import small_practice

PEOPLE, AT_ONCE = 400, 6
WORLD_SECONDS = 3
# Room for a practice of some people, and for a log that has to be written before anything else.
DISK = {"sqlite": "40m", "postgresql": "160m"}
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


@dataclass(frozen=True)
class Fault:
    """One fault, the databases that it is tried on, and what it has to stand on.

    Where it lets the database write (`is_writable`), nobody may be told to wait for it.
    """

    name: str
    strike: Callable[[Scene], Seen]
    databases: tuple[str, ...] = DATABASES
    on_small_disk: bool = False
    with_clock: bool = False
    through_taps: bool = False
    is_writable: bool = False


ONLY_POSTGRESQL, ONLY_SQLITE = ("postgresql",), ("sqlite",)
FAULTS = (
    Fault("servers stopped and begun again", faults.stopped_in_turn, is_writable=True),
    Fault("database restarted", faults.database_restarted, ONLY_POSTGRESQL),
    Fault("database crashed", faults.database_crashed, ONLY_POSTGRESQL),
    Fault("database slow", faults.database_slow, ONLY_POSTGRESQL),
    Fault("database silent", faults.database_silent, ONLY_POSTGRESQL),
    Fault("database's lines cut", faults.database_lines_cut, ONLY_POSTGRESQL),
    Fault("out of connections", faults.out_of_connections, ONLY_POSTGRESQL),
    Fault("file held by another writer", faults.file_held, ONLY_SQLITE),
    Fault("disk full", faults.disk_full, on_small_disk=True),
    Fault("mail server down", faults.mail_down, is_writable=True),
    Fault("mail server slow", faults.mail_slow, is_writable=True),
    Fault("mail server talks rubbish", faults.mail_rubbish, is_writable=True),
    Fault("clock 25 hours forward and back", faults.clock_forward, with_clock=True, is_writable=True),
    Fault("clock 2 hours back and forward", faults.clock_back, with_clock=True, is_writable=True),
    Fault("people's lines cut", faults.lines_cut, through_taps=True, is_writable=True),
)


def found(told: Told, folder: Path) -> Iterator[Row]:
    """Each fault on each database that it is for."""
    for fault in FAULTS:
        for kind in fault.databases:
            if told.database not in ("", kind):
                continue
            own = folder / f"{FAULTS.index(fault)}-{kind}"
            own.mkdir(mode=0o755)
            yield row_of(fault, kind, own, told)


def row_of(fault: Fault, kind: str, folder: Path, told: Told) -> Row:
    """Let people work, strike, mend, let them finish, and reckon."""
    dice = told.dice
    with ExitStack() as stack:
        disk = (
            stack.enter_context(_small_disk(folder / "disk", DISK[kind])) if fault.on_small_disk else folder
        )
        box = stack.enter_context(open_letter_box())
        mail = stack.enter_context(tap_to(box.port))
        place, postgres, line = stack.enter_context(_place(kind, folder, disk))
        someones = add_people(place, PEOPLE)
        settings = box.environment | {"VESTIBULE_SMTP_PORT": str(mail.port)}
        clock = folder / "clock"
        prefix = _faked(clock) if fault.with_clock else ()
        crew = stack.enter_context(open_crew(place, settings, folder, prefix))
        fronts = [stack.enter_context(tap_to(port)) for port in crew.ports]
        ledger = Ledger(folder / "ledger")
        ports = [front.port for front in fronts] if fault.through_taps else crew.ports
        with crowd_of(someones, ports, ledger, told.seed, AT_ONCE) as crowd:
            scene = Scene(place, crew, crowd, mail, fronts, disk, clock, dice, postgres, line)
            scene.wait_for_work(3)
            seen = fault.strike(scene)
            scene.wait_for_work(6)
        wait_for_letters(place)
        crew.stop()
        reckoning = reckon(place, ledger, box.arrived, f"http://127.0.0.1:{crew.ports[0]}")
        # Under libfaketime a sleep of the watchdog's own thread fails when the clock jumps (EINVAL).
        logged = crew.lines("event=fault") if fault.with_clock else crew.troubles()
        wrong = [*crowd.troubles, *crowd.put_off, *logged, *reckoning.wrong]
        if fault.is_writable and crowd.refused:
            wrong.append(f"told to wait {crowd.refused} times (503), and the database was there")
        for line_of_wrong in wrong[:12]:
            sys.stderr.write(f"  {fault.name}, {kind}: {line_of_wrong}\n")
        told_and_found = [sum(count[one] for one in (*KINDS, "letter")) for count in _counts(reckoning)]
        more = f"{seen.words}, told to wait {crowd.refused}, {len(wrong)} wrong"
        row = tally(f"{kind}: {fault.name}", told_and_found, crowd.worst, more)
        return Row(row.what, row.found, f"{row.goal}, {seen.goal}", row.is_met and seen.is_met and not wrong)


def _counts(reckoning: Reckoning) -> list[Counter[str]]:
    return [reckoning.acknowledged, reckoning.found, reckoning.doubled]


def _faked(file: Path) -> tuple[tuple[str, str], ...]:
    if not Path(FAKETIME).exists():
        raise AssertionError("libfaketime is not installed: apt-get install faketime")
    file.write_text("+0\n", encoding="utf-8")
    return (
        ("LD_PRELOAD", FAKETIME),
        ("FAKETIME_TIMESTAMP_FILE", str(file)),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    )


@contextmanager
def _place(kind: str, folder: Path, disk: Path) -> Iterator[tuple[Place, OwnPostgres | None, Tap | None]]:
    """A small practice; on PostgreSQL with a server of its own behind a tap."""
    if kind == "sqlite":
        run = begin()
        try:
            with copied_place(run, kind, "small_practice", small_practice, disk / "data") as place:
                yield place, None, None
        finally:
            run.end()
        return
    with (
        open_own_postgres(disk / "postgres", folder / "postgres.log") as postgres,
        tap_to(postgres.port) as tap,
    ):
        (folder / "data").mkdir(mode=0o700)
        straight = postgres.database("storm")
        small_practice(Place(kind, folder / "data", straight))
        yield (
            Place(kind, folder / "data", straight.replace(f":{postgres.port}/", f":{tap.port}/")),
            postgres,
            tap,
        )


@contextmanager
def _small_disk(at: Path, size: str) -> Iterator[Path]:
    """A disk of its own that can be filled up without harm."""
    at.mkdir(mode=0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(at)], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)
