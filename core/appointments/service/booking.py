"""Booking: gates, the clinician's row locked, and an insert that alone decides who gets the time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import peewee

from core import audit, clock, db, hooks, subscriptions
from core.appointments.hours import may_start
from core.appointments.models import Appointment, AppointmentType, Occupancy, Resource, TypeMember
from core.appointments.service import notices
from core.appointments.service.plans import length_of, plans, taken_times
from core.appointments.service.resources import lock_resources, overlap_means_taken
from core.appointments.service.searching import DAYS_AHEAD, TIME_TO_CHOOSE, earliest_start
from core.appointments.service.types import active_types, one_type
from core.spec.errors import NotFound, Obstructed, Refused, SlotTaken
from core.spec.types import AppointmentRecord, Obstacle, Slot
from core.tenancy import Client, Member, Scope
from core.tenancy.charts import hold_chart

ONCE_CONSTRAINTS = ("appointments_booked_once", "appointments_appointment.request_key")


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants which type with whom and when; `key` is the same for each try of one wish.

    `overrides` is a member's word that hours, notice and gates don't hold this time; of the gates only
    those that they were `told` of (`plugin:code`), or all with None. A client's word overrides nothing.
    """

    client_id: UUID
    type_id: UUID
    member_id: UUID
    from_at: datetime
    key: bytes
    overrides: bool = False
    told: frozenset[str] | None = None


def request_key(page_key: str, type_id: UUID, member_id: UUID, from_at: datetime) -> bytes:
    """The key of one wish: the page's own key, and the time, so that another time is another wish."""
    text = f"{page_key}|{type_id}|{member_id}|{from_at.isoformat()}"
    return hashlib.sha256(text.encode()).digest()[:16]


@db.retrying
def book_appointment(scope: Scope, wish: Wish) -> AppointmentRecord:
    """Book a time for a client of the scope's one provider; the same wish twice books once.

    Raises SlotTaken when somebody holds the time, Obstructed when a gate is closed, Refused
    `not_offered` for a time that the hours or the notice don't give, NotFound for what the scope
    doesn't reach. Nothing is booked then.
    """
    kind = _wished_type(scope, wish)
    slot = Slot(kind.id, wish.member_id, wish.from_at, length_of(kind).end(wish.from_at))
    if before := _booked_with(scope, wish):
        return record_of(before)
    overridden = _ask_gates(scope, wish, slot)
    _check_offered(scope, wish, kind)
    if _is_held(scope, wish, kind):
        # Whoever held it may be ourselves, by the same wish sent a moment ago.
        if before := _booked_with(scope, wish):
            return record_of(before)
        raise SlotTaken
    try:
        with overlap_means_taken(), db.transaction():
            return _book(scope, wish, kind, slot, overridden)
    except peewee.IntegrityError as error:
        if not any(name in str(error) for name in ONCE_CONSTRAINTS):
            raise
    # The same wish, sent twice at once: the other one booked it.
    booked = _booked_with(scope, wish)
    if booked is None:
        raise NotFound
    return record_of(booked)


def _book(
    scope: Scope, wish: Wish, kind: AppointmentType, slot: Slot, overridden: Sequence[Obstacle]
) -> AppointmentRecord:
    _check_open(scope)
    hold_chart(scope, wish.client_id)
    if not overridden:
        # What a member overrides isn't asked again: a gate that hangs would end each try.
        _ask_gates(scope, wish, slot)
    lock_resources(scope, [wish.member_id])
    if before := _booked_with(scope, wish):
        return record_of(before)
    now = clock.now()
    appointment = scope.add(
        Appointment,
        client_id=wish.client_id,
        member_id=wish.member_id,
        type_id=kind.id,
        title=kind.title,
        place=kind.place,
        from_at=slot.from_at,
        to_at=slot.to_at,
        cancel_until_at=slot.from_at - timedelta(hours=kind.cancel_notice_hours),
        late_note=kind.late_note,
        state="scheduled",
        request_key=wish.key,
        booked_at=now,
        booked_by=scope.account_id,
        changed_at=now,
    )
    from_at, to_at = length_of(kind).held(slot.from_at)
    resource = scope.one(Resource, wish.member_id)
    scope.add(
        Occupancy,
        resource_id=resource.id,
        appointment_id=appointment.id,
        from_at=from_at,
        to_at=to_at,
    )
    record = record_of(appointment, scope.account_id)
    audit.note(scope, "appointments.booked", record=appointment)
    for obstacle in overridden:
        audit.note(
            scope,
            "appointments.gate_overridden",
            record=appointment,
            plugin=obstacle.plugin,
            code=obstacle.code,
        )
    notices.tell_both(scope, "booked", appointment)
    hooks.tell(scope, "appointment_booked", key=event_key(record), appointment=record)
    return record


