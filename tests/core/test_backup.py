"""Backups: taken while people write, sealed, put back whole and verified, or refused with the reason."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result

from core import audit, db
from core.inbox import service as inbox
from core.inbox.models import Message
from core.tenancy import Scope
from core.vault import rotating, sealed_file
from tests.support.house import open_app
from tests.support.place import Place, new_place
from tests.support.run import Run
from vestibule.commands import cli, dumping

HOUSE = Scope.system("test")
CLIENT, OWNER = "client@demo.test", "provider@demo.test"


def run(place: Place, *words: str) -> Result:
    """One command in this process, with the place's settings."""
    done = CliRunner(env=place.environment()).invoke(cli, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def well(place: Place, *words: str) -> str:
    done = run(place, *words)
    assert done.exit_code == 0, done.output
    return done.output


def refused(place: Place, *words: str) -> str:
    done = run(place, *words)
    assert done.exit_code == 1, done.output
    return " ".join(done.output.split())


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "stick" / "private.key"


@pytest.fixture
def saved(place: Place, key: Path, tmp_path: Path) -> Path:
    """A backup of the small practice, a message in it and its audit chained."""
    key.parent.mkdir()
    with open_app(place) as house:
        scope = house.client_scope(CLIENT, "ortiz")
        inbox.send_new(scope, scope.client_id, subject="Sleep", body="Four hours of sleep", key="k1")
        audit.chain(HOUSE)
        well(place, "keys", "backup", str(key))
    well(place, "backup", str(tmp_path / "saved"))
    return tmp_path / "saved"


@pytest.fixture
def elsewhere(run: Run, database: str, tmp_path: Path) -> Iterator[Place]:
    """Another machine, with nothing on it."""
    with new_place(run, database, tmp_path / "elsewhere") as place:
        yield place


def take_key(place: Place, to: Place) -> None:
    (to.data / "master.key").write_bytes((place.data / "master.key").read_bytes())
    (to.data / "master.key").chmod(0o600)


def is_empty(place: Place) -> bool:
    if place.database_url:
        with psycopg.connect(place.database_url) as connection:
            return (
                connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone() is None
            )
    return {path.name for path in place.data.iterdir()} <= {"master.key", "secret.key", "server.lock"}


def test_A71_what_was_saved_comes_back_on_another_machine(
    place: Place, saved: Path, key: Path, elsewhere: Place
) -> None:
    take_key(place, elsewhere)
    assert "all verified" in well(elsewhere, "restore", str(saved), "--key", str(key))
    well(elsewhere, "migrate")
    assert "Nothing was changed" in well(elsewhere, "audit", "verify")
    with open_app(elsewhere) as house:
        assert "Four hours of sleep" in [row.body for row in HOUSE.rows(Message) if row.body]
        assert house.browser(CLIENT).get("/inbox/").status_code == 200
        audit.note_read(HOUSE, "practice.chart_read")
        audit.chain(HOUSE)
        assert audit.verify().faults == []


def test_A75_A80_a_backup_tells_nothing_without_its_private_key(place: Place, saved: Path, key: Path) -> None:
    held = saved.read_bytes()
    master = json.loads((place.data / "master.key").read_text())
    secrets = (*master["keys"].values(), master["blind"], key.read_text().strip())
    assert not [secret for secret in secrets if secret.encode() in held]
    for word in (b"Lena Ortiz", b"SQLite format", b"PGDMP", b"audit_row", b"demo.test"):
        assert word not in held
    assert saved.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in place.data.iterdir() if path.name.startswith(".")] == []


def test_A80_the_master_key_is_sealed_apart_and_only_when_asked(
    place: Place, saved: Path, key: Path, elsewhere: Place, tmp_path: Path
) -> None:
    assert "holds no master key" in refused(elsewhere, "restore", str(saved), "--key", str(key))
    assert is_empty(elsewhere)
    apart = tmp_path / "apart"
    well(place, "backup", str(tmp_path / "second"), "--master-key-to", str(apart))
    assert (place.data / "master.key").read_bytes() not in apart.read_bytes()
    well(elsewhere, "restore", str(saved), "--key", str(key), "--master-key", str(apart))
    assert (elsewhere.data / "master.key").read_bytes() == (place.data / "master.key").read_bytes()
    assert (elsewhere.data / "master.key").stat().st_mode & 0o777 == 0o600


