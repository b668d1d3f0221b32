"""Migrations: each applied once, in order, by one process, all or nothing."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import db
from core.migrate import MigrationRefused, Source, pending
from core.settings.model import CHECKOUT
from tests.support.place import Place
from tests.support.rooms import CHILDREN, PARENTS, Rooms, open_rooms, rows, tables

TYPES = {
    "sqlite": ["TEXT", "INTEGER", "TEXT", "INTEGER", "BLOB", "BLOB", "TEXT"],
    "postgresql": ["UUID", "TIMESTAMP WITH TIME ZONE", "DATE", "BOOLEAN", "BYTEA", "BYTEA", "TEXT"],
}
# A process that is ready, waits to be told, migrates the folder it was given, and says how much it did.
MIGRATING = """
import sys
from pathlib import Path
from core import db
from core.migrate import migrate
from core.settings import load
from core.vault import Vault, keys_from
settings = load()
db.bind(settings, Vault(keys_from(settings.master_key_file)))
print("ready", flush=True)
sys.stdin.readline()
print(len(migrate([("room", Path(sys.argv[1]))], settings.data / "migrate.lock")))
"""


@pytest.fixture
def rooms(new_ground: Place, tmp_path: Path) -> Iterator[Rooms]:
    with open_rooms(new_ground, tmp_path) as rooms:
        yield rooms


@pytest.fixture
def family(rooms: Rooms) -> Source:
    return rooms.family()


def test_each_is_applied_once_in_the_order_of_the_sources(rooms: Rooms) -> None:
    people = rooms.write("people/0001_parents", PARENTS)
    rest = rooms.write("about/0001_children", CHILDREN)
    rooms.write("about/0010_more", "CREATE TABLE ten (id ID);")
    rooms.write("about/0002_more", "CREATE TABLE two (id ID);")
    names = ["people/0001_parents", "about/0001_children", "about/0002_more", "about/0010_more"]
    assert pending([people, rest]) == names
    assert rooms.apply(people, rest) == names
    assert rooms.apply(people, rest) == pending([people, rest]) == []
    later = rooms.write("about/0011_later", "CREATE TABLE eleven (id ID);")
    assert rooms.apply(people, later) == ["about/0011_later"]
    assert {"two", "ten", "eleven"} <= tables()


def test_a_source_without_folder_has_nothing(tmp_path: Path, rooms: Rooms) -> None:
    assert rooms.apply(("plugin", tmp_path / "absent")) == []


def test_a_removed_plugins_tables_stay(family: Source, rooms: Rooms) -> None:
    assert rooms.apply() == []
    assert {"parent", "child"} <= tables()
    assert rooms.apply(family) == []


def test_types_are_each_databases_own(rooms: Rooms) -> None:
    columns = "a ID, b MOMENT, c DAY, d FLAG NOT NULL DEFAULT FALSE, e SEALED, f BLIND, g JSONTEXT"
    rooms.apply(rooms.write("room/0001_all", f"CREATE TABLE everything ({columns});"))
    with db.connection():
        types = [column.data_type.upper() for column in db.database.get_columns("everything")]
    assert types == TYPES[db.dialect()]


def test_sections_are_for_one_database(rooms: Rooms) -> None:
    sql = """
    CREATE TABLE a (id ID, -- only a remark: both
        -- only: sqlite
        sqlite TEXT
        -- only: postgresql
        postgresql TEXT
        -- only: both
    );
    """
    rooms.apply(rooms.write("room/0001_sections", sql))
    with db.connection():
        assert [column.name for column in db.database.get_columns("a")] == ["id", db.dialect()]


def test_signs_inside_words_are_left_alone(rooms: Rooms) -> None:
    words = "5% ID; it''s a DAY -- truly %s"
    rooms.apply(
        rooms.write(
            "room/0001_signs", f"CREATE TABLE a (b TEXT);\nINSERT INTO a VALUES ('{words}'); -- end; ID"
        )
    )
    assert rows("SELECT b FROM a") == [(words.replace("''", "'"),)]


@pytest.mark.parametrize(
    ("name", "sql", "reason"),
    [
        ("room/0003_open", "CREATE TABLE a (id ID)", "doesn't end with a semicolon"),
        ("room/0003_where", "-- only: oracle\nSELECT 1;", "names no database"),
        ("room/0002_again", "SELECT 1;", "the same number"),
        ("room/3_short", "SELECT 1;", "not named like"),
        ("room/0001_A", "SELECT 1;", "not named like"),
        ("room/0003_trigger", "CREATE TRIGGER a AFTER INSERT ON parent BEGIN SELECT 1; END;", "guards.sql"),
        ("room/0003_wrong", "CREATE TABLE more (id ID); INSERT INTO nowhere VALUES (1);", "0003_wrong"),
        ("room/guards", "-- guard: promised\nSELECT 1;", "promised"),
    ],
)
def test_what_cant_be_applied_changes_nothing(
    family: Source, rooms: Rooms, name: str, sql: str, reason: str
) -> None:
    before = tables(), rows("SELECT source, name, checksum FROM migration")
    rooms.write("other/0001_fine", "CREATE TABLE fine (id ID);")
    other = rooms.write("other/0002_fine", "DELETE FROM child;")
    source = rooms.write(name, sql)
    with pytest.raises(MigrationRefused, match=reason):
        rooms.apply(other, source)
    assert (tables(), rows("SELECT source, name, checksum FROM migration")) == before
    assert len(rows("SELECT * FROM child")) == 1


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("0002_children", lambda path: path.write_text(CHILDREN + "\n"), "was changed after"),
        ("0002_children", Path.unlink, "newer version"),
        ("0001_more", lambda path: path.write_text("SELECT 1;"), "the same number"),
        ("0000_before", lambda path: path.write_text("SELECT 1;"), "Give it a later number"),
    ],
)
def test_a_history_that_doesnt_fit_is_refused(
    family: Source,
    rooms: Rooms,
    name: str,
    change: Callable[[Path], object],
    reason: str,
) -> None:
    change(family[1] / f"{name}.sql")
    with pytest.raises(MigrationRefused, match=reason):
        pending([family])
    with pytest.raises(MigrationRefused, match=reason):
        rooms.apply(family)


def test_line_ends_are_no_change(family: Source) -> None:
    for path in family[1].glob("*.sql"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert pending([family]) == []


def migrating(place: Place, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATING, folder],
        cwd=CHECKOUT,
        env=place.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_of_processes_at_once_one_applies(new_ground: Place, rooms: Rooms) -> None:
    for number in range(1, 6):
        _room, folder = rooms.write(f"room/000{number}_table", f"CREATE TABLE t{number} (id ID);")
    processes = [migrating(new_ground, folder) for _ in range(3)]
    assert [process.stdout.readline() for process in processes if process.stdout] == ["ready\n"] * 3
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in processes]
    assert sorted(out.strip() for out, _error in said) == ["0", "0", "5"], said
