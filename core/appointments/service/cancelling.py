"""Cancelling: clients within the notice that was agreed when they booked, members until it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from core import audit, clock, db, hooks
from core.appointments.models import Appointment, Occupancy
from core.appointments.service import notices
from core.appointments.service.booking import event_key, record_of
from core.spec.errors import Refused
from core.spec.types import AppointmentRecord
from core.tenancy import Scope


class Cancellable(Protocol):
    """An appointment's row, or an entry of a list."""

    @property
    def state(self) -> str: ...
    @property
    def from_at(self) -> datetime: ...
    @property
    def to_at(self) -> datetime: ...
    @property
    def cancel_until_at(self) -> datetime: ...


def may_cancel(scope: Scope, appointment: Cancellable) -> bool:
    """Whether this asker may cancel it now."""
    if appointment.state != "scheduled":
        return False
    now = clock.now()
    if scope.kind == "client":
        return now <= appointment.cancel_until_at and now < appointment.from_at
    return now < appointment.to_at


@db.retrying
def cancel_appointment(scope: Scope, appointment_id: UUID) -> AppointmentRecord:
    """Cancel and set the time free; cancelling twice cancels once.

    Raises Refused `too_late_to_cancel` when the notice has passed, NotFound.
    """
    with db.transaction():
        appointment = scope.one(Appointment, appointment_id)
        if appointment.state == "cancelled":
            return record_of(appointment)
        if not may_cancel(scope, appointment):
            raise Refused("too_late_to_cancel")
        return _cancel(scope, appointment)


def _cancel(scope: Scope, appointment: Appointment) -> AppointmentRecord:
    now = clock.now()
    changed = (
        scope.update(
            Appointment,
            state="cancelled",
            sequence=Appointment.sequence + 1,
            changed_at=now,
            cancelled_at=now,
            cancelled_by_kind=scope.kind,
        )
        .where(Appointment.id == appointment.id, Appointment.state == "scheduled")
        .execute()
    )
    appointment = scope.one(Appointment, appointment.id)
    record = record_of(appointment, scope.account_id)
    if changed:
        scope.delete(Occupancy).where(Occupancy.appointment_id == appointment.id).execute()
        audit.note(scope, "appointments.cancelled", record=appointment)
        notices.tell_both(scope, "cancelled", appointment)
        hooks.tell(scope, "appointment_cancelled", key=event_key(record), appointment=record)
    return record
