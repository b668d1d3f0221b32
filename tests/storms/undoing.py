"""Puts a database back to what it was, so that one wild act is not in the next one's way."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.support.place import Place


class Undo:
    """Puts every table back to what it was when this was made."""

    def __init__(self, place: Place) -> None:
        self._place = place
        if self._place.database_url:
            self._tables = self._keep_tables()
            return
        self._kept = place.data / f"kept-{uuid4().hex}"
        self._copy(place.sqlite_file, self._kept)

    def undo(self) -> None:
        if not self._place.database_url:
            self._copy(self._kept, self._place.sqlite_file)
            return
        with psycopg.connect(self._place.database_url, user="postgres") as line:
            # Triggers and keys must not stand in the way of what stood before.
            line.execute("SET session_replication_role = replica")
            for name in self._tables:
                line.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                copy = sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{}")
                line.execute(copy.format(sql.Identifier(name), sql.Identifier(name)))

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source, timeout=10)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)

    def _keep_tables(self) -> list[str]:
        with psycopg.connect(self._place.database_url) as line:
            asked = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            tables = [name for (name,) in line.execute(asked).fetchall()]
            line.execute("CREATE SCHEMA kept")
            for name in tables:
                copy = sql.SQL("CREATE TABLE kept.{} AS SELECT * FROM {}")
                line.execute(copy.format(sql.Identifier(name), sql.Identifier(name)))
        return tables
