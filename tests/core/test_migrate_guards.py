"""Guards: they outlive rebuilt tables, are put back when missing, and a start can tell."""

from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest

from core import db
from core.migrate import GUARDS_FILE, MigrationRefused, Source, missing_guards, pending
from core.settings.model import CHECKOUT
from tests.support.place import Place
from tests.support.rooms import GUARDS, ORPHAN, Rooms, is_guarded, open_rooms, rows, run

# What SQLite itself advises for changes that ALTER TABLE can't make (lang_altertable, section 7).
REBUILD_ON_SQLITE = (
    "CREATE TABLE parent_new (id TEXT NOT NULL PRIMARY KEY, words TEXT NOT NULL, age TEXT DEFAULT 'old')",
    "INSERT INTO parent_new (id, words) SELECT id, words FROM parent",
    "DROP TABLE parent",
    "ALTER TABLE parent_new RENAME TO parent",
)
REBUILD = f"""
-- only: sqlite
{";".join(REBUILD_ON_SQLITE)};
-- only: postgresql
ALTER TABLE parent ADD COLUMN age TEXT DEFAULT 'old';
"""
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture
def rooms(new_ground: Place, tmp_path: Path) -> Iterator[Rooms]:
    with open_rooms(new_ground, tmp_path) as rooms:
        yield rooms


@pytest.fixture
def family(rooms: Rooms) -> Source:
    return rooms.family()


def test_rows_children_and_guards_survive_a_rebuilt_table(rooms: Rooms, family: Source) -> None:
    assert is_guarded()
    rooms.write("room/0003_rebuild", REBUILD)
    assert rooms.apply(family) == ["room/0003_rebuild"]
    assert rows("SELECT words, age FROM parent") == [("mother", "old")]
    assert rows("SELECT words FROM child JOIN parent ON parent.id = parent_id") == [("mother",)]
    assert missing_guards([family]) == []
    assert is_guarded()
    with pytest.raises(peewee.IntegrityError):
        run(ORPHAN)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_same_rebuild_without_us_loses_children_and_guard(family: Source) -> None:
    run(*REBUILD_ON_SQLITE)
    assert rows("SELECT * FROM child") == []
    assert missing_guards([family]) == ["parent_has_words"]
    assert not is_guarded()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_migration_that_orphans_rows_is_refused(rooms: Rooms, family: Source) -> None:
    rooms.write("room/0003_orphans", "DELETE FROM parent;")
    with pytest.raises(MigrationRefused, match="child"):
        rooms.apply(family)
    assert len(rows("SELECT * FROM parent")) == 1
    with pytest.raises(peewee.IntegrityError):
        run(ORPHAN)


def test_a_missing_guard_is_named_and_put_back(rooms: Rooms, family: Source) -> None:
    on_table = "" if db.dialect() == "sqlite" else " ON parent"
    run(f"DROP TRIGGER parent_has_words{on_table}")
    assert missing_guards([family]) == ["parent_has_words"]
    assert not is_guarded()
    assert rooms.apply(family) == []
    assert missing_guards([family]) == []
    run("DELETE FROM parent WHERE words = ''")
    assert is_guarded()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_disabled_guard_is_missing(family: Source) -> None:
    run("ALTER TABLE parent DISABLE TRIGGER parent_has_words")
    assert missing_guards([family]) == ["parent_has_words"]


def test_a_changed_guard_arrives(rooms: Rooms, family: Source) -> None:
    rooms.write("room/guards", GUARDS.replace("NEW.words = ''", "NEW.words = 'nobody'"))
    rooms.apply(family)
    assert not is_guarded()


def test_our_own_rooms_apply_and_declare_every_trigger(rooms: Rooms) -> None:
    rest = sorted(path for path in CHECKOUT.glob("*/*/migrations") if path.parent.name != "tenancy")
    sources = [
        ("tenancy", CHECKOUT / "core" / "tenancy" / "migrations"),
        ("core", CHECKOUT / "core" / "migrations"),
        *((path.parent.name, path) for path in rest),
    ]
    assert rooms.apply(*sources)
    assert missing_guards(sources) == pending(sources) == []
    declared = "".join(path.read_text() for _name, folder in sources for path in folder.glob(GUARDS_FILE))
    made = {str(name) for (name,) in rows(TRIGGERS[db.dialect()])}
    assert sorted(name for name in made if f"-- guard: {name}\n" not in declared) == []
