"""Appointments as pages show them: a client's, a day's, a week's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock
from core.appointments.models import Appointment, AppointmentType
from core.spec.errors import NotFound
from core.tenancy import Client, Member, Scope

PAGE_SIZE = 30
NAMES = (Client.given_name, Client.family_name, Client.preferred_name)
# What is sealed opens only for its row and its provider.
HOW_TO_JOIN = (AppointmentType.id, AppointmentType.provider_id, AppointmentType.how_to_join)


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment with the names around it; moments in UTC."""

    id: UUID
    provider_id: UUID
    client_id: UUID
    client_name: str
    member_id: UUID
    clinician: str
    type_id: UUID
    title: str
    place: str
    how_to_join: str
    from_at: datetime
    to_at: datetime
    cancel_until_at: datetime
    late_note: str
    state: str
    sequence: int
    changed_at: datetime
    cancelled_by_kind: str

    @property
    def is_cancelled(self) -> bool:
        return self.state == "cancelled"


def scheduled_appointments(scope: Scope, client_id: UUID | None = None) -> list[Entry]:
    """What is still to come or going on, soonest first; of one client, or of the client asking."""
    query = _entries(scope, client_id).where(
        Appointment.state == "scheduled", Appointment.to_at > clock.now()
    )
    return [_entry(row) for row in query.order_by(Appointment.from_at, Appointment.id)]


def past_appointments(scope: Scope, client_id: UUID | None = None, page_number: int = 1) -> list[Entry]:
    """What is over or was cancelled, newest first, one more than a page if there is more."""
    query = _entries(scope, client_id).where(
        (Appointment.to_at <= clock.now()) | (Appointment.state == "cancelled")
    )
    newest = query.order_by(Appointment.from_at.desc(), Appointment.id.desc())
    shown = newest.limit(PAGE_SIZE + 1).offset((page_number - 1) * PAGE_SIZE)
    return [_entry(row) for row in shown]


def appointments_between(
    scope: Scope, from_at: datetime, until_at: datetime, member_id: UUID | None = None
) -> list[Entry]:
    """The provider's scheduled appointments that begin in [from_at, until_at), in order."""
    query = _entries(scope, None).where(
        Appointment.state == "scheduled",
        Appointment.from_at >= from_at,
        Appointment.from_at < until_at,
    )
    if member_id is not None:
        query = query.where(Appointment.member_id == member_id)
    return [_entry(row) for row in query.order_by(Appointment.from_at, Appointment.id)]


def next_appointments(scope: Scope, limit: int = 1) -> list[Entry]:
    """The client's next ones, over all providers of the scope."""
    query = _entries(scope, None).where(Appointment.state == "scheduled", Appointment.to_at > clock.now())
    return [_entry(row) for row in query.order_by(Appointment.from_at).limit(limit)]


def next_of_client(scope: Scope, client_id: UUID) -> Entry | None:
    """The next appointment of one client, for the head of the record."""
    query = _entries(scope, client_id).where(
        Appointment.state == "scheduled", Appointment.to_at > clock.now()
    )
    row = query.order_by(Appointment.from_at).first()
    return _entry(row) if row else None


def ahead_of_client(scope: Scope, client_id: UUID) -> int:
    """How many appointments of one client are not over yet."""
    theirs = (Appointment.client_id == client_id) & (Appointment.state == "scheduled")
    return int(
        scope.rows(Appointment, Appointment.id).where(theirs & (Appointment.to_at > clock.now())).count()
    )


def changed_by_clients(scope: Scope, since: datetime) -> list[Entry]:
    """What clients booked or cancelled themselves since then, the latest first, at most a page."""
    # What a practice moves is changed too, though nobody booked it anew.
    booked = (Appointment.booked_at >= since) & (Appointment.booked_by == Client.account_id)
    booked &= Appointment.state == "scheduled"
    cancelled = (Appointment.state == "cancelled") & (Appointment.cancelled_by_kind == "client")
    query = _entries(scope, None).where(Appointment.changed_at >= since, booked | cancelled)
    return [_entry(row) for row in query.order_by(Appointment.changed_at.desc()).limit(PAGE_SIZE)]


def one_appointment(scope: Scope, appointment_id: UUID) -> Entry:
    """One appointment of the scope. Raises NotFound."""
    row = _entries(scope, None).where(Appointment.id == appointment_id).first()
    if row is None:
        raise NotFound
    return _entry(row)


def _entries(scope: Scope, client_id: UUID | None) -> Any:
    query = (
        scope.rows(Appointment, Appointment, Member.name, *NAMES, *HOW_TO_JOIN)
        .join(Member, on=(Appointment.member_id == Member.id), attr="by")
        .join(Client, on=(Appointment.client_id == Client.id), src=Appointment, attr="who")
        .join(
            AppointmentType,
            on=(Appointment.type_id == AppointmentType.id),
            src=Appointment,
            attr="of",
        )
    )
    return query if client_id is None else query.where(Appointment.client_id == client_id)


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        provider_id=row.provider_id,
        client_id=row.client_id,
        client_name=row.who.full_name,
        member_id=row.member_id,
        clinician=row.by.name,
        type_id=row.type_id,
        title=row.title,
        place=row.place,
        how_to_join=row.of.how_to_join or "",
        from_at=row.from_at,
        to_at=row.to_at,
        cancel_until_at=row.cancel_until_at,
        late_note=row.late_note or "",
        state=row.state,
        sequence=row.sequence,
        changed_at=row.changed_at,
        cancelled_by_kind=row.cancelled_by_kind,
    )
