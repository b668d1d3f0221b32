"""Intakes are submitted while the record fails at random and processes are killed: each is filed once.

In a process of its own: whoever submits is a thread, and these bear no patched sockets.
"""

from __future__ import annotations

import queue
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from core import clock, db
from core.inbox.models import Thread
from core.outbox import Outbox
from core.tenancy import Scope
from core.tenancy.charts import demographics
from plugins.intake import service as intake
from plugins.intake.models import Filing, Intake
from plugins.intake.views.starter import clinical_history
from tests.storms.crew import Crew, open_crew
from tests.storms.letters import open_letter_box
from tests.storms.people import SLUG, add_people
from tests.storms.row import Row, Told
from tests.support.far_record import FarRecord
from tests.support.house import House, open_app
from tests.support.place import KINDS as KINDS_OF_PLACES
from tests.support.place import Place, copied_place
from tests.support.run import begin
from tests.support.world import small_practice
from vestibule.data import questionnaires

SUBMISSIONS, KILLS, AT_ONCE = 1_000, 50, 6
CHANCES = {"down": 0.08, "lost": 0.08, "never": 0.004}
ABOUT = {"given-name": ("Ida",), "family-name": ("Vole",), "phone": ("(312) 555-0101",)}
PATIENCE_SECONDS = 1_500


@dataclass(frozen=True)
class Ready:
    """One client whose intake is filled in and waits to be submitted."""

    chart: str
    address: str
    cookie: str
    token: str


@dataclass
class Found:
    """What happened, and what was there afterwards."""

    acknowledged: int = 0
    kills: int = 0
    filed: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    doubled: int = 0
    blank: int = 0
    unequal: int = 0
    notices: int = 0
    waiting: int = 0
    seconds: float = 0.0
    told_to_wait: int = 0


def storm(place: Place, folder: Path, seed: int, submissions: int, kills: int) -> Found:
    """Submit all of them and kill so often; the record fails from the first call to the last."""
    began, told, dice = time.monotonic(), Found(), random.Random(seed)
    far = FarRecord(folder)
    ready = _filled_in(place, far, submissions)
    far.fail_at_random(**CHANCES)
    with open_letter_box() as box, open_crew(place, box.environment | far.environment, folder) as crew:
        _submit(crew, ready, dice, told, kills)
        _wait_until_filed(place, far, crew, dice, told, kills)
        crew.stop()
    with open_app(place, far.environment) as house:
        _reckon(house, far, ready, told)
    told.seconds = time.monotonic() - began
    return told


def _filled_in(place: Place, far: FarRecord, count: int) -> list[Ready]:
    someones = add_people(place, count)
    ready = []
    with open_app(place, far.environment) as house:
        far.take_over(house, SLUG)
        owner = house.member_scope("provider@demo.test", SLUG)
        intake.publish_record_form(owner, clinical_history())
        for someone in someones:
            scope = house.client_scope(someone.email, SLUG)
            _fill(scope)
            browser = house.browser(someone.email)
            ready.append(Ready(someone.chart, someone.address, browser.cookie, browser.csrf_token))
    return ready


def _fill(scope: Scope) -> None:
    work = intake.open_work(scope, scope.client_id)
    born = questionnaires.respond(
        work.about_you, {**ABOUT, "birth-date": (clock.today("UTC").replace(year=1990),)}
    )
    intake.save(scope, work, "about-you", born)
    for part in ("questions", "record"):
        work = intake.open_work(scope, scope.client_id)
        asked, _response = work.of(part)
        answers: dict[str, Any] = {
            item.link_id: (
                item.options[0].value if item.options else item.kind == "boolean" or said(scope.client_id),
            )
            for item in asked.questions
        }
        intake.save(scope, work, part, questionnaires.respond(asked, answers))


def said(chart: object) -> str:
    """What this client answered, told apart from everybody's else."""
    return f"words of {chart}"


