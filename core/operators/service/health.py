"""How the installation is: what waits, what was given up or dropped, how jobs went, the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit, db, jobs, outbox
from core.operators.service.history import provider_names
from core.outbox import Counts, Outbox
from core.tenancy import Scope

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox without its words: for which plugin and hook, which provider, when, why."""

    id: UUID
    kind: str
    target: str
    provider: str
    at: datetime
    why: str
    tries: int


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job with its last good run and the error of a bad one since."""

    name: str
    done_at: datetime | None
    error: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """What the operator's first page says."""

    counts: Counts
    parked: list[Delivery]
    dropped: list[Delivery]
    jobs: list[JobLine]
    dialect: str


def health(scope: Scope) -> Health:
    """All of it at this moment. Raises what the database raises when it is away."""
    parked, dropped = outbox.parked(SHOWN), outbox.dropped(SHOWN)
    names = provider_names(scope, (row.provider_id for row in parked + dropped))
    return Health(
        counts=outbox.counts(),
        parked=[_delivery(row, row.parked_at, names) for row in parked],
        dropped=[_delivery(row, row.dropped_at, names) for row in dropped],
        jobs=job_lines(),
        dialect=db.dialect(),
    )


def job_lines() -> list[JobLine]:
    """Every job that is planned, also one that never ran yet."""
    ran = {row.name: row for row in jobs.runs()}
    lines = []
    for owner, job in jobs.declared():
        name = f"{owner}.{job.name}"
        row = ran.get(name)
        lines.append(
            JobLine(name, None, "", None)
            if row is None
            else JobLine(name, row.done_at, row.error, row.due_at)
        )
    return sorted(lines, key=lambda line: (not line.error, line.name))


def try_again(scope: Scope, row_id: UUID) -> bool:
    """Try a parked delivery from the start. Returns whether it was still parked."""
    with db.transaction():
        is_resumed = outbox.resume(row_id)
        if is_resumed:
            audit.note(scope, "operators.delivery_resumed", delivery=row_id)
    return is_resumed


def _delivery(row: Outbox, at: datetime, names: Mapping[UUID | None, str]) -> Delivery:
    return Delivery(row.id, row.kind, row.target, names.get(row.provider_id, ""), at, row.error, row.tries)
