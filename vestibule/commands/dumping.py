"""Taking a copy of the database at one moment, and putting one back, with the databases' own tools."""

import json
import os
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import gevent
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from core.settings import Settings

CHUNK = 1024 * 1024
LENGTH = struct.Struct(">I")
# libpq reads these, so that no password stands in the list of processes.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


class DumpFailed(Exception):
    """The copy could not be taken or put back; the message says why."""


@dataclass(frozen=True)
class Copy:
    """A database at one moment: what it holds, then its bytes in the tool's own format."""

    dialect: str
    counts: dict[str, int]
    migrations: list[list[str]]
    stream: Any

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def parts(self) -> Iterator[bytes]:
        """The list of what must be found again, its length before it, and the dump."""
        told = json.dumps({"counts": self.counts, "migrations": self.migrations}).encode()
        yield LENGTH.pack(len(told)) + told
        while part := self.stream.read(CHUNK):
            yield part
            # A server in the same process, and nobody else, is let in between.
            gevent.sleep(0)


@contextmanager
def taken(settings: Settings) -> Iterator[Copy]:
    """A copy of the running database, consistent in itself. Raises DumpFailed."""
    with _from_postgresql(settings) if settings.database_url else _from_sqlite(settings) as copy:
        yield copy


@contextmanager
def _from_sqlite(settings: Settings) -> Iterator[Copy]:
    """By VACUUM INTO: one moment's state, and nothing of what was deleted before it.

    The clear copy lies beside the database, in a folder for nobody else, while it is being sealed.
    """
    with NamedTemporaryFile(prefix=".backup-", dir=settings.data) as draft:
        path = Path(draft.name)
        try:
            # A thread of the system's: the copy may take minutes and never yields by itself.
            gevent.get_hub().threadpool.apply(_vacuum_into, (settings.sqlite_file, path))
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
                counts, migrations = held(copy)
        except sqlite3.Error as error:
            raise DumpFailed(f"The copy failed, nothing was written: {error}.") from error
        with path.open("rb") as stream:
            yield Copy("sqlite", counts, migrations, stream)


def _vacuum_into(source: Path, draft: Path) -> None:
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as database:
        database.execute("VACUUM INTO ?", (str(draft),))
    with closing(sqlite3.connect(f"{draft.as_uri()}?mode=ro", uri=True)) as copy:
        check(copy)


def check(copy: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError for a damaged file or one whose rows refer to nothing."""
    found = copy.execute("PRAGMA integrity_check").fetchone()
    if found != ("ok",):
        raise sqlite3.DatabaseError(f"the file is damaged: {found[0]}")
    if copy.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.DatabaseError("rows refer to others that are missing")


def held(copy: sqlite3.Connection) -> tuple[dict[str, int], list[list[str]]]:
    """How many rows each table has, and the migrations that were applied."""
    tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = sorted(name for (name,) in tables)
    counts = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    applied = copy.execute("SELECT source, name FROM migration ORDER BY 1, 2").fetchall()
    return counts, [list(row) for row in applied]


@contextmanager
def _from_postgresql(settings: Settings) -> Iterator[Copy]:
    """By pg_dump, in the snapshot in which the rows were counted."""
    program = _program("pg_dump")
    with psycopg.connect(settings.database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = _one(connection, "SELECT pg_export_snapshot()")
        counts, migrations = held_by_postgresql(connection)
        command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        with subprocess.Popen(  # noqa: S603 -- a fixed command
            command, env=os.environ | variables(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as dump:
            yield Copy("postgresql", counts, migrations, _Ending(dump))


class _Ending:
    """The output of a dump; its end counts only if the program ended well."""

    def __init__(self, dump: "subprocess.Popen[bytes]") -> None:
        self._dump = dump

    def read(self, size: int) -> bytes:
        assert self._dump.stdout is not None
        part = self._dump.stdout.read(size)
        if not part and self._dump.wait() != 0:
            said = self._dump.stderr.read().decode(errors="replace").strip() if self._dump.stderr else ""
            raise DumpFailed(f"pg_dump failed, nothing was written: {said}")
        return part


def held_by_postgresql(connection: "psycopg.Connection[Any]") -> tuple[dict[str, int], list[list[str]]]:
    """How many rows each table has, and the migrations that were applied."""
    asked = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    counts = {}
    for (name,) in connection.execute(asked).fetchall():
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
        counts[name] = connection.execute(query).fetchone()[0]  # type: ignore[index] # a count is there
    applied = connection.execute("SELECT source, name FROM migration ORDER BY 1, 2").fetchall()
    return counts, [list(row) for row in applied]


def into_postgresql(settings: Settings, dump: Path) -> None:
    """Put a dump into an empty database, all or nothing. Raises DumpFailed."""
    told = variables(settings)
    command = [
        _program("pg_restore"),
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={told.get('PGDATABASE', '')}",
        str(dump),
    ]
    done = subprocess.run(  # noqa: S603 -- a fixed command
        command, env=os.environ | told, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DumpFailed(f"pg_restore failed, nothing was restored: {done.stderr.strip()}")


def variables(settings: Settings) -> dict[str, str]:
    """What libpq has to know, for the environment of its programs."""
    told = conninfo_to_dict(settings.database_url)
    return {VARIABLES[name]: str(value) for name, value in told.items() if name in VARIABLES}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DumpFailed(f"{name} is not installed: apt-get install postgresql-client")
    return found


def _one(connection: "psycopg.Connection[Any]", query: str) -> Any:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found
