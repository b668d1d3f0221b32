"""Who is asked for intake, and whether it stands before booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from plugins.intake.models import Intake
from plugins.intake.service.requests import at_hand, blocks_by_forms
from vestibule.data import ClientRecord, Scope, client_records, get_setting

REQUIRED = "intake.require_before_scheduling"
State = Literal["not_asked", "not_started", "begun", "submitted"]
OUTSTANDING: tuple[State, ...] = ("not_started", "begun")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a client's intake is, and whether it blocks booking until it is submitted."""

    client: ClientRecord
    state: State
    blocks: bool

    @property
    def is_outstanding(self) -> bool:
        return self.state in OUTSTANDING


def standing(scope: Scope, client: ClientRecord) -> Standing:
    """How far this client's intake is."""
    row = scope.rows(Intake).where(Intake.client_id == client.id).first()
    return _standing(scope, client, None if row is None else row.status)


def state_of(client: ClientRecord, status: str | None) -> State:
    """How far an intake with this status is; None for one that is not begun."""
    if status == "submitted":
        return "submitted"
    return "begun" if status else ("not_started" if _is_asked(client) else "not_asked")


def outstanding(scope: Scope) -> list[Standing]:
    """The outstanding intakes of the scope's clients; a client's own are one or two."""
    found: list[Standing] = scope.once("intake.outstanding", lambda: _outstanding(scope))
    return found


def _outstanding(scope: Scope) -> list[Standing]:
    status = _statuses(scope)
    found = [_standing(scope, client, status.get(client.id)) for client in client_records(scope)]
    return [each for each in found if each.is_outstanding]


def is_waiting(scope: Scope) -> bool:
    """Whether any of the scope's clients has an intake outstanding."""
    status = _statuses(scope)
    states = [state_of(client, status.get(client.id)) for client in client_records(scope)]
    return any(state in OUTSTANDING for state in states)


def _statuses(scope: Scope) -> dict[UUID, str]:
    """The status of each intake that was begun; the menu and the cards of one page both ask."""

    def ask() -> dict[UUID, str]:
        if scope.kind == "client":
            return {row.client_id: row.status for row in at_hand(scope) if row.series_id is None}
        return {row.client_id: row.status for row in scope.rows(Intake, Intake.client_id, Intake.status)}

    found: dict[UUID, str] = scope.once("intake.statuses", ask)
    return found


def outstanding_ids(scope: Scope, client_ids: frozenset[UUID]) -> frozenset[UUID]:
    """Which of these clients are asked and have not submitted."""
    asked = [client.id for client in client_records(scope, client_ids) if _is_asked(client)]
    rows = scope.rows(Intake, Intake.client_id).where(
        Intake.client_id.in_(asked) & (Intake.status == "submitted")
    )
    return frozenset(asked) - {row.client_id for row in rows}


def submitted_since(scope: Scope, since: datetime) -> list[tuple[ClientRecord, datetime]]:
    """Whose intake came in since then, the latest first, at most 20."""
    rows = scope.rows(Intake, Intake.client_id, Intake.submitted_at).where(Intake.submitted_at >= since)
    at = {row.client_id: row.submitted_at for row in rows.order_by(Intake.submitted_at.desc()).limit(20)}
    return [(client, at[client.id]) for client in client_records(scope, frozenset(at))] if at else []


def blocks_booking(scope: Scope, client: ClientRecord) -> bool:
    """Whether this client has to submit the intake, or a form of its packet, before they may book."""
    if standing(scope, client).blocks:
        return True
    return _is_required(scope, client) and blocks_by_forms(scope, client)


def _is_required(scope: Scope, client: ClientRecord) -> bool:
    if client.origin == "self":
        return bool(get_setting(scope.narrow(client.provider_id), REQUIRED))
    return client.needs_intake_first


def _standing(scope: Scope, client: ClientRecord, status: str | None) -> Standing:
    state = state_of(client, status)
    if state == "submitted":
        return Standing(client, state, blocks=False)
    return Standing(client, state, blocks=_is_asked(client) and _is_required(scope, client))


def _is_asked(client: ClientRecord) -> bool:
    """Those who signed up themselves, and the invited whose invitation said so."""
    return client.is_joined and (client.origin == "self" or client.needs_intake_first)
