"""What must happen after a commit: written with the change, delivered at least once, never lost."""

from core.outbox.delivering import LEASE_SECONDS, TRIES, deliver, drain, run
from core.outbox.looking import (
    DROPPED_KEPT,
    KEPT,
    Counts,
    counts,
    drop_all,
    dropped,
    parked,
    resume,
    resume_all,
    sweep,
)
from core.outbox.rows import Dropped, Outbox, Undeliverable, put, wake

__all__ = [
    "DROPPED_KEPT",
    "KEPT",
    "LEASE_SECONDS",
    "TRIES",
    "Counts",
    "Dropped",
    "Outbox",
    "Undeliverable",
    "counts",
    "deliver",
    "drain",
    "drop_all",
    "dropped",
    "parked",
    "put",
    "resume",
    "resume_all",
    "run",
    "sweep",
    "wake",
]
