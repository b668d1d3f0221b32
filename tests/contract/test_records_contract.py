"""The protocol of the practice record, as whoever keeps one has to keep it: ours, and one far away.

A further implementation is one more line in KEEPERS: how a house is opened where Dr Ortiz has her record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from core import hooks
from core.app import ROOMS
from core.settings import CHECKOUT
from core.tenancy import Scope
from tests.support.far_record import FarRecord
from tests.support.house import House, open_app
from tests.support.place import Place
from vestibule.data import (
    Address,
    ConnectorFailed,
    Demographics,
    RecordConflict,
    practice_records,
    records,
)

Opened = Callable[[ExitStack, Place, Path], House]
ANA = Demographics("Ana", "Quist", "", "she/her", date(1990, 5, 4), "(312) 555-0101", Address("5 Elm Street"))
AT = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
NOTE = records.Note(
    "progress", "First session", "She slept.\nAnd said so.", AT, answers={"resourceType": "X"}
)


def ours(stack: ExitStack, place: Place, _folder: Path) -> House:
    return stack.enter_context(open_app(place))


def far_away(stack: ExitStack, place: Place, folder: Path) -> House:
    far = FarRecord(folder)
    house = stack.enter_context(open_app(place, far.environment))
    far.take_over(house)
    return house


KEEPERS: dict[str, Opened] = {"ours": ours, "far_away": far_away}


@pytest.fixture(params=[*KEEPERS, "ours-postgresql"])
def keeper(request: pytest.FixtureRequest) -> str:
    return str(request.param).partition("-")[0]


@pytest.fixture
def database(request: pytest.FixtureRequest, keeper: str) -> str:
    """The one far away has a file of its own, so the portal's database makes no difference to it."""
    return "postgresql" if "postgresql" in request.node.name else "sqlite"


@pytest.fixture
def scope(place: Place, keeper: str, tmp_path: Path) -> Iterator[Scope]:
    """The house's own scope of Dr Ortiz, as deliveries of the outbox have it."""
    with ExitStack() as stack:
        house = KEEPERS[keeper](stack, place, tmp_path)
        yield Scope.system("test", house.provider_id("ortiz"))
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


@pytest.fixture
def record(scope: Scope) -> records.PracticeRecords:
    return practice_records(scope)


@pytest.fixture
def ana(scope: Scope, record: records.PracticeRecords) -> UUID:
    """A client of Dr Ortiz, known to the record."""
    from core.tenancy import Client  # noqa: PLC0415 -- a row is all that is wanted of it

    client_id: UUID = scope.rows(Client, Client.id).order_by(Client.family_name).first().id
    if record.demographics.read(client_id) is None:
        record.demographics.write(client_id, ANA, based_on=None, key="a:1")
    return client_id


def test_demographics_are_changed_on_the_version_that_was_read(
    record: records.PracticeRecords, ana: UUID
) -> None:
    first = record.demographics.read(ana)
    assert first is not None
    assert first.demographics == ANA
    moved = replace(ANA, address=Address("7 Oak Street", city="Evanston"))
    written = record.demographics.write(ana, moved, based_on=first.version, key="a:2")
    assert written.is_new
    with pytest.raises(RecordConflict, match="changed") as conflict:
        record.demographics.write(ana, ANA, based_on=first.version, key="a:3")
    current = conflict.value.current
    assert isinstance(current, records.KeptDemographics)
    assert (current.demographics, current.version) == (moved, written.version)
    with pytest.raises(RecordConflict, match="changed"):
        record.demographics.write(ana, ANA, based_on=None, key="a:4")
    kept = record.demographics.read(ana)
    assert kept is not None
    assert kept.demographics == moved


def test_the_same_key_writes_once_and_gives_the_first_answer(
    record: records.PracticeRecords, ana: UUID
) -> None:
    first = record.notes.file(ana, NOTE, key="n:1")
    again = record.notes.file(ana, NOTE, key="n:1")
    assert (again.ref, again.version, first.is_new, again.is_new) == (first.ref, first.version, True, False)
    assert len(record.notes.notes(ana).entries) == 1
    with pytest.raises(RecordConflict, match="key_reused"):
        record.notes.file(ana, replace(NOTE, text="Other words."), key="n:1")
    known = record.demographics.read(ana)
    assert known is not None
    told = replace(ANA, phone="(312) 555-0199")
    one = record.demographics.write(ana, told, based_on=known.version, key="a:5")
    assert record.demographics.write(ana, told, based_on=known.version, key="a:5").version == one.version


def test_a_note_is_kept_whole_and_locked_and_amended_by_addition(
    record: records.PracticeRecords, ana: UUID
) -> None:
    filed = record.notes.file(ana, NOTE, key="n:2")
    added = record.notes.amend(ana, filed.ref, replace(NOTE, text="Later.", answers=None), key="n:3")
    found = {each.ref: each for each in record.notes.notes(ana).entries}
    assert found[filed.ref].note == NOTE
    assert all(each.is_locked for each in found.values())
    assert (found[filed.ref].amends, found[added.ref].amends) == ("", filed.ref)
    with pytest.raises(ConnectorFailed, match="refused"):
        record.notes.amend(ana, str(uuid4()), NOTE, key="n:4")