def _submit(crew: Crew, ready: Sequence[Ready], dice: random.Random, told: Found, kills: int) -> None:
    waiting: queue.Queue[Ready] = queue.Queue()
    for one in ready:
        waiting.put(one)
    lock = threading.Lock()

    def work() -> None:
        while True:
            try:
                one = waiting.get_nowait()
            except queue.Empty:
                return
            port = crew.ports[int(one.chart[-2:], 16) % len(crew.ports)]
            while not _is_taken(port, one, told):
                time.sleep(0.05)
            with lock:
                told.acknowledged += 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    # Half of the kills fall while people submit, the others while it is filed.
    step, since = max(1, 2 * len(ready) // max(1, kills)), 0
    while any(thread.is_alive() for thread in threads):
        if told.acknowledged - since >= step and told.kills < kills:
            since = told.acknowledged
            _kill(crew, dice, told)
        time.sleep(0.01)


def _is_taken(port: int, one: Ready, told: Found) -> bool:
    """Press Submit; whether the answer says that it was submitted. Without one it is pressed again."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    head = {
        "Cookie": one.cookie,
        "X-CSRFToken": one.token,
        "X-Forwarded-For": one.address,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    try:
        line.request("POST", f"/intake/{one.chart}/check/", body="", headers=head)
        answer = line.getresponse()
        answer.read()
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
    where = answer.headers.get("Location", "")
    if answer.status == 303 and where.endswith("/done/"):
        return True
    if answer.status != 503:
        raise AssertionError(f"a submission was answered with {answer.status} {where}")
    told.told_to_wait += 1
    return False


def _kill(crew: Crew, dice: random.Random, told: Found) -> None:
    time.sleep(dice.uniform(0, 0.05))
    victim = dice.choice(crew.processes)
    if victim.is_alive:
        victim.signal(signal.SIGKILL)
        told.kills += 1


def _wait_until_filed(
    place: Place, far: FarRecord, crew: Crew, dice: random.Random, told: Found, kills: int
) -> None:
    """Let the hours of pauses pass in seconds: what waits falls due again and again."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    with open_app(place, far.environment):
        while time.monotonic() < give_up_at:
            left = Scope.system("a storm").rows(Filing).where(Filing.state != "filed").count()
            if told.kills < kills:
                _kill(crew, dice, told)
            elif not left:
                return
            is_waiting = Outbox.done_at.is_null() & Outbox.parked_at.is_null() & Outbox.dropped_at.is_null()
            with db.transaction():
                hurried = db.house_update(Outbox, due_at=clock.now())
                hurried.where(is_waiting & (Outbox.kind == "event")).execute()
            time.sleep(0.5)


def _reckon(house: House, far: FarRecord, ready: Sequence[Ready], told: Found) -> None:
    far.mend()
    scope = Scope.system("a storm", house.provider_id(SLUG))
    charts = {one.chart for one in ready}
    texts: dict[str, list[str]] = {chart: [] for chart in charts}
    for client, (note, _amends) in far.held_by_client(house, "note", SLUG):
        texts[client].append(note.text)
    people = dict(far.held_by_client(house, "person", SLUG))
    asked = [item.text for item in clinical_history().questions]
    for chart, found in texts.items():
        told.missing += not found
        told.doubled += max(0, len(found) - 1)
        told.blank += sum(not all(words in text for words in [*asked, said(chart)]) for text in found)
    told.filed["note"] = sum(map(bool, texts.values()))
    told.filed["demographics"] = len(people)
    for row in scope.rows(Intake, Intake.client_id).where(Intake.status == "submitted"):
        known = people.get(str(row.client_id))
        told.unequal += known is None or known[0] != demographics(scope, row.client_id)
    told.notices = scope.rows(Thread).where(Thread.kind == "intake.submitted").count()
    told.waiting = scope.rows(Filing).where(Filing.state != "filed").count()


def rows_of(place: Place, folder: Path, seed: int, submissions: int, kills: int) -> Iterator[Row]:
    """A row each for what was acknowledged and found, what was in the record, and the kills."""
    told, name = storm(place, folder, seed, submissions, kills), place.kind
    counts = f"acknowledged {told.acknowledged}, notices {told.notices}, in {told.seconds:.0f} s"
    is_met = told.acknowledged == told.notices == submissions
    yield Row(
        f"{name}, submissions",
        f"{counts}, told to wait {told.told_to_wait}",
        f"{submissions}, once each",
        is_met,
    )
    filed = f"filed {told.filed['note']}, missing {told.missing}, doubled {told.doubled}, blank {told.blank}"
    is_met = told.filed["note"] == submissions and not told.missing + told.doubled + told.blank
    yield Row(f"{name}, forms in the record", filed, f"{submissions}, 0, 0, 0", is_met)
    people = f"filed {told.filed['demographics']}, unlike the portal's {told.unequal}, left {told.waiting}"
    is_met = told.filed["demographics"] == submissions and not told.unequal + told.waiting
    yield Row(f"{name}, demographics in the record", people, f"{submissions}, 0, 0", is_met)
    yield Row(f"{name}, kills done", f"{told.kills}", f">= {kills}", told.kills >= kills)


def found(told: Told, folder: Path) -> Iterator[Row]:
    """Both databases, one after the other."""
    run = begin()
    try:
        for kind in KINDS_OF_PLACES:
            own = folder / kind
            own.mkdir()
            with copied_place(run, kind, "small_practice", small_practice, own / "data") as place:
                yield from rows_of(
                    place, own, told.seed, min(told.attempts, SUBMISSIONS), min(told.kills, KILLS)
                )
    finally:
        run.end()
