"""The audit's chain: it names the row after anything was changed in it, and bears kills and crowds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import gevent
import pytest

from core import audit, clock, db, vault
from core.audit.chaining import COLUMNS, ChainBroken
from core.settings import Settings
from core.spec.types import AuditEvent
from core.tenancy import Scope
from tests.support.house import House

HOUSE = Scope.system("test")
ROWS = 12


@pytest.fixture
def anchor(ground: Settings) -> Iterator[Path]:
    """Twelve rows, chained six by six, so that the anchor knows two heads."""
    path = ground.data / audit.ANCHOR
    audit.declare([AuditEvent("room.thing_read", "Read")])
    audit.bind(vault.Vault(vault.keys_from(ground.master_key_file)), path)
    for number in range(ROWS):
        scope = Scope(
            "member", account_id=db.new_id(), providers=frozenset({db.new_id()}), address="192.0.2.1"
        )
        audit.note_read(scope, "room.thing_read", client_id=db.new_id(), number=number)
        if number in (5, 11):
            assert audit.chain(HOUSE) == 6
    yield path
    path.unlink(missing_ok=True)


def run(statement: str, *values: Any) -> None:
    """What somebody with the database in their hands does, past the house."""
    text = statement.replace("?", "%s") if db.dialect() == "postgresql" else statement
    with db.database.atomic():
        db.database.execute_sql(text, values)


def told(anchor: Path | None = None) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.seq, fault.until) for fault in audit.verify(anchor).faults]


def row_of(seq: int) -> Any:
    return HOUSE.rows(audit.AuditRow).where(audit.AuditRow.seq == seq).get()


@pytest.mark.usefixtures("anchor")
def test_law_12_an_untouched_chain_passes_and_says_what_waits() -> None:
    finding = audit.verify()
    assert (finding.chained, finding.waiting, finding.faults) == (ROWS, 0, [])
    audit.note_read(HOUSE, "room.thing_read")
    finding = audit.verify()
    assert (finding.chained, finding.waiting, finding.is_well) == (ROWS, 1, True)
    assert audit.chain(HOUSE) == 1
    assert audit.verify().chained == ROWS + 1
    assert audit.chain(HOUSE) == 0


CHANGED: dict[str, Any] = {
    "kind": "clienu",
    "event": "room.thing_reae",
    "record_table": "x",
    "address": "192.0.2.2",
    "detail": '{"number": 5, "client_id": null}',
}


@pytest.mark.usefixtures("anchor")
@pytest.mark.parametrize("column", [*COLUMNS[1:], "chain_hash"])
def test_A78_any_changed_column_names_its_row(column: str) -> None:
    value = CHANGED.get(column)
    if column in ("id", "provider_id", "client_id", "account_id", "record_id"):
        value = db.new_id().hex
    elif column == "at":
        moved = row_of(5).at + timedelta(microseconds=1)
        value = audit.AuditRow.at.db_value(moved)
    elif column == "chain_hash":
        value = bytes([row_of(5).chain_hash[0] ^ 1]) + row_of(5).chain_hash[1:]
    run(f"UPDATE audit_row SET {column} = ? WHERE seq = 5", value)  # noqa: S608 -- a name of ours
    assert told() == [("changed", 5, 0)]


@pytest.mark.usefixtures("anchor")
def test_A78_one_space_in_the_details_is_a_change() -> None:
    run("UPDATE audit_row SET detail = replace(detail, ': ', ':') WHERE seq = 7")
    assert told() == [("changed", 7, 0)]


@pytest.mark.usefixtures("anchor")
@pytest.mark.parametrize("seq", [1, 6, 11])
def test_A78_a_removed_row_is_named(seq: int) -> None:
    run("DELETE FROM audit_row WHERE seq = ?", seq)
    assert told() == [("missing", seq, seq)]


@pytest.mark.usefixtures("anchor")
def test_A78_two_swapped_rows_are_named() -> None:
    run("UPDATE audit_row SET seq = -1 WHERE seq = 4")
    run("UPDATE audit_row SET seq = 4 WHERE seq = 9")
    run("UPDATE audit_row SET seq = 9 WHERE seq = -1")
    assert {4, 9} <= {seq for code, seq, _ in told() if code == "changed"}


@pytest.mark.usefixtures("anchor")
def test_A78_two_rows_that_swapped_their_words_are_named() -> None:
    for column in ("at", "account_id", "detail", "client_id"):
        first, second = (row_of(seq).__data__[column] for seq in (3, 10))
        field = getattr(audit.AuditRow, column)
        for seq, value in ((3, second), (10, first)):
            run(f"UPDATE audit_row SET {column} = ? WHERE seq = ?", field.db_value(value), seq)  # noqa: S608
    assert told() == [("changed", 3, 0), ("changed", 10, 0)]


@pytest.mark.usefixtures("anchor")
def test_A78_a_cut_tail_is_seen_by_the_head() -> None:
    run("DELETE FROM audit_row WHERE seq > 9")
    assert told() == [("tail_cut", 10, 12), ("anchor_ahead", 10, 12)]


@pytest.mark.usefixtures("anchor")
def test_A78_an_emptied_table_is_seen() -> None:
    run("DELETE FROM audit_row")
    assert ("tail_cut", 1, ROWS) in told()
    run("DELETE FROM audit_head")
    assert told() == [("anchor_ahead", 1, ROWS)]


def test_A78_a_whole_older_copy_is_seen_by_the_anchor_alone(anchor: Path) -> None:
    """The genuine head of row 6 and nothing after it: only what stands outside can tell."""
    first = json.loads(anchor.read_text().splitlines()[0])
    run("DELETE FROM audit_row WHERE seq > 6")
    run(
        "UPDATE audit_head SET seq = 6, chain_hash = ?, signature = ?",
        bytes.fromhex(first["hash"]),
        bytes.fromhex(first["signature"]),
    )
    kept = anchor.with_name("kept.anchor")
    anchor.rename(kept)
    assert told() == [("anchor_missing", 0, 0)]
    assert told(kept) == [("anchor_ahead", 7, ROWS)]
    # What is chained on top of it can't agree with the anchor any more.
    for _ in range(6):
        audit.note_read(HOUSE, "room.thing_read")
    assert audit.chain(HOUSE) == 6
    assert told(kept) == [("anchor_differs", ROWS, 0)]


@pytest.mark.usefixtures("anchor")
def test_A78_a_head_that_nobody_signed_is_seen_and_never_built_upon() -> None:
    run("DELETE FROM audit_row WHERE seq > 9")
    run("UPDATE audit_head SET seq = 9, chain_hash = ?", row_of(9).chain_hash)
    assert ("unsigned_head", 9, 0) in told()
    audit.note_read(HOUSE, "room.thing_read")
    with pytest.raises(ChainBroken):
        audit.chain(HOUSE)


@pytest.mark.usefixtures("anchor")
def test_A78_rows_put_behind_the_head_are_seen() -> None:
    audit.note_read(HOUSE, "room.thing_read")
    run("UPDATE audit_row SET seq = 13, chain_hash = ? WHERE seq IS NULL", bytes(32))
    assert told() == [("beyond_head", 13, 0)]


def test_A78_a_forged_line_of_the_anchor_is_named_and_a_torn_one_harms_nothing(anchor: Path) -> None:
    line = json.loads(anchor.read_text().splitlines()[-1])
    with anchor.open("a") as file:
        file.write('{"seq": 12, "ha')
    finding = audit.verify()
    assert finding.is_well
    assert told() == [("anchor_torn", 3, 0)]
    audit.note_read(HOUSE, "room.thing_read")
    audit.chain(HOUSE)
    assert told() == [("anchor_torn", 3, 0)], "the next line stands on its own"
    with anchor.open("a") as file:
        file.write(json.dumps({**line, "seq": 99}) + "\n")
    assert ("anchor_forged", 5, 0) in told()
    assert not audit.verify().is_well


def test_an_anchor_that_a_kill_left_behind_is_written_by_the_next_run(anchor: Path) -> None:
    lines = anchor.read_text().splitlines(keepends=True)
    anchor.write_text(lines[0])
    assert audit.chain(HOUSE) == 0
    assert anchor.read_text() == "".join(lines)
    audit.chain(HOUSE)
    assert anchor.read_text() == "".join(lines)
    assert anchor.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("anchor")
def test_A78_two_writers_and_two_chainers_at_once_leave_one_chain() -> None:
    def work(act: Callable[[], Any]) -> Callable[[], None]:
        def go() -> None:
            with db.connection():
                for _ in range(20):
                    act()
                    gevent.sleep(0)

        return go

    def write() -> None:
        audit.note_read(HOUSE, "room.thing_read")

    gevent.joinall(
        [gevent.spawn(work(act)) for act in (write, lambda: audit.chain(HOUSE)) * 2], raise_error=True
    )
    audit.chain(HOUSE)
    finding = audit.verify()
    assert (finding.chained, finding.waiting, finding.faults) == (ROWS + 40, 0, [])


def test_law_12_without_its_line_no_record_is_shown_and_other_reading_goes_on(house: House) -> None:
    owner, client = house.browser("provider@demo.test"), house.browser("client@demo.test")
    chart = house.chart("client@demo.test", "ortiz")
    record = f"/practice/ortiz/clients/{chart.id}/"
    pages = (record, f"{record}demographics/", f"{record}messages/", f"{record}other-information/")
    assert {owner.get(page).status_code for page in pages} == {200}
    if db.dialect() == "sqlite":
        run("CREATE TRIGGER no_audit BEFORE INSERT ON audit_row BEGIN SELECT RAISE(ABORT, 'full'); END")
    else:
        run("ALTER TABLE audit_row ADD CONSTRAINT no_audit CHECK (false) NOT VALID")
    for page in pages:
        answer = owner.get(page)
        assert answer.status_code == 503, page
        assert chart.family_name not in answer.text
        assert answer.headers["Retry-After"]
    for browser, page in (
        (owner, "/practice/ortiz/"),
        (owner, "/practice/ortiz/calendar/"),
        (client, "/inbox/"),
        (client, "/appointments/"),
    ):
        assert browser.get(page).status_code == 200, page


def test_the_job_chains_what_people_did(house: House) -> None:
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert house.run_job("core.audit_chain")
    finding = audit.verify()
    assert finding.chained > 0
    assert (finding.waiting, finding.faults) == (0, [])
