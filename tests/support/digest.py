"""Fingerprints of all tables, to show that a refused act left nothing behind."""

import hashlib
import sqlite3
from collections.abc import Mapping

import psycopg
from psycopg import sql

from tests.support.place import Place

# The security log is the one thing that a refusal may write.
SECURITY_LOG = frozenset({"audit_row"})


def digest(place: Place, but: frozenset[str] = SECURITY_LOG) -> dict[str, str]:
    """A fingerprint of every table's committed rows by table name, without those in `but`."""
    return _of_postgresql(place, but) if place.database_url else _of_sqlite(place, but)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The tables whose rows are not what they were."""
    return sorted(table for table in {*before, *after} if before.get(table) != after.get(table))


def _of_sqlite(place: Place, but: frozenset[str]) -> dict[str, str]:
    connection = sqlite3.connect(f"{place.sqlite_file.as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        # One transaction, so that all tables are seen at one moment.
        connection.execute("BEGIN")
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        tables = [name for (name,) in names if name not in but]
        return {table: _rows_of_sqlite(connection, table) for table in tables}
    finally:
        connection.close()


def _rows_of_sqlite(connection: sqlite3.Connection, table: str) -> str:
    quoted = table.replace('"', '""')
    rows = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 -- a table's own name
    whole = hashlib.sha256()
    for row in sorted(map(repr, rows)):
        whole.update(row.encode() + b"\n")
    return whole.hexdigest()


def _of_postgresql(place: Place, but: frozenset[str]) -> dict[str, str]:
    with psycopg.connect(place.database_url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in names if name not in but]
        if not tables:
            return {}
        rows = connection.execute(sql.SQL(" UNION ALL ").join(map(_rows_of_postgresql, tables)))
        return dict(rows.fetchall())


def _rows_of_postgresql(table: str) -> sql.Composed:
    return sql.SQL(
        "SELECT {name}, md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {table} t"
    ).format(name=sql.Literal(table), table=sql.Identifier(table))