def test_A71_a_changed_byte_anywhere_restores_nothing(
    place: Place, saved: Path, key: Path, elsewhere: Place
) -> None:
    take_key(place, elsewhere)
    good = saved.read_bytes()
    spots = [0, 20, 30, 60, 200, 400, len(good) // 2, len(good) - 20, len(good) - 1]
    for spot in spots:
        saved.write_bytes(good[:spot] + bytes([good[spot] ^ 1]) + good[spot + 1 :])
        refused(elsewhere, "restore", str(saved), "--key", str(key))
        assert is_empty(elsewhere), spot
    for cut in (0, 10, 100, 500, len(good) // 2, len(good) - 16, len(good) - 1):
        saved.write_bytes(good[:cut])
        refused(elsewhere, "restore", str(saved), "--key", str(key))
        assert is_empty(elsewhere), cut
    saved.write_bytes(good + b"x")
    refused(elsewhere, "restore", str(saved), "--key", str(key))
    saved.write_bytes(good)
    well(elsewhere, "restore", str(saved), "--key", str(key))


def test_A71_nothing_is_put_on_top_of_live_data(place: Place, saved: Path, key: Path) -> None:
    assert "empty place only" in refused(place, "restore", str(saved), "--key", str(key))
    with open_app(place) as house:
        assert house.account(CLIENT)


def test_A71_a_newer_version_s_backup_is_refused_by_name(
    place: Place, saved: Path, key: Path, elsewhere: Place, tmp_path: Path
) -> None:
    take_key(place, elsewhere)
    newer = tmp_path / "newer"
    reseal(saved, newer, key, place, lambda told: told["migrations"].append(["core", "0999_from_later"]))
    assert "core/0999_from_later" in refused(elsewhere, "restore", str(newer), "--key", str(key))
    assert is_empty(elsewhere)


def test_A71_a_lost_row_is_noticed(
    place: Place, saved: Path, key: Path, elsewhere: Place, tmp_path: Path
) -> None:
    take_key(place, elsewhere)
    fewer = tmp_path / "fewer"

    def count_one_more(told: dict[str, Any]) -> None:
        told["counts"]["inbox_message"] += 1

    reseal(saved, fewer, key, place, count_one_more)
    assert "inbox_message" in refused(elsewhere, "restore", str(fewer), "--key", str(key))
    assert is_empty(elsewhere)


def reseal(source: Path, target: Path, key: Path, place: Place, change: Any) -> None:
    """The same backup with another list of what it holds, sealed as genuinely as the first."""
    with source.open("rb") as file:
        plain = b"".join(sealed_file.opened(file, sealed_file.private_from(key)))
        file.seek(0)
        header, _ = sealed_file.header_of(file)
    length = dumping.LENGTH.unpack(plain[:4])[0]
    told = json.loads(plain[4 : 4 + length])
    change(told)
    text = json.dumps(told).encode()
    parts = [dumping.LENGTH.pack(len(text)) + text + plain[4 + length :]]
    with target.open("wb") as file:
        sealed_file.seal(file, sealed_file.public_from(place.data / "backup.pub"), header, parts)


def test_A80_a_backup_from_before_a_rotation_wants_the_key_of_its_day(
    place: Place, saved: Path, key: Path, elsewhere: Place
) -> None:
    of_its_day = (place.data / "master.key").read_bytes()
    well(place, "keys", "rotate")
    take_key(place, elsewhere)
    said = refused(elsewhere, "restore", str(saved), "--key", str(key))
    assert "give the key of its day" in said
    assert "inbox_message.body: " in said
    assert is_empty(elsewhere)
    (elsewhere.data / "master.key").write_bytes(of_its_day)
    well(elsewhere, "restore", str(saved), "--key", str(key))


def test_A78_a_backup_of_a_changed_audit_is_refused(
    place: Place, saved: Path, key: Path, elsewhere: Place, tmp_path: Path
) -> None:
    with open_app(place):
        db.database.execute_sql("UPDATE audit_row SET event = 'x' WHERE seq = 2")
        assert "row 2" in refused(place, "audit", "verify")
    changed = tmp_path / "changed"
    well(place, "backup", str(changed))
    take_key(place, elsewhere)
    assert "rows 2" in refused(elsewhere, "restore", str(changed), "--key", str(key))
    assert is_empty(elsewhere)


def test_A80_another_s_key_and_a_key_for_everybody_are_refused(
    place: Place, saved: Path, key: Path, elsewhere: Place, tmp_path: Path
) -> None:
    take_key(place, elsewhere)
    other = tmp_path / "other.key"
    sealed_file.make_pair(other, tmp_path / "other.pub")
    assert "not made for this key" in refused(elsewhere, "restore", str(saved), "--key", str(other))
    key.chmod(0o644)
    assert "chmod 600" in refused(elsewhere, "restore", str(saved), "--key", str(key))
    assert is_empty(elsewhere)


def test_a_backup_taken_while_others_write_holds_one_moment(
    place: Place, key: Path, elsewhere: Place, tmp_path: Path
) -> None:
    """A writer puts in two rows at a time; the copy never has one of them."""
    key.parent.mkdir()
    well(place, "keys", "backup", str(key))
    before, stop = count_pairs(place), Event()
    writer = Thread(target=write_pairs, args=(place, stop))
    writer.start()
    try:
        for number in range(3):
            well(place, "backup", str(tmp_path / f"taken{number}"))
    finally:
        stop.set()
        writer.join()
    assert count_pairs(place) > before + 10, "something was written meanwhile"
    take_key(place, elsewhere)
    well(elsewhere, "restore", str(tmp_path / "taken2"), "--key", str(key))
    assert (count_pairs(elsewhere) - before) % 2 == 0
    assert count_pairs(elsewhere) > before


def connected(place: Place) -> Any:
    if place.database_url:
        return closing(psycopg.connect(place.database_url))
    return closing(sqlite3.connect(place.sqlite_file, timeout=30))


def count_pairs(place: Place) -> int:
    with connected(place) as connection:
        return int(connection.execute("SELECT count(*) FROM limit_count").fetchone()[0])


def write_pairs(place: Place, stop: Event) -> None:
    now = "now()" if place.database_url else "1"
    blind = "decode('00', 'hex')" if place.database_url else "x'00'"
    with connected(place) as connection:
        while not stop.is_set():
            for _ in range(2):
                row = uuid4().hex
                connection.execute(
                    "INSERT INTO limit_count (id, name, key, tries, since_at, seen_at)"  # noqa: S608
                    f" VALUES ('{row}', '{row}', {blind}, 1, {now}, {now})"
                )
            connection.commit()
            time.sleep(0.002)


def test_A79_check_says_what_a_lost_key_costs(place: Place) -> None:
    with open_app(place) as house:
        rotating.rotate(house.settings.master_key_file)
    lost = place.data / "master.key"
    kept = lost.read_text()
    lost.unlink()
    said = run(place, "check").output
    assert "There is no key file" in said
    with connected(place) as connection:
        accounts = connection.execute("SELECT count(*) FROM account").fetchone()[0]
    assert f"account.email: {accounts} values can't be read" in said
    told = json.loads(kept)
    other = {**told, "keys": {"00112233": told["keys"][told["current"]]}, "current": "00112233"}
    lost.write_text(json.dumps(other))
    lost.chmod(0o600)
    said = run(place, "check").output
    assert f"their key {told['current']} is not in the key file" in said
    lost.write_text(kept)
    assert "every sealed value has its key" in run(place, "check").output
