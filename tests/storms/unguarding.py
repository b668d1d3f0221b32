"""Guards taken away in the database alone, so that a race is seen to fail; the product stays as it is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection

import psycopg

from tests.support.place import Place


def ask(place: Place, statements: Collection[str]) -> list[tuple[object, ...]]:
    """Run statements around the product; returns the last one's rows."""
    if place.database_url:
        with psycopg.connect(place.database_url, autocommit=True) as postgresql:
            for statement in statements:
                cursor = postgresql.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
    sqlite = sqlite3.connect(place.sqlite_file, timeout=10, isolation_level=None)
    try:
        for statement in statements:
            rows = sqlite.execute(statement).fetchall()
        return rows
    finally:
        sqlite.close()


def drop_overlap(place: Place) -> None:
    """Take the overlap constraint away under the running servers, and nothing else."""
    names = ("appointments_no_overlap_insert", "appointments_no_overlap_update")
    dropped = [f"DROP TRIGGER {name}" for name in names]
    if place.database_url:
        dropped = ["ALTER TABLE appointments_occupancy DROP CONSTRAINT appointments_no_overlap"]
    ask(place, dropped)


def forget_claims(place: Place, table: str, column: str, claimed: str, before: str) -> None:
    """Let a row forget at once that somebody claimed it, so that the next one claims it too.

    `claimed` and `before` are SQL, words of ours.
    """
    back = f"UPDATE {table} SET {column} = {before} WHERE id = NEW.id"  # noqa: S608 -- no words of others
    on_sqlite = f"AFTER UPDATE ON {table} WHEN NEW.{column} {claimed} BEGIN {back}; END"
    if not place.database_url:
        ask(place, [f"CREATE TRIGGER forgotten {on_sqlite}"])
        return
    body = f"BEGIN NEW.{column} := {before}; RETURN NEW; END"
    made = f"CREATE FUNCTION forgotten() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    when = f"FOR EACH ROW WHEN (NEW.{column} {claimed})"
    ask(
        place,
        [made, f"CREATE TRIGGER forgotten BEFORE UPDATE ON {table} {when} EXECUTE FUNCTION forgotten()"],
    )


def share_addresses(place: Place) -> None:
    """Let several accounts have one e-mail address; before any server runs: SQLite makes the table anew."""
    if place.database_url:
        ask(place, ["ALTER TABLE account DROP CONSTRAINT account_email_blind_key"])
        return
    ((made,),) = ask(place, ["SELECT sql FROM sqlite_master WHERE name = 'account'"])
    without = re.sub(r"(email_blind \w+ NOT NULL) UNIQUE", r"\1", str(made))
    assert without != made
    ask(
        place,
        [
            "PRAGMA legacy_alter_table = ON",
            "ALTER TABLE account RENAME TO account_before",
            without,
            "INSERT INTO account SELECT * FROM account_before",
            "DROP TABLE account_before",
        ],
    )
