"""How the database does, as its own errors and commits tell."""

from __future__ import annotations

import time

# PostgreSQL's code for a full disk; SQLite says it in words.
FULL_STATE, FULL_WORDS = "53100", "disk is full"
# PostgreSQL's for a standby, or one that was told to only read; SQLite's is an OperationalError.
READ_ONLY_STATE = "25006"
# PostgreSQL's for a second row where there may be one; SQLite says that in words too, as of guards.
DOUBLE_STATE, DOUBLE_WORDS = "23505", "UNIQUE constraint failed"
# Where nobody is let in nobody writes, and no commit would ever tell that there is room again.
BELIEVED_SECONDS = 15


class _Last:
    full_at = float("-inf")
    unwritten_at = float("-inf")


def note_error(error: BaseException) -> None:
    """Keep in mind when the database said that it has no room left.

    SQLite has rolled back by itself then, and what reaches us is that there is nothing to roll back.
    """
    found: BaseException | None = error
    while found is not None:
        if getattr(found, "sqlstate", None) == FULL_STATE or FULL_WORDS in str(found):
            _Last.full_at = time.monotonic()
        found = found.__cause__ or found.__context__


def note_commit() -> None:
    """A write succeeded; what was noted before is over."""
    _Last.full_at = _Last.unwritten_at = float("-inf")


def note_unwritten() -> None:
    """Keep in mind that the database did not take a write, whatever the cause."""
    _Last.unwritten_at = time.monotonic()


def takes_writes() -> bool:
    """Whether no write failed a moment ago, or one has succeeded since."""
    return time.monotonic() - _Last.unwritten_at >= BELIEVED_SECONDS


def is_read_only(error: BaseException) -> bool:
    """Whether the error says that this database can only be read."""
    return state_of(error) == READ_ONLY_STATE


def lacks_room() -> bool:
    """Whether a write failed for want of room a moment ago, and none has succeeded since."""
    return time.monotonic() - _Last.full_at < BELIEVED_SECONDS


def is_double(error: BaseException) -> bool:
    """Whether the error says that a row of this key is there already, and not that the row is wrong."""
    return state_of(error) == DOUBLE_STATE or DOUBLE_WORDS in str(error)


def state_of(error: BaseException) -> str:
    """PostgreSQL's code for what went wrong (its manual, appendix A); empty for SQLite.

    peewee's errors have the driver's as `orig`, and no cause.
    """
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
