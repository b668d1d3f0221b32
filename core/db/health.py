"""How the database does, as its own errors and commits tell."""

from __future__ import annotations

import time

# PostgreSQL's code for a full disk; SQLite says it in words.
FULL_STATE, FULL_WORDS = "53100", "disk is full"
# Where nobody is let in nobody writes, and no commit would ever tell that there is room again.
BELIEVED_SECONDS = 15


class _Last:
    full_at = float("-inf")


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
    _Last.full_at = float("-inf")


def lacks_room() -> bool:
    """Whether a write failed for want of room a moment ago, and none has succeeded since."""
    return time.monotonic() - _Last.full_at < BELIEVED_SECONDS
