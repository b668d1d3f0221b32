"""Made-up rooms with migrations of their own: a parent with a child, and a guard on parents."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

from core import db
from core.migrate import Source, migrate
from core.settings import Settings, load
from core.vault import Vault, make_keys
from tests.support.place import Place

PARENTS = "CREATE TABLE parent (id ID NOT NULL PRIMARY KEY, words TEXT NOT NULL);"
CHILDREN = """
CREATE TABLE child (
    id ID NOT NULL PRIMARY KEY,
    parent_id ID NOT NULL REFERENCES parent (id) ON DELETE CASCADE
);
"""
GUARDS = """
-- only: sqlite
-- guard: parent_has_words
CREATE TRIGGER IF NOT EXISTS parent_has_words BEFORE INSERT ON parent WHEN NEW.words = ''
BEGIN
    SELECT RAISE(ABORT, 'parent_has_words');
END;
-- only: postgresql
-- guard: parent_has_words
CREATE OR REPLACE FUNCTION parent_has_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.words = '' THEN
        RAISE EXCEPTION 'parent_has_words' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE OR REPLACE TRIGGER parent_has_words BEFORE INSERT ON parent
    FOR EACH ROW EXECUTE FUNCTION parent_has_words();
"""
MOTHER = "INSERT INTO parent (id, words) VALUES ('019a0000-0000-7000-8000-000000000001', 'mother')"
NOBODY = "INSERT INTO parent (id, words) VALUES ('019a0000-0000-7000-8000-000000000002', '')"
CHILD = """
INSERT INTO child (id, parent_id)
VALUES ('019a0000-0000-7000-8000-000000000003', '019a0000-0000-7000-8000-000000000001')
"""
ORPHAN = """
INSERT INTO child (id, parent_id)
VALUES ('019a0000-0000-7000-8000-000000000004', '019a0000-0000-7000-8000-000000000005')
"""


class Rooms:
    """Writes migrations into rooms below `folder` and applies them."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self._folder = folder

    def write(self, name: str, sql: str) -> Source:
        """Write a file named like `room/0001_words`; returns the room's source."""
        room, file = name.split("/")
        folder = self._folder / room / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{file}.sql").write_text(sql)
        return room, folder

    def apply(self, *sources: Source) -> list[str]:
        return migrate(sources, self.settings.data / "migrate.lock")

    def family(self) -> Source:
        """A source whose tables are there, with a mother and her child, and a guard."""
        self.write("room/0001_parents", PARENTS)
        self.write("room/guards", GUARDS)
        source = self.write("room/0002_children", CHILDREN)
        self.apply(source)
        run(MOTHER, CHILD)
        return source


@contextmanager
def open_rooms(place: Place, folder: Path) -> Iterator[Rooms]:
    """Rooms on an empty database, models bound to it."""
    settings = load(place.environment())
    db.bind(settings, Vault(make_keys(settings.master_key_file)))
    yield Rooms(settings, folder)
    db.close()


def rows(sql: str) -> list[tuple[object, ...]]:
    with db.connection():
        return list(db.database.execute_sql(sql).fetchall())


def run(*statements: str) -> None:
    with db.transaction():
        for statement in statements:
            db.database.execute_sql(statement)


def tables() -> set[str]:
    with db.connection():
        return set(db.database.get_tables())


def is_guarded() -> bool:
    """Whether the guard refuses a parent without words."""
    try:
        run(NOBODY)
    except peewee.IntegrityError as error:
        return "parent_has_words" in str(error)
    return False
