"""Our transaction: the only way to write, and what happens after its commit."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NoReturn, ParamSpec, TypeVar

import gevent
import peewee
import structlog
from gevent.lock import RLock

from core.db import health
from core.db.pool import WRITE_WAIT_SECONDS, Busy, connection, database, dialect, discard

RETRIED_STATES = frozenset({"40P01", "40001"})
TIMES_RETRIED = 4

_log = structlog.get_logger()
_writing = RLock()
_local = threading.local()
_P = ParamSpec("_P")
_R = TypeVar("_R")


def in_transaction() -> bool:
    """Whether this greenlet has a transaction open."""
    return database.obj is not None and bool(database.obj.transaction_depth())


class _Begun:
    """A transaction of this greenlet: its parts, whom to wake after it, and why it was given up."""

    def __init__(self) -> None:
        self.parts = ExitStack()
        self.wakings: list[Callable[[], None]] = []
        self.given_up: Exception | None = None


@contextmanager
def transaction() -> Iterator[None]:
    """Write in the block, all or nothing; an inner one joins the outer.

    Raises `Busy` when another writer holds the SQLite file for more than ten seconds, and when this
    PostgreSQL only reads.
    Nothing in the block may talk to a network: that waits in the outbox.
    """
    if in_transaction():
        yield
        return
    begun = _local.begun = _Begun()
    try:
        with begun.parts as parts:
            parts.enter_context(connection())
            parts.enter_context(_turn())
            parts.enter_context(database.transaction())
            yield
    except (peewee.OperationalError, peewee.InterfaceError) as error:
        health.note_error(error)
        if begun.given_up is None:
            raise
        raise begun.given_up from None
    except peewee.InternalError as error:
        if health.is_read_only(error):
            raise Busy from error
        raise
    finally:
        if begun.given_up is not None:
            discard()
    health.note_commit()
    for wake in begun.wakings:
        wake()


def in_passing(what: str, write: Callable[[], object]) -> bool:
    """Write something small beside a reading, if the database takes it. Returns whether it was written.

    Where the disk is full, the database only reads or another writer holds it, reading goes on without
    it: the log says `what` once, and for some seconds nothing of the kind is tried, so that no page
    waits for it again. Inside a transaction it is a part of that.
    """
    if in_transaction():
        write()
        return True
    if not health.takes_writes():
        return False
    try:
        with transaction():
            write()
    except (peewee.OperationalError, peewee.InterfaceError, Busy) as error:
        health.note_unwritten()
        _log.warning("not_written_in_passing", what=what, error=type(error).__name__)
        return False
    return True


def give_up(error: Exception) -> NoReturn:
    """End the transaction by raising `error`, and drop its connection: nobody knows what state it is in.

    For code that was interrupted while the database answered; SQLite is never interrupted there.
    """
    if dialect() == "postgresql":
        _local.begun.given_up = error
        database.connection().close()
    raise error


def abandon() -> None:
    """Roll back what somebody else's code began and did not end, and let the next one write."""
    error = RuntimeError("a transaction was left open")
    _local.begun.parts.__exit__(RuntimeError, error, None)


@contextmanager
def _turn() -> Iterator[None]:
    if dialect() != "sqlite":
        yield
        return
    if not _writing.acquire(timeout=WRITE_WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _writing.release()


@contextmanager
def attempt() -> Iterator[None]:
    """A savepoint: an IntegrityError inside leaves the transaction around it usable."""
    with database.savepoint():
        yield


def unless_there(add: Callable[[], _R]) -> _R | None:
    """What `add` made, or None where somebody else has just made it: one of the two is enough.

    Stands in a transaction, which stays usable. Raises IntegrityError for a row that is wrong by itself.
    """
    try:
        with attempt():
            return add()
    except peewee.IntegrityError as error:
        if not health.is_double(error):
            raise
        return None


def after_commit(wake: Callable[[], None]) -> None:
    """Wake somebody once the transaction is committed; never for work that must happen."""
    if not in_transaction():
        wake()
    elif wake not in _local.begun.wakings:
        _local.begun.wakings.append(wake)


def retrying(service: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run a whole service again when PostgreSQL chose it as a deadlock's victim."""

    @functools.wraps(service)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for pause in range(TIMES_RETRIED):
            try:
                return service(*args, **kwargs)
            except peewee.OperationalError as error:
                if health.state_of(error) not in RETRIED_STATES or in_transaction():
                    raise
                gevent.sleep(0.02 * 2**pause)
        return service(*args, **kwargs)

    return run
