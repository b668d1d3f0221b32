"""Who is asked for intake, and whether it stands before booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from plugins.intake.models import Intake
from plugins.intake.service.requests import at_hand, blocks_by_forms
from vestibule.data import ClientRecord, Scope, client_records, get_setting

REQUIRED = "intake.require_before_scheduling"
State = Literal["not_asked", "not_started", "begun", "returned", "submitted"]
OUTSTANDING: tuple[State, ...] = ("not_started", "begun", "returned")


class Course(NamedTuple):
    """How far an intake is that was begun: its status, when it was sent back, and whether that blocks."""

    status: str
    returned_at: datetime | None = None
    blocks: bool = False


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
    return _standing(scope, client, None if row is None else _course(row))


def state_of(client: ClientRecord, status: str | None, returned_at: datetime | None = None) -> State:
    """How far an intake with this status is; None for one that is not begun."""
    if status == "submitted":
        return "submitted"
    if status:
        return "begun" if returned_at is None else "returned"
    return "not_started" if _is_asked(client) else "not_asked"


def outstanding(scope: Scope) -> list[Standing]:
    """The outstanding intakes of the scope's clients; a client's own are one or two."""
    found: list[Standing] = scope.once("intake.outstanding", lambda: _outstanding(scope))
    return found


def _outstanding(scope: Scope) -> list[Standing]:
    courses = _courses(scope)
    found = [_standing(scope, client, courses.get(client.id)) for client in client_records(scope)]
    return [each for each in found if each.is_outstanding]


def is_waiting(scope: Scope) -> bool:
    """Whether any of the scope's clients has an intake outstanding."""
    courses = _courses(scope)
    found = [(client, courses.get(client.id)) for client in client_records(scope)]
    return any(state_of(client, one.status if one else None) in OUTSTANDING for client, one in found)


def _courses(scope: Scope) -> dict[UUID, Course]:
    """How far each intake is that was begun; the menu and the cards of one page both ask."""

    def ask() -> dict[UUID, Course]:
        if scope.kind == "client":
            rows = [row for row in at_hand(scope) if row.series_id is None]
            return {row.client_id: Course(row.status, row.looked_at, row.blocks) for row in rows}
        columns = (Intake.client_id, Intake.status, Intake.returned_at, Intake.blocks)
        return {row.client_id: _course(row) for row in scope.rows(Intake, *columns)}

    found: dict[UUID, Course] = scope.once("intake.courses", ask)
    return found


def _course(row: Intake) -> Course:
    return Course(row.status, row.returned_at, row.blocks)


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


def binds_booking(scope: Scope, client: ClientRecord) -> bool:
    """Whether this client had or has to submit the intake before they may book."""
    return _is_asked(client) and _is_required(scope, client)


def _is_required(scope: Scope, client: ClientRecord) -> bool:
    if client.origin == "self":
        return bool(get_setting(scope.narrow(client.provider_id), REQUIRED))
    return client.needs_intake_first


def _standing(scope: Scope, client: ClientRecord, course: Course | None) -> Standing:
    state = state_of(client, *course[:2]) if course else state_of(client, None)
    if course is not None and (state == "submitted" or (state == "returned" and not course.blocks)):
        return Standing(client, state, blocks=False)
    return Standing(client, state, blocks=binds_booking(scope, client))


def _is_asked(client: ClientRecord) -> bool:
    """Those who signed up themselves, and the invited whose invitation said so."""
    return client.is_joined and (client.origin == "self" or client.needs_intake_first)
