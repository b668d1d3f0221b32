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
    """Keep in mind when the database said that it has no room left."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state == FULL_STATE or FULL_WORDS in str(error):
        _Last.full_at = time.monotonic()


def note_commit() -> None:
    _Last.full_at = float("-inf")


def lacks_room() -> bool:
    """Whether a write failed for want of room a moment ago, and none has succeeded since."""
    return time.monotonic() - _Last.full_at < BELIEVED_SECONDS
