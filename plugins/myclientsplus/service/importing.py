"""Bringing a file in: seen line by line before anything is done, then done once, however often it comes."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.myclientsplus.models import Import, Person, Write
from plugins.myclientsplus.service.csv_reading import is_formula, read_lines
from plugins.myclientsplus.service.ledger import Ledger
from plugins.myclientsplus.service.people import know
from vestibule.data import (
    Address,
    Demographics,
    Scope,
    add_chart,
    client_records,
    get_setting,
    locked,
    note,
    now,
    provider_record,
    queue_work,
    read_day,
    read_phone,
    records,
    transaction,
)

WORK = "myclientsplus.import"
SLICE = 50
Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is there already, to judge lines by: clients by their number elsewhere, and by name and birth."""

    numbers: dict[str, UUID]
    people: dict[tuple[str, str, str], UUID]
    keys: frozenset[str]


def keep_file(scope: Scope, kind: str, content: bytes) -> Import:
    """Read a file and keep its lines to be looked at, instead of one that was only looked at.

    Raises Refused as `read_lines` does.
    """
    lines = read_lines(kind, content)
    with transaction():
        for row in scope.rows(Import).where(Import.state == "read"):
            scope.remove(row)
        made: Import = scope.add(Import, kind=kind, state="read", lines=lines, results=[], made_at=now())
    return made


def import_of(scope: Scope, import_id: UUID) -> Import:
    """A file that was read. Raises NotFound."""
    row: Import = scope.one(Import, import_id)
    return row


def preview(scope: Scope, row: Import) -> list[str]:
    """What would become of each line: `add`, `join`, `same`, or what is wrong with it."""
    known, seen = _known(scope), Counter[str]()
    return [_judged(row.kind, line, known, seen) for line in row.lines]


def begin_import(scope: Scope, import_id: UUID) -> None:
    """Bring the lines in that can be; a second time changes nothing."""
    with transaction():
        row = locked(scope.rows(Import).where(Import.id == import_id)).get()
        if row.state == "read":
            scope.change(row, state="running")
            note(scope, "myclientsplus.imported", row, lines=len(row.lines))
            queue_work(scope, WORK, row.id, key=f"{row.id}:0")


def import_slice(scope: Scope, import_id: UUID) -> None:
    """Some lines, in one transaction with what became of them; then the next ones are queued."""
    with transaction():
        row = locked(scope.rows(Import).where(Import.id == import_id)).get()
        if row.state != "running":
            return
        begin = len(row.results)
        known, seen = _known(scope), Counter[str]()
        for line in row.lines[:begin]:
            _judged(row.kind, line, known, seen)
        slice_ = row.lines[begin : begin + SLICE]
        results = [*row.results, *(_brought(scope, row.kind, line, known, seen) for line in slice_)]
        is_done = len(results) == len(row.lines)
        values: dict[str, Any] = {}
        if is_done:
            # What was told of people stands in their records now, and nowhere else.
            numbers = [{"number": line["number"]} for line in row.lines]
            values = {"state": "done", "done_at": now(), "lines": numbers}
        scope.change(row, results=results, **values)
        if not is_done:
            queue_work(scope, WORK, row.id, key=f"{row.id}:{len(results)}")


def _known(scope: Scope) -> Known:
    numbers = {
        row.outside_id: row.client_id
        for row in scope.rows(Person, Person.client_id, Person.outside_id)
        if row.outside_id is not None
    }
    taken = set(numbers.values())
    people = {
        _name_of(each.given_name, each.family_name, str(each.birth_on or "")): each.id
        for each in client_records(scope)
        if each.id not in taken
    }
    keys = scope.rows(Write, Write.key).where(Write.key.startswith("import:"))
    return Known(numbers, people, frozenset(row.key for row in keys))


def _judged(kind: str, line: Line, known: Known, seen: Counter[str]) -> str:
    if wrong := _wrong(kind, line):
        return wrong
    if kind == "sessions":
        if line["number"] not in known.numbers:
            return "unknown_client"
        return "same" if f"{_key(line, seen)}:c" in known.keys else "add"
    seen[line["number"]] += 1
    if seen[line["number"]] > 1:
        return "twice"
    if line["number"] in known.numbers:
        return "same"
    return "join" if _person(line) in known.people else "add"


