"""Moving an appointment to another time or clinician, decided by the same constraint as booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import audit, clock, db, hooks
from core.appointments.hours import Length
from core.appointments.models import Appointment, AppointmentType, Occupancy
from core.appointments.service import notices
from core.appointments.service.booking import event_key, is_within_hours, record_of
from core.appointments.service.resources import lock_resources, overlap_means_taken
from core.spec.errors import NotFound, Refused
from core.spec.types import AppointmentRecord
from core.tenancy import Member, Scope


@dataclass(frozen=True, slots=True)
class Move:
    """Where to: the same length, another time, and a clinician who may be another."""

    appointment_id: UUID
    member_id: UUID
    from_at: datetime
    overrides: bool = False


@db.retrying
def move_appointment(scope: Scope, move: Move) -> AppointmentRecord:
    """Give an appointment another time. A move to where it is already changes nothing.

    Raises SlotTaken when somebody holds the time, Refused `not_offered` outside the hours unless
    overridden, `in_the_past`, `not_scheduled` for a cancelled or past one, NotFound.
    """
    member = scope.one(Member, move.member_id)
    if member.removed_at is not None:
        raise NotFound
    with overlap_means_taken(), db.transaction():
        first = scope.one(Appointment, move.appointment_id)
        lock_resources(scope, [first.member_id, move.member_id])
        appointment = scope.one(Appointment, move.appointment_id)
        if (appointment.member_id, appointment.from_at) == (move.member_id, move.from_at):
            return record_of(appointment, scope.account_id)
        _check(scope, appointment, move)
        return _move(scope, appointment, move)


def _check(scope: Scope, appointment: Appointment, move: Move) -> None:
    now = clock.now()
    if appointment.state != "scheduled" or appointment.to_at <= now:
        raise Refused("not_scheduled")
    if move.from_at <= now:
        raise Refused("in_the_past")
    kind = scope.one(AppointmentType, appointment.type_id)
    if not move.overrides and not is_within_hours(scope, kind, move.member_id, move.from_at):
        raise Refused("not_offered")


def _move(scope: Scope, appointment: Appointment, move: Move) -> AppointmentRecord:
    held = scope.rows(Occupancy).where(Occupancy.appointment_id == appointment.id).get()
    shift = move.from_at - appointment.from_at
    notice: timedelta = appointment.from_at - appointment.cancel_until_at
    minutes = (appointment.to_at - appointment.from_at) // timedelta(minutes=1)
    scope.change(held, resource_id=move.member_id, from_at=held.from_at + shift, to_at=held.to_at + shift)
    scope.change(
        appointment,
        member_id=move.member_id,
        from_at=move.from_at,
        to_at=Length(minutes).end(move.from_at),
        cancel_until_at=move.from_at - notice,
        sequence=appointment.sequence + 1,
        changed_at=clock.now(),
    )
    record = record_of(appointment, scope.account_id)
    audit.note(scope, "appointments.moved", record=appointment)
    notices.tell_both(scope, "moved", appointment)
    hooks.tell(scope, "appointment_moved", key=event_key(record), appointment=record)
    return record
