"""What a chart says of a person: read as a record, filled and corrected as demographics."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any
from uuid import UUID

from core import db
from core.spec.errors import NotFound
from core.spec.scope import Scope
from core.spec.types import Address, ClientRecord, Demographics, EmergencyContact
from core.tenancy.models import Client


def client_record(scope: Scope, client_id: UUID) -> ClientRecord:
    """The chart's plain facts. Raises NotFound outside the scope."""
    record: ClientRecord = scope.one(Client, client_id).record()
    return record


def hold_chart(scope: Scope, client_id: UUID) -> Client:
    """The chart's row, which nobody erases before this transaction ends.

    Raises NotFound outside the scope and for one that was erased.
    """
    query = scope.rows(Client).where(Client.id == client_id)
    if db.dialect() == "postgresql":
        query = query.for_update("FOR KEY SHARE")
    row: Client | None = query.first()
    if row is None or row.erased_at is not None:
        raise NotFound
    return row


def demographics(scope: Scope, client_id: UUID) -> Demographics:
    """Everything the record knows of the person apart from care. Raises NotFound."""
    row = scope.one(Client, client_id)
    return Demographics(
        given_name=row.given_name,
        family_name=row.family_name,
        preferred_name=row.preferred_name,
        pronouns=row.pronouns,
        birth_on=row.birth_on,
        phone=row.phone or "",
        address=Address(**(row.address or {})),
        emergency_contact=EmergencyContact(**(row.emergency_contact or {})),
    )


def fill_demographics(scope: Scope, client_id: UUID, told: Demographics) -> None:
    """Write what was told into the chart; what was left empty keeps its old value.

    Raises NotFound outside the scope and for an erased chart.
    """
    with db.transaction():
        row = hold_chart(scope, client_id)
        scope.change(row, **_columns(told, row))


def correct_demographics(scope: Scope, client_id: UUID, told: Demographics) -> None:
    """Write exactly what was told, empty values too.

    Raises NotFound outside the scope and for an erased chart.
    """
    with db.transaction():
        row = hold_chart(scope, client_id)
        scope.change(row, **_columns(told, None))


def _columns(told: Demographics, old: Client | None) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in asdict(told).items():
        before = getattr(old, name) if old is not None else None
        if isinstance(value, dict):
            columns[name] = value if any(value.values()) else before or value
        else:
            columns[name] = value or before or value
    return columns


def client_records(scope: Scope, client_ids: frozenset[UUID] | None = None) -> list[ClientRecord]:
    """The charts of the scope by name, save erased ones, or those of these ids."""
    if client_ids is None and scope.charts.keys() >= scope.clients.keys() > frozenset():
        return [scope.charts[provider_id] for provider_id in scope.clients]
    wanted = Client.erased_at.is_null() if client_ids is None else Client.id.in_(sorted(client_ids))
    rows = scope.rows(Client).where(wanted).order_by(Client.family_name, Client.given_name)
    return [row.record() for row in rows]


def version_of(*parts: Any) -> str:
    """A short name for how some demographics stand, for a form to say on what it was changed."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def demographics_to_change(scope: Scope, client_id: UUID) -> Demographics:
    """What the chart says, nobody else's to change until the transaction ends. Raises NotFound."""
    db.locked(scope.rows(Client, Client.id).where(Client.id == client_id)).first()
    return demographics(scope, client_id)
