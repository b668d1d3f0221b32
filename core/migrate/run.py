"""Applying what is pending: one process at a time, all of it in one transaction or nothing."""

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import clock
from core.db import connection, database, dialect, transaction
from core.migrate.files import Migration, MigrationRefused, Source, migrations_of, statements
from core.migrate.guards import apply_guards, refuse_triggers
from core.migrate.statements import execute

WAIT_SECONDS = 60
ADVISORY_LOCK = 0x76657374  # "vest", the same in every process that migrates this database
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HISTORY = """
    CREATE TABLE IF NOT EXISTS migration (
        source TEXT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at {moment} NOT NULL,
        PRIMARY KEY (source, name)
    )
"""


def migrate(sources: Sequence[Source], lock_file: Path) -> list[str]:
    """Apply what is pending, in the order of `sources`, and put all guards in place again.

    Returns the names of what was applied. Raises `MigrationRefused`, and then nothing was changed.
    Of several processes at once one applies and the others find nothing left to do.
    """
    with connection(), _alone_on_sqlite(lock_file), _without_cascades(), transaction():
        _alone_on_postgresql()
        moment = "INTEGER" if dialect() == "sqlite" else "TIMESTAMPTZ"
        database.execute_sql(_HISTORY.format(moment=moment))
        applied = _pending(sources)
        for migration in applied:
            _apply(migration)
        apply_guards(sources)
        if applied:
            _refuse_orphans()
    return [str(migration) for migration in applied]


def pending(sources: Sequence[Source]) -> list[str]:
    """The names of what a migrate would apply; raises `MigrationRefused` where it would refuse."""
    with connection():
        return [str(migration) for migration in _pending(sources)]


def forget(source: str) -> None:
    """Let a source's migrations count as never applied; stands in the transaction that drops its tables."""
    mark = database.param
    database.execute_sql(f"DELETE FROM migration WHERE source = {mark}", (source,))  # noqa: S608 -- a mark


def _pending(sources: Sequence[Source]) -> list[Migration]:
    history = _history()
    return [migration for source in sources for migration in _not_yet(source, history.get(source[0], {}))]


def _not_yet(source: Source, history: dict[str, str]) -> list[Migration]:
    found = migrations_of(source)
    unknown = sorted(history.keys() - {migration.name for migration in found})
    if unknown:
        raise MigrationRefused(
            f"The database knows {source[0]}/{unknown[0]}, which is not among the files here:"
            " it was made by a newer version. Install that one, or restore a backup."
        )
    for migration in found:
        if history.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationRefused(
                f"{migration} was changed after it had been applied."
                " Put the old text back and write the change as a new migration."
            )
    new = [migration for migration in found if migration.name not in history]
    if new and history and new[0].name < max(history):
        raise MigrationRefused(
            f"{new[0]} comes before {source[0]}/{max(history)}, which is applied already."
            " Give it a later number."
        )
    return new


def _history() -> dict[str, dict[str, str]]:
    """Checksums by name by source."""
    history: dict[str, dict[str, str]] = {}
    if database.table_exists("migration"):
        rows = database.execute_sql("SELECT source, name, checksum FROM migration").fetchall()
        for source, name, checksum in rows:
            history.setdefault(source, {})[name] = checksum
    return history


def _apply(migration: Migration) -> None:
    for statement in statements(migration.path, dialect()):
        refuse_triggers(statement, str(migration))
        execute(statement, str(migration))
    now = clock.now()
    values = (migration.source, migration.name, migration.checksum)
    if dialect() == "sqlite":
        applied_at = (now - _EPOCH) // timedelta(microseconds=1)
        database.execute_sql("INSERT INTO migration VALUES (?, ?, ?, ?)", (*values, applied_at))
    else:
        database.execute_sql("INSERT INTO migration VALUES (%s, %s, %s, %s)", (*values, now))


@contextmanager
def _alone_on_sqlite(lock_file: Path) -> Iterator[None]:
    if dialect() != "sqlite":
        yield
        return
    lock_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    give_up_at = time.monotonic() + WAIT_SECONDS
    with lock_file.open("a") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    raise MigrationRefused(
                        f"Another migrate has been running for {WAIT_SECONDS} seconds."
                    ) from None
                time.sleep(0.02)
        yield


def _alone_on_postgresql() -> None:
    """Wait for other migrates; the lock ends with the transaction, and so do these settings."""
    if dialect() == "postgresql":
        database.execute_sql("SET LOCAL statement_timeout = 0")
        database.execute_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        execute(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})", "Another migrate runs, so this one")
        database.execute_sql("SET LOCAL lock_timeout = '5s'")


@contextmanager
def _without_cascades() -> Iterator[None]:
    """Let a rebuilt table keep its children: SQLite's DROP TABLE deletes its rows first.

    The switch does nothing inside a transaction, so it stands around it; `_refuse_orphans` checks
    before the commit what it left out.
    """
    if dialect() != "sqlite":
        yield
        return
    database.execute_sql("PRAGMA foreign_keys = 0")
    try:
        yield
    finally:
        database.execute_sql("PRAGMA foreign_keys = 1")


def _refuse_orphans() -> None:
    if dialect() == "sqlite":
        orphans = database.execute_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            tables = ", ".join(sorted({str(row[0]) for row in orphans}))
            raise MigrationRefused(f"Rows would lose what they refer to, in: {tables}.")
