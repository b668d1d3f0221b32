"""A clinician's weekly hours and the days that differ, as the settings pages change them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from core import audit, clock, db
from core.appointments.hours import MINUTES_OF_DAY, Change
from core.appointments.models import Hours, HoursException
from core.appointments.service.plans import zones_of
from core.appointments.service.resources import ensure_resource
from core.spec.errors import Invalid, NotFound, Refused
from core.tenancy import Member, Scope

CLINICAL_ROLES = ("owner", "clinician")
SETTING_ROLES = CLINICAL_ROLES


@dataclass(frozen=True, slots=True)
class HoursOfMember:
    """What the page of one clinician shows; exceptions from today on, soonest first."""

    member: Member
    hours: tuple[Hours, ...]
    exceptions: tuple[HoursException, ...]


def clinicians(scope: Scope) -> list[Member]:
    """The members of the provider whose time can be booked, by name."""
    rows = scope.rows(Member).where(Member.removed_at.is_null(), Member.role.in_(CLINICAL_ROLES))
    return list(rows.order_by(Member.name, Member.id))


def hours_of(scope: Scope, member_id: UUID) -> HoursOfMember:
    """The clinician's hours and coming exceptions. Raises NotFound."""
    member = _clinician(scope, member_id)
    hours = scope.rows(Hours).where(Hours.member_id == member.id)
    today = clock.now().astimezone(zones_of(scope)[member.provider_id]).date()
    exceptions = scope.rows(HoursException).where(
        HoursException.last_on >= today,
        HoursException.member_id.is_null() | (HoursException.member_id == member.id),
    )
    return HoursOfMember(
        member,
        tuple(hours.order_by(Hours.weekday, Hours.from_minute)),
        tuple(exceptions.order_by(HoursException.first_on, HoursException.id)),
    )


def add_hours(
    scope: Scope, member_id: UUID, weekdays: Collection[int], from_minute: int, to_minute: int
) -> None:
    """Open the same minutes on each of the weekdays. Raises Invalid, also for an overlap."""
    if not weekdays:
        raise Invalid({"weekdays": "missing"})
    if not 0 <= from_minute < to_minute <= MINUTES_OF_DAY:
        raise Invalid({"to_minute": "not_after"})
    with db.transaction():
        _may_set(scope, member_id)
        ensure_resource(scope, member_id)
        for there in hours_of(scope, member_id).hours:
            overlaps = there.from_minute < to_minute and from_minute < there.to_minute
            if there.weekday in weekdays and overlaps:
                raise Invalid({"from_minute": "overlaps"})
        for weekday in sorted(weekdays):
            scope.add(
                Hours,
                member_id=member_id,
                weekday=weekday,
                from_minute=from_minute,
                to_minute=to_minute,
            )
        audit.note(scope, "appointments.hours_changed", member_id=member_id)


def remove_hours(scope: Scope, hours_id: UUID) -> UUID:
    """Close these hours; what is booked in them stays. Returns the clinician's id."""
    with db.transaction():
        row: Hours = scope.one(Hours, hours_id)
        _may_set(scope, row.member_id)
        scope.remove(row)
        audit.note(scope, "appointments.hours_changed", member_id=row.member_id)
    return row.member_id


def add_exception(scope: Scope, member_id: UUID | None, change: Change) -> None:
    """Close days, or open them besides; for everybody without a member. Raises Invalid."""
    if change.last_on < change.first_on:
        raise Invalid({"last_on": "before_first"})
    if not 0 <= change.from_minute < change.to_minute <= MINUTES_OF_DAY:
        raise Invalid({"to_minute": "not_after"})
    with db.transaction():
        _may_set(scope, member_id)
        scope.add(
            HoursException,
            member_id=member_id,
            first_on=change.first_on,
            last_on=change.last_on,
            is_open=change.is_open,
            from_minute=change.from_minute,
            to_minute=change.to_minute,
        )
        audit.note(scope, "appointments.hours_changed", member_id=member_id)


def remove_exception(scope: Scope, exception_id: UUID) -> None:
    """Let these days be like the others again."""
    with db.transaction():
        row = scope.one(HoursException, exception_id)
        _may_set(scope, row.member_id)
        scope.remove(row)
        audit.note(scope, "appointments.hours_changed", member_id=row.member_id)


def may_set_hours(scope: Scope, member_id: UUID | None) -> bool:
    """An owner sets everybody's hours, a clinician their own."""
    if scope.kind != "member":
        return True
    return scope.role == "owner" or scope.member.id == member_id


def _may_set(scope: Scope, member_id: UUID | None) -> None:
    if member_id is not None:
        _clinician(scope, member_id)
    if not may_set_hours(scope, member_id):
        raise Refused("not_your_hours")


def _clinician(scope: Scope, member_id: UUID) -> Member:
    member: Member = scope.one(Member, member_id)
    if member.removed_at is not None or member.role not in CLINICAL_ROLES:
        raise NotFound
    return member