def test_entries_come_newest_first_page_by_page_without_gap_or_double(
    record: records.PracticeRecords, ana: UUID
) -> None:
    for number in range(5):
        later = replace(NOTE, title=f"Session {number}", written_at=AT + timedelta(days=number))
        record.notes.file(ana, later, key=f"p:{number}")
    titles, after = [], ""
    while True:
        page = record.notes.notes(ana, after=after, limit=2)
        titles += [each.note.title for each in page.entries]
        after = page.after
        if not after:
            break
    assert titles == [f"Session {number}" for number in (4, 3, 2, 1, 0)]


def test_a_stranger_is_not_known(record: records.PracticeRecords) -> None:
    with pytest.raises(ConnectorFailed, match="unknown_client"):
        record.notes.file(uuid4(), NOTE, key="s:1")
    with pytest.raises(ConnectorFailed, match="unknown_client"):
        record.ledger.add_charge(uuid4(), records.Charge("Session", date(2026, 3, 4), 1, "USD"), key="s:2")


def test_the_ledger_adds_up(record: records.PracticeRecords, ana: UUID) -> None:
    ledger = record.ledger
    older, newer = (
        ledger.add_charge(
            ana, records.Charge("Session", date(2026, month, 4), 12_000, "USD"), key=f"c:{month}"
        )
        for month in (3, 4)
    )
    shares = (records.Share(older.ref, 12_000), records.Share(newer.ref, 500))
    paid = records.Payment("payment", 20_000, "USD", AT, "card", shares, "r1")
    first = ledger.record_payment(ana, paid, key="pay:1")
    assert ledger.record_payment(ana, paid, key="pay:1").ref == first.ref
    assert [(each.paid, each.due) for each in ledger.balances(ana, is_due=False)] == [
        (12_000, 0),
        (500, 11_500),
    ]
    assert [each.ref for each in ledger.balances(ana)] == [newer.ref]
    back = records.Payment("refund", 2_000, "USD", AT, "card", (records.Share(older.ref, 2_000),), "r2")
    ledger.record_payment(ana, back, key="pay:2")
    assert [each.due for each in ledger.balances(ana)] == [2_000, 11_500]
    assert {each.payment.amount for each in ledger.payments(ana).entries} == {20_000, 2_000}
    for wrong in (
        records.Payment("payment", 100, "USD", AT, "card", (records.Share(older.ref, 101),)),
        records.Payment("payment", 100, "USD", AT, "card", (records.Share(str(uuid4()), 50),)),
        records.Payment("payment", 0, "USD", AT, "card", ()),
    ):
        with pytest.raises(ConnectorFailed, match="refused"):
            ledger.record_payment(ana, wrong, key=f"pay:{uuid4().hex}")


def test_a_charge_is_taken_back_only_while_nothing_is_paid(
    record: records.PracticeRecords, ana: UUID
) -> None:
    ledger = record.ledger
    charge = records.Charge("Session", date(2026, 3, 4), 9_000, "USD")
    one, other = (ledger.add_charge(ana, charge, key=f"x:{number}") for number in (1, 2))
    version = {each.ref: each.version for each in ledger.balances(ana)}
    ledger.cancel_charge(ana, one.ref, based_on=version[one.ref], key="x:3")
    assert not ledger.cancel_charge(ana, one.ref, based_on=version[one.ref], key="x:3").is_new
    share = records.Share(other.ref, 1_000)
    ledger.record_payment(ana, records.Payment("payment", 1_000, "USD", AT, "cash", (share,)), key="x:4")
    with pytest.raises(RecordConflict, match="changed") as conflict:
        ledger.cancel_charge(ana, other.ref, based_on=version[other.ref], key="x:5")
    assert isinstance(conflict.value.current, records.SessionBalance)
    assert [each.ref for each in ledger.balances(ana, is_due=False)] == [other.ref]


def test_a_document_comes_back_as_it_was(record: records.PracticeRecords, ana: UUID) -> None:
    letter = records.Document("Letter", "letter", "text/plain", b"Dear colleague\x00\xff", AT)
    filed = record.documents.file(ana, letter, key="d:1")
    assert record.documents.file(ana, letter, key="d:1").ref == filed.ref
    (kept,) = record.documents.documents(ana).entries
    assert (kept.title, kept.purpose, kept.ref) == ("Letter", "letter", filed.ref)
    assert record.documents.open(ana, filed.ref) == letter
    with pytest.raises(ConnectorFailed, match="refused"):
        record.documents.open(ana, str(uuid4()))
    with pytest.raises(ConnectorFailed, match="refused"):
        record.documents.file(ana, replace(letter, slot_ref=str(uuid4())), key="d:2")


def test_it_says_which_parts_it_keeps(record: records.PracticeRecords) -> None:
    assert record.parts <= {"demographics", "notes", "ledger", "documents"}
    assert {"demographics", "notes"} <= record.parts
