"""The rules of the check-in: one a day, the last word of the day counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from vestibule.data import ClientRecord, Refused, Scope, client_records, get_setting, now, today, transaction

from .models import Checkin

SCORES = (1, 2, 3, 4, 5)
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One check-in: the client's own day, the score from 1 (very low) to 5 (very good), when in UTC."""

    day: date
    score: int
    told_at: datetime


def check_in(scope: Scope, client: ClientRecord, score: int) -> None:
    """Keep today's score; a later one the same day takes its place. Raises Refused `no_score`."""
    if score not in SCORES:
        raise Refused("no_score")
    inner = scope.narrow(client.provider_id)
    day = _today(inner, client)
    with transaction():
        values: dict[str, Any] = {"told": {"score": score}, "told_at": now()}
        row = inner.rows(Checkin).where((Checkin.client_id == client.id) & (Checkin.told_on == day)).first()
        if row is None:
            inner.add(Checkin, client_id=client.id, told_on=day, **values)
        else:
            inner.change(row, **values)


def course(scope: Scope, client_id: UUID, limit: int | None = SHOWN) -> list[Told]:
    """The last check-ins, or with None all of them, oldest first."""
    rows = scope.rows(Checkin).where(Checkin.client_id == client_id).order_by(Checkin.told_on.desc())
    return [Told(row.told_on, row.told["score"], row.told_at) for row in rows.limit(limit)][::-1]


def told_today(scope: Scope, client: ClientRecord) -> Told | None:
    """Today's check-in, if there is one."""
    day = _today(scope, client)
    return next((told for told in course(scope, client.id) if told.day == day), None)


def due(scope: Scope) -> list[ClientRecord]:
    """The charts of a client for which a check-in is due: none today, or none this week."""
    last: dict[UUID, date] = {}
    for row in scope.rows(Checkin, Checkin.client_id, Checkin.told_on).order_by(Checkin.told_on):
        last[row.client_id] = row.told_on
    return [client for client in client_records(scope) if _is_due(scope, client, last.get(client.id))]


def erase(scope: Scope, client: ClientRecord) -> int:
    """Delete a client's check-ins. Returns how many there were."""
    with transaction():
        count: int = scope.delete(Checkin).where(Checkin.client_id == client.id).execute()
    return count


def _is_due(scope: Scope, client: ClientRecord, last_on: date | None) -> bool:
    inner = scope.narrow(client.provider_id)
    days = 1 if get_setting(inner, "mood.how_often") == "daily" else 7
    return last_on is None or (_today(inner, client) - last_on).days >= days


def _today(scope: Scope, client: ClientRecord) -> date:
    """The day on the client's wall; until they set a zone of their own, on the provider's."""
    record = scope.records.get(client.provider_id)
    return today(client.zone or (record.zone if record else "UTC"))
