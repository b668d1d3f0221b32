"""What must happen after a commit: written with the change, delivered at least once, never lost."""

from core.outbox.delivering import LEASE_SECONDS, TRIES, deliver, drain, run
from core.outbox.looking import (
    DROPPED_KEPT,
    KEPT,
    Counts,
    counts,
    drop_all,
    drop_letters,
    dropped,
    parked,
    parked_events,
    resume,
    resume_all,
    retry_events,
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
    "drop_letters",
    "dropped",
    "parked",
    "parked_events",
    "put",
    "resume",
    "resume_all",
    "retry_events",
    "run",
    "sweep",
    "wake",
]
