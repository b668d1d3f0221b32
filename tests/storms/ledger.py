"""What people were told is done, on disk, and afterwards what the database and the mail server say of it."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from core import db
from core.appointments.models import Appointment, Occupancy
from core.audit import AuditRow
from core.inbox.models import Message
from core.outbox import Outbox
from core.tenancy import Scope
from plugins.intake.models import Intake
from tests.support.house import open_app
from tests.support.place import Place
from vestibule.data import questionnaires

KINDS = ("intake", "booking", "cancelling", "message")
# Of each act as many letters go out: to both members, or to the client and the clinician.
LETTERS = {"intake": 2, "booking": 2, "cancelling": 2, "message": 2}


class Ledger:
    """One line for each act that was acknowledged, written when the answer was seen."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        self.count = 0

    def note(self, kind: str, **facts: str) -> None:
        with self._lock, self.file.open("a", encoding="utf-8") as written:
            written.write(json.dumps({"kind": kind} | facts) + "\n")
            self.count += 1

    def read(self, kind: str) -> list[dict[str, str]]:
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return [fact for line in lines if (fact := json.loads(line))["kind"] == kind]


@dataclass
class Reckoning:
    """Counts over everything that people did; `wrong` names what doesn't agree, for whoever has to look."""

    acknowledged: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    letters_again: int = 0
    wrong: list[str] = field(default_factory=list)

    def check(self, kind: str, name: str, count: int) -> None:
        """An act that was acknowledged is there `count` times."""
        self.acknowledged[kind] += 1
        self.found[kind] += count > 0
        self.doubled[kind] += max(count - 1, 0)
        if count != 1:
            self.wrong.append(f"{kind} {name}: there {count} times")

    def not_acknowledged(self, kind: str, names: set[str]) -> None:
        """What is there and nobody was ever told of: an act done once more than people did it."""
        self.doubled[kind] += len(names)
        self.wrong += [f"{kind} {name}: nobody was told of it" for name in sorted(names)]


def reckon(place: Place, ledger: Ledger, arrived: Counter[str], base_url: str) -> Reckoning:
    """Compare the ledger with the database and with the letters that arrived, by message id.

    Without a `base_url` letters are left out: there was no mail server.
    """
    found = Reckoning()
    with open_app(place) as house:
        system = Scope.system("a storm", house.provider_id("ortiz"))
        own = {line["chart"] for line in ledger.read("began")}
        _messages(found, ledger, system, own)
        _bookings(found, ledger, system, own)
        _intakes(found, ledger, system, own)
        if base_url:
            _letters(found, arrived, base_url)
    return found


def _messages(found: Reckoning, ledger: Ledger, system: Scope, own: set[str]) -> None:
    rows: Any = system.rows(Message).where(Message.kind == "person")
    bodies = Counter(row.body for row in rows if str(row.client_id) in own)
    told = {line["body"] for line in ledger.read("message")}
    for body in told:
        found.check("message", body, bodies[body])
    found.not_acknowledged("message", set(bodies) - told)


def _bookings(found: Reckoning, ledger: Ledger, system: Scope, own: set[str]) -> None:
    rows: Any = system.rows(Appointment)
    there = {str(row.id): row for row in rows if str(row.client_id) in own}
    held = Counter(str(row.appointment_id) for row in system.rows(Occupancy))
    noted = Counter((row.event, str(row.record_id)) for row in _audit(system, "appointments."))
    told = {line["id"] for line in ledger.read("booking")}
    cancelled = {line["id"] for line in ledger.read("cancelling")}
    for name in told:
        found.check("booking", name, noted["appointments.booked", name] if name in there else 0)
        if name in there and held[name] != (there[name].state == "scheduled"):
            found.wrong.append(
                f"booking {name}: {there[name].state}, and its time is held {held[name]} times"
            )
    for name in cancelled:
        is_there = name in there and there[name].state == "cancelled"
        found.check("cancelling", name, noted["appointments.cancelled", name] if is_there else 0)
    found.not_acknowledged("booking", set(there) - told)
    gone = {name for name, row in there.items() if row.state == "cancelled"}
    found.not_acknowledged("cancelling", gone - cancelled)
    found.wrong += _overlapping(system)


def _overlapping(system: Scope) -> list[str]:
    last: dict[UUID, Any] = {}
    wrong = []
    for row in system.rows(Occupancy).order_by(Occupancy.from_at):
        if row.resource_id in last and row.from_at < last[row.resource_id].to_at:
            wrong.append(f"booking {row.appointment_id}: overlaps {last[row.resource_id].appointment_id}")
        last[row.resource_id] = row
    return wrong


def _intakes(found: Reckoning, ledger: Ledger, system: Scope, own: set[str]) -> None:
    rows: Any = system.rows(Intake)
    there = {str(row.client_id): row for row in rows if str(row.client_id) in own}
    notices = Counter(
        str(row.client_id) for row in system.rows(Message).where(Message.kind == "intake.submitted")
    )
    noted = Counter(str(row.record_id) for row in _audit(system, "intake.submitted"))
    told = {line["chart"]: line["answer"] for line in ledger.read("intake")}
    for chart, answer in told.items():
        row = there.get(chart)
        is_whole = row is not None and row.status == "submitted" and answer in _answers(row)
        # Submitted, its notice in the practice's inbox and its line in the audit: each once.
        counts = {notices[chart], noted[str(row.id)] if row is not None else 0}
        found.check("intake", chart, max(counts) if is_whole and min(counts) > 0 else 0)
    sent = {chart for chart, row in there.items() if row.status == "submitted"}
    found.not_acknowledged("intake", sent - set(told))


def _answers(row: Intake) -> list[str]:
    values = questionnaires.read_kept_response(row.answers).answers.values() if row.answers else ()
    return [str(one) for given in values for one in given]


def _audit(system: Scope, begins: str) -> Iterator[Any]:
    rows: Any = system.rows(AuditRow).where(AuditRow.event.startswith(begins))
    return iter(rows)


def _letters(found: Reckoning, arrived: Counter[str], base_url: str) -> None:
    """Each letter that was queued with an act has arrived; a second time only under the same message id."""
    host = urlsplit(base_url).hostname
    rows = list(db.house_rows(Outbox).where(Outbox.kind == "mail"))
    for row in rows:
        message_id = f"<{sha256(row.key.encode()).hexdigest()[:32]}@{host}>"
        found.acknowledged["letter"] += 1
        found.found["letter"] += arrived[message_id] > 0
        if not arrived[message_id] or row.done_at is None:
            found.wrong.append(
                f"letter {row.target}: arrived {arrived[message_id]} times, error {row.error!r}"
            )
    acts = sum(found.acknowledged[kind] * letters for kind, letters in LETTERS.items())
    queued = sum(row.target.partition("/")[0] in ("inbox", "appointments") for row in rows)
    if queued != acts:
        found.doubled["letter"] += max(queued - acts, 0)
        found.wrong.append(f"letters: {queued} queued for acts that ask for {acts}")
    found.letters_again = arrived.total() - len(arrived)