def record_of(appointment: Appointment, changed_by: UUID | None = None) -> AppointmentRecord:
    """The appointment as events carry it."""
    return AppointmentRecord(
        id=appointment.id,
        provider_id=appointment.provider_id,
        client_id=appointment.client_id,
        member_id=appointment.member_id,
        type_id=appointment.type_id,
        starts_at=appointment.from_at,
        ends_at=appointment.to_at,
        sequence=appointment.sequence,
        changed_by=changed_by,
    )


def event_key(record: AppointmentRecord) -> str:
    """One effect for each change of one appointment."""
    return f"{record.id}:{record.sequence}"


def _wished_type(scope: Scope, wish: Wish) -> AppointmentType:
    """The type, if this clinician offers it; members may book what clients can't see."""
    kind = active_types(scope, wish.type_id)[0] if scope.kind == "client" else one_type(scope, wish.type_id)
    offers = (
        scope.rows(TypeMember, TypeMember.id)
        .join(Member, on=(TypeMember.member_id == Member.id))
        .where(
            TypeMember.type_id == kind.id,
            TypeMember.member_id == wish.member_id,
            Member.removed_at.is_null(),
        )
    )
    if not offers.exists():
        raise NotFound
    return kind


def _booked_with(scope: Scope, wish: Wish) -> Appointment | None:
    found: Appointment | None = (
        scope.rows(Appointment)
        .where(Appointment.request_key == wish.key, Appointment.client_id == wish.client_id)
        .first()
    )
    return found


def _is_held(scope: Scope, wish: Wish, kind: AppointmentType) -> bool:
    """Whether the time is gone already; spares latecomers the wait for the clinician's row.

    SQLite has no such wait, so there nothing is asked.
    """
    if db.dialect() == "sqlite":
        return False
    from_at, to_at = length_of(kind).held(wish.from_at)
    return bool(taken_times(scope, {wish.member_id}, from_at, to_at))


def _check_open(scope: Scope) -> None:
    """Ask again inside the transaction: a subscription may have ended since the page was drawn."""
    if scope.kind == "client" and not subscriptions.on(scope.provider_id, {"CP"}):
        raise NotFound


def obstacle_key(obstacle: Obstacle) -> str:
    """How a form says which obstacles somebody was told of."""
    return f"{obstacle.plugin}:{obstacle.code}"


def _ask_gates(scope: Scope, wish: Wish, slot: Slot) -> Sequence[Obstacle]:
    """Raise Obstructed when a gate is closed. Returns what a member overrides."""
    client = scope.one(Client, wish.client_id).record()
    if scope.kind == "client" and not client.is_joined:
        raise NotFound
    obstacles = hooks.obstacles("booking_obstacles", scope, client=client, slot=slot)
    may_override = wish.overrides and scope.kind != "client"
    unseen = [one for one in obstacles if wish.told is not None and obstacle_key(one) not in wish.told]
    if obstacles and (unseen or not may_override):
        raise Obstructed(obstacles)
    return obstacles


def _check_offered(scope: Scope, wish: Wish, kind: AppointmentType) -> None:
    """A time from a crafted form or an old page is held to the same hours as the search."""
    now = clock.now()
    if wish.from_at <= now:
        raise Refused("in_the_past")
    if wish.overrides:
        return
    soonest, latest = earliest_start(kind, now) - TIME_TO_CHOOSE, now + timedelta(days=DAYS_AHEAD)
    if scope.kind == "client" and not soonest <= wish.from_at < latest:
        raise Refused("not_offered")
    if not is_within_hours(scope, kind, wish.member_id, wish.from_at):
        raise Refused("not_offered")


def is_within_hours(scope: Scope, kind: AppointmentType, member_id: UUID, from_at: datetime) -> bool:
    """Whether the clinician's hours offer this start, were nothing else booked."""
    return any(
        may_start(from_at, plan.openings, plan.changes, plan.zone, plan.length)
        for plan in plans(scope, [kind], from_at, member_id)
    )
