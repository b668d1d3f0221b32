"""Live: hints from one act to all open pages that it concerns, through every process; ids only."""

from core.live.hints import EVERYTHING, Hint, hint
from core.live.lines import (
    AWAY,
    FAULT,
    POLICY,
    REVOKED,
    Entry,
    Full,
    Line,
    LookAgain,
    close_all,
    hear,
    opened,
    place_for,
)
from core.live.running import bind, run, standing_changed

__all__ = [
    "AWAY",
    "EVERYTHING",
    "FAULT",
    "POLICY",
    "REVOKED",
    "Entry",
    "Full",
    "Hint",
    "Line",
    "LookAgain",
    "bind",
    "close_all",
    "hear",
    "hint",
    "opened",
    "place_for",
    "run",
    "standing_changed",
]
