"""The pool of connections, for one SQLite file or one PostgreSQL."""

from __future__ import annotations

import functools
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

import gevent
import peewee
from gevent.lock import Semaphore
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase, PooledSqliteDatabase

from core.db import health, patience
from core.spec.errors import VestibuleError

if TYPE_CHECKING:
    from core.settings import Settings

WRITE_WAIT_SECONDS = 10
# A rush is answered late rather than with an error.
POOL_WAIT_SECONDS = 60
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
    "-c timezone=UTC -c statement_timeout=15000 -c lock_timeout=10000"
    " -c idle_in_transaction_session_timeout=30000"
)

database = peewee.DatabaseProxy()
_R = TypeVar("_R")


class Busy(VestibuleError):
    """The database did not let us write, in time or at all; nothing was changed."""


class Vault(Protocol):
    """What sealed fields need; `core.vault` has it and `bind` takes it."""

    def seal(self, text: str, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> bytes: ...
    def open(self, sealed: bytes, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> str: ...
    def blind(self, value: str, purpose: str, provider_id: UUID | None) -> bytes: ...


class _Bound:
    vault: Vault | None = None


class _InTurn:
    """A pool that hands out connections in the order of asking; without it newcomers overtake."""

    def init(self, *args: Any, **options: Any) -> None:
        super().init(*args, **options)  # type: ignore[misc] # a mixin's super is the pool
        self._turns = Semaphore(self._max_connections)  # type: ignore[attr-defined] # the pool's
        self._holding: set[Any] = set()

    def connect(self, reuse_if_open: bool = False) -> bool:  # noqa: FBT001, FBT002 -- peewee's
        pool: Any = super()
        if reuse_if_open and not self.is_closed():  # type: ignore[attr-defined] # the pool's
            return False
        if not self._turns.acquire(timeout=POOL_WAIT_SECONDS):
            raise MaxConnectionsExceeded
        try:
            opened: bool = pool.connect(reuse_if_open)
        except BaseException:
            self._turns.release()
            raise
        self._holding.add(id(self.connection()))  # type: ignore[attr-defined] # the pool's
        return opened

    def _close(self, conn: Any, close_conn: bool = False) -> None:  # noqa: FBT001, FBT002 -- peewee's
        super()._close(conn, close_conn)  # type: ignore[misc] # a mixin's super is the pool
        if id(conn) in self._holding:
            self._holding.discard(id(conn))
            self._turns.release()


class _PostgresqlServer(_InTurn, PooledPostgresqlDatabase):
    """PostgreSQL, its connections in turn."""


class _SqliteFile(_InTurn, PooledSqliteDatabase):
    """SQLite that sleeps between tries, so that other greenlets go on."""

    def begin(self, lock_type: str | None = None) -> None:
        _until_unlocked(functools.partial(super().begin, lock_type))

    def _connect(self) -> Any:
        # Where several processes open a new file at once, the switch to WAL itself finds it locked.
        return _until_unlocked(super()._connect)


def _until_unlocked(attempt: Callable[[], _R]) -> _R:
    give_up_at = time.monotonic() + WRITE_WAIT_SECONDS
    while True:
        try:
            return attempt()
        except (peewee.OperationalError, sqlite3.OperationalError) as error:
            if "locked" not in str(error):
                raise
            if time.monotonic() > give_up_at:
                raise Busy from error
            gevent.sleep(random.uniform(0.0005, 0.004))  # noqa: S311 -- a pause, no secret


def bind(settings: Settings, vault: Vault) -> None:
    """Point every model at the configured database; opens no connection yet."""
    close()
    health.note_commit()
    database.initialize(_postgresql(settings) if settings.database_url else _sqlite(settings))
    _Bound.vault = vault


def _postgresql(settings: Settings) -> peewee.Database:
    return _PostgresqlServer(
        settings.database_url,
        prefer_psycopg3=True,
        max_connections=20,
        timeout=POOL_WAIT_SECONDS,
        stale_timeout=300,
        connect_timeout=3,
        options=POSTGRESQL_OPTIONS,
        cursor_factory=patience.cursor_class(),
    )


def _sqlite(settings: Settings) -> peewee.Database:
    real = _SqliteFile(None, lock_type="IMMEDIATE")
    real.init(str(settings.data / "vestibule.sqlite3"), pragmas=SQLITE_PRAGMAS, max_connections=40)
    # SQLite's own init takes `timeout` for itself, so that the pool's has to be set here.
    real._wait_timeout = POOL_WAIT_SECONDS  # noqa: SLF001
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