def _wrong(kind: str, line: Line) -> str:
    """The code of what is wrong with a line in itself; nothing for a good one."""
    texts = [cell for name, cell in line.items() if name not in ("phone", "amount", "paid")]
    if any(map(is_formula, texts)):
        return "formula"
    if not line["number"]:
        return "no_number"
    return _wrong_session(line) if kind == "sessions" else _wrong_client(line)


def _wrong_session(line: Line) -> str:
    if read_day(line["on"]) is None:
        return "no_day"
    amount, paid = cents(line["amount"]), cents(line.get("paid") or "0")
    return "no_amount" if not amount or paid is None or paid > amount else ""


def _wrong_client(line: Line) -> str:
    if not line["given_name"] or not line["family_name"]:
        return "no_name"
    if line.get("birth_on") and read_day(line["birth_on"]) is None:
        return "no_day"
    try:
        read_phone(line.get("phone", ""))
    except ValueError:
        return "no_phone"
    return ""


def _brought(scope: Scope, kind: str, line: Line, known: Known, seen: Counter[str]) -> str:
    code = _judged(kind, line, known, seen)
    if code not in ("add", "join"):
        return code
    if kind == "clients":
        if code == "join":
            client_id = known.people[_person(line)]
        else:
            client_id = add_chart(scope, _told(line), line.get("email", ""))
        know(scope, client_id)
        row = scope.rows(Person).where(Person.client_id == client_id).get()
        scope.change(row, outside_id=line["number"])
        known.numbers[line["number"]] = client_id
        return code
    # Judging counted this line already: its number among equal ones is what it was counted as.
    _charge(scope, line, known.numbers[line["number"]], _key(line, seen, is_counted=True))
    return code


def _charge(scope: Scope, line: Line, client_id: UUID, key: str) -> None:
    ledger, currency = Ledger(scope), str(get_setting(scope, "myclientsplus.currency"))
    on: date = read_day(line["on"])  # type: ignore[assignment] # judged before
    amount, paid = cents(line["amount"]) or 0, cents(line.get("paid") or "0") or 0
    made = ledger.add_charge(
        client_id, records.Charge(line.get("title") or "Session", on, amount, currency), key=f"{key}:c"
    )
    if paid:
        zone = ZoneInfo(provider_record(scope.provider_id).zone)
        at = datetime.combine(on, time(12), zone)
        shares = (records.Share(made.ref, paid),)
        told = records.Payment("payment", paid, currency, at, "earlier", shares)
        ledger.record_payment(client_id, told, key=f"{key}:p")


def _told(line: Line) -> Demographics:
    place = {name: line.get(name, "") for name in ("line1", "city", "state", "postal")}
    return Demographics(
        given_name=line["given_name"],
        family_name=line["family_name"],
        birth_on=read_day(line.get("birth_on", "")),
        phone=read_phone(line.get("phone", "")),
        address=Address(**place),
    )


def _person(line: Line) -> tuple[str, str, str]:
    born = read_day(line.get("birth_on", ""))
    return _name_of(line["given_name"], line["family_name"], str(born or ""))


def _name_of(given: str, family: str, born: str) -> tuple[str, str, str]:
    return given.casefold(), family.casefold(), born


def _key(line: Line, seen: Counter[str], *, is_counted: bool = False) -> str:
    """The same for a session in whichever file it comes; two alike of one day are counted."""
    told = "|".join([line["number"], str(read_day(line["on"])), str(cents(line["amount"]))])
    digest = hashlib.sha256(told.encode()).hexdigest()[:32]
    if not is_counted:
        seen[digest] += 1
    return f"import:{digest}:{seen[digest]}"


def cents(text: str) -> int | None:
    """An amount such as 120, 120.50 or $1,200.50 in cents; None for anything else, and for less than 0."""
    plain = text.strip().removeprefix("$").replace(",", "")
    try:
        amount = Decimal(plain) * 100
    except InvalidOperation:
        return None
    is_sound = plain.replace(".", "", 1).isascii() and plain.replace(".", "", 1).isdigit()
    return int(amount) if is_sound and amount == int(amount) and amount < 10**9 else None
