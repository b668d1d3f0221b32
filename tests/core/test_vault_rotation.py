"""Turning the keys: nothing is lost by it, whenever it stops; what a lost key costs is said exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gevent
import pytest

from core import audit, db, vault
from core.inbox import service as inbox
from core.inbox.models import Message, Thread
from core.spec.errors import Unreadable
from core.tenancy import Account, Client, Scope
from core.vault import resealing, rotating
from core.vault.resealing import Column
from tests.support.house import House

HOUSE = Scope.system("test")
CLIENT, OWNER = "client@demo.test", "provider@demo.test"


@pytest.fixture
def written(house: House) -> Thread:
    """A message, beside all that the small practice sealed."""
    scope = house.client_scope(CLIENT, "ortiz")
    return inbox.send_new(scope, scope.client_id, subject="Sleep", body="Four hours", key="k1")


def file_of(house: House) -> Path:
    return house.settings.master_key_file


def bodies() -> list[str]:
    return [row.body for row in HOUSE.rows(Message).where(Message.body.is_null(False))]


def used() -> set[bytes]:
    return {key for found in resealing.counts_by_key().values() for key in found}


@pytest.mark.usefixtures("written")
def test_a_rotation_seals_all_anew_and_retires_the_old_key(house: House) -> None:
    before = vault.keys_from(file_of(house))
    counted = {column: sum(found.values()) for column, found in resealing.counts_by_key().items()}
    assert Column("inbox_message", "body", has_provider=True) in counted
    assert Column("account", "email", has_provider=False) in counted
    assert not [column for column in counted if column.name.endswith(("_blind", "_hash"))]
    done = rotating.rotate(file_of(house))
    after = vault.keys_from(file_of(house))
    assert (done.resealed, done.retired, done.unreadable) == (sum(counted.values()), 1, {})
    assert set(after.keys) == {after.current} == used()
    assert after.current not in before.keys
    assert after.blind == before.blind, "blind indexes and signatures keep their own key"
    assert file_of(house).stat().st_mode & 0o777 == 0o600
    # This process was bound before, and goes on without a restart.
    assert "Four hours" in bodies()
    assert house.account(CLIENT).email == CLIENT
    assert house.browser(CLIENT).get("/inbox/").status_code == 200
    assert not audit.verify().faults or audit.verify().is_well


@pytest.mark.usefixtures("written")
def test_A79_a_rotation_that_was_killed_goes_on_where_it_stopped(house: House) -> None:
    file = file_of(house)
    old = vault.keys_from(file)
    vault.change_keys(file, vault.with_next_current(rotating.prepare(file)))
    ring = vault.keys_from(file)
    halfway = resealing.sealed_columns()[: len(resealing.sealed_columns()) // 2]
    for column in halfway:
        for rows in resealing._batches(column, ring.current):
            resealing._reseal_batch(vault.Vault(ring), column, rows)
            break
    assert used() == {old.current, ring.current}
    assert "Four hours" in bodies(), "both keys open meanwhile"
    done = rotating.rotate(file)
    assert done.current == ring.current, "no third key is made"
    assert set(vault.keys_from(file).keys) == {ring.current} == used()
    assert "Four hours" in bodies()


def test_a_rotation_while_people_write_loses_nothing(house: House, written: Thread) -> None:
    stop: list[bool] = []
    count = 0

    def write() -> int:
        nonlocal count
        with db.connection():
            scope = house.client_scope(CLIENT, "ortiz")
            while not stop:
                inbox.reply(scope, written.id, body=f"words {count}", key=f"r{count}")
                count += 1
                gevent.sleep(0.01)
        return count

    writer = gevent.spawn(write)
    while count < 3:
        gevent.sleep(0.01)
    begun = count
    done = rotating.rotate(file_of(house))
    stop.append(True)
    writer.get()
    assert count > begun, "something was written meanwhile"
    assert done.retired == 1
    assert used() == {done.current}
    assert {f"words {number}" for number in range(count)} <= set(bodies())


@pytest.mark.usefixtures("written")
def test_a_prepared_key_is_used_by_the_rotation_that_follows(house: House) -> None:
    ring = rotating.prepare(file_of(house))
    assert rotating.prepare(file_of(house)) == ring, "asked twice, added once"
    assert ring.current in used()
    assert ring.next not in used()
    assert rotating.rotate(file_of(house)).current == ring.next


def test_A79_a_value_that_can_t_be_opened_keeps_its_key(house: House, written: Thread) -> None:
    row = HOUSE.rows(Message).where(Message.thread_id == written.id).get()
    spoil(row, lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]))
    done = rotating.rotate(file_of(house))
    assert done.unreadable == {Column("inbox_message", "body", has_provider=True): 1}
    assert done.retired == 0
    assert len(vault.keys_from(file_of(house)).keys) == 2


@pytest.mark.usefixtures("written")
def test_A79_a_lost_key_says_which_columns_and_how_many_values(house: House) -> None:
    ring = vault.keys_from(file_of(house))
    assert resealing.lost(frozenset(ring.keys)) == {}
    found = resealing.lost(frozenset())
    assert found[Column("account", "email", has_provider=False), ring.current] == HOUSE.rows(Account).count()
    sealed = HOUSE.rows(Client).where(Client.phone.is_null(False)).count()
    assert found.get((Column("client", "phone", has_provider=True), ring.current), 0) == sealed


def test_a_table_that_no_plugin_speaks_for_is_sealed_anew_too(house: House) -> None:
    kinds = "BYTEA" if db.dialect() == "postgresql" else "BLOB"
    ids = "UUID" if db.dialect() == "postgresql" else "TEXT"
    db.database.execute_sql(
        f"CREATE TABLE gone_note (id {ids} PRIMARY KEY, provider_id {ids}, words {kinds})"
    )
    place = ("gone_note", "words", house.provider_id("ortiz"), db.new_id())
    sealed = vault.current().seal("left behind", *place)
    table = resealing.table_of(Column("gone_note", "words", has_provider=True))
    with db.transaction():
        table.insert({table.id: place[3].hex, table.provider_id: place[2].hex, table.words: sealed}).execute()
    rotating.rotate(file_of(house))
    (now,) = table.select(table.words).tuples()
    assert bytes(now[0]) != sealed
    assert vault.current().open(bytes(now[0]), *place) == "left behind"


def spoil(row: Any, change: Any) -> None:
    table = resealing.table_of(Column("inbox_message", "body", has_provider=True))
    with db.transaction():
        table.update({table.body: change(row.__data__["body"])}).where(table.id == row.id.hex).execute()


@pytest.mark.parametrize("bit", [0, 8, 40, 136, -1])
def test_A79_a_flipped_bit_in_the_table_is_a_typed_error_and_never_empty_text(
    house: House, written: Thread, bit: int
) -> None:
    row = HOUSE.rows(Message).where(Message.thread_id == written.id).get()

    def flip(sealed: bytes) -> bytes:
        spoiled = bytearray(sealed)
        spoiled[bit // 8] ^= 1 << (bit % 8)
        return bytes(spoiled)

    spoil(row, flip)
    with pytest.raises(Unreadable):
        _ = HOUSE.one(Message, row.id).body
    answer = house.browser(CLIENT).get(f"/inbox/{written.id}/")
    assert answer.status_code == 500
    assert "Four hours" not in answer.text


def test_A79_what_is_moved_to_another_row_or_provider_opens_nowhere(house: House, written: Thread) -> None:
    scope = house.client_scope(CLIENT, "ortiz")
    inbox.reply(scope, written.id, body="The second", key="k2")
    first, second = HOUSE.rows(Message).where(Message.thread_id == written.id).order_by(Message.id)
    spoil(second, lambda _sealed: first.__data__["body"])
    with pytest.raises(Unreadable) as refused:
        _ = HOUSE.one(Message, second.id).body
    assert refused.value.code == "tampered"
    elsewhere = Message(**{**first.__data__, "provider_id": house.provider_id("harbor")})
    with pytest.raises(Unreadable):
        _ = elsewhere.body


def test_a_running_vault_takes_a_changed_file_and_bears_a_damaged_one(tmp_path: Path) -> None:
    file, place = tmp_path / "master.key", ("t", "c", None, db.new_id())
    running = vault.Vault(vault.make_keys(file), file)
    old = running.seal("before", *place)
    good = file.read_text()
    file.write_text("{")
    assert running.open(old, *place) == "before"
    gevent.sleep(vault.LOOK_SECONDS)
    assert running.open(running.seal("meanwhile", *place), *place) == "meanwhile"
    file.write_text(good)
    ring = vault.with_next_current(rotating.prepare(file))
    vault.change_keys(file, ring)
    other = vault.Vault(ring).seal("by another process", *place)
    assert running.open(other, *place) == "by another process"
    assert running.seal("now", *place)[1:5] == ring.current
    assert json.loads(file.read_text())["current"] == ring.current.hex()
