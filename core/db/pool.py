"""The pool of connections, for one SQLite file or one PostgreSQL."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import gevent
import peewee
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from core.spec.errors import VestibuleError

if TYPE_CHECKING:
    from core.settings import Settings

WRITE_WAIT_SECONDS = 10
# busy_timeout stays 0 and comes last: SQLite's own waiting would stop every greenlet.
SQLITE_PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", 1),
    ("temp_store", "memory"),
    ("cache_size", -16000),
    ("trusted_schema", 0),
    ("busy_timeout", 0),
)
POSTGRESQL_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=15000 -c lock_timeout=5000"
    " -c idle_in_transaction_session_timeout=30000"
)

database = peewee.DatabaseProxy()


class Busy(VestibuleError):
    """The database did not let us write in time; nothing was changed."""


class Vault(Protocol):
    """What sealed fields need; `core.vault` has it and `bind` takes it."""

    def seal(self, text: str, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> bytes: ...
    def open(self, sealed: bytes, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> str: ...
    def blind(self, value: str, purpose: str, provider_id: UUID | None) -> bytes: ...


class _Bound:
    vault: Vault | None = None


class _SqliteFile(PooledSqliteDatabase):
    """SQLite that sleeps between tries, so that other greenlets go on."""

    def begin(self, lock_type: str | None = None) -> None:
        give_up_at = time.monotonic() + WRITE_WAIT_SECONDS
        while True:
            try:
                super().begin(lock_type)
            except peewee.OperationalError as error:
                if "locked" not in str(error):
                    raise
                if time.monotonic() > give_up_at:
                    raise Busy from error
                gevent.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 -- a pause, no secret
            else:
                return


def bind(settings: Settings, vault: Vault) -> None:
    """Point every model at the configured database; opens no connection yet."""
    close()
    database.initialize(_postgresql(settings) if settings.database_url else _sqlite(settings))
    _Bound.vault = vault


def _postgresql(settings: Settings) -> peewee.Database:
    # Imported here: whoever serves must have patched sockets before psycopg is loaded.
    import psycopg  # noqa: PLC0415 -- see above

    return PooledPostgresqlDatabase(
        settings.database_url,
        prefer_psycopg3=True,
        max_connections=20,
        timeout=10,
        stale_timeout=300,
        connect_timeout=3,
        options=POSTGRESQL_OPTIONS,
        # Server-side parameters break a repeated GROUP BY fn(%s) and %s IS NULL.
        cursor_factory=psycopg.ClientCursor,
    )


def _sqlite(settings: Settings) -> peewee.Database:
    real = _SqliteFile(None, lock_type="IMMEDIATE")
    real.init(str(settings.data / "vestibule.sqlite3"), pragmas=SQLITE_PRAGMAS, max_connections=40)
    # SQLite's own init takes `timeout` for itself, so that the pool's has to be set here.
    real._wait_timeout = 10  # noqa: SLF001
    return real


def vault() -> Vault:
    """The vault handed in by `bind`."""
    if _Bound.vault is None:
        msg = "The database is not bound: call core.db.bind first."
        raise RuntimeError(msg)
    return _Bound.vault


def dialect() -> str:
    """`sqlite` or `postgresql`."""
    return "sqlite" if isinstance(database.obj, peewee.SqliteDatabase) else "postgresql"


@contextmanager
def connection() -> Iterator[None]:
    """One connection from the pool for the block, handed back at its end."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


def discard() -> None:
    """Throw this greenlet's connection away: after a timeout its state is unknown."""
    if not database.is_closed():
        database.manual_close()


def close() -> None:
    """Close every idle connection; used when a process ends or binds anew."""
    if database.obj is not None:
        if not database.is_closed():
            database.close()
        database.obj.close_all()
