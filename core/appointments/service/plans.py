"""Everything that free times are computed from, read in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.appointments.hours import Change, Length, Opening, Span
from core.appointments.models import (
    AppointmentType,
    Hours,
    HoursException,
    Occupancy,
    TypeMember,
)
from core.tenancy import Member, Provider, Scope

# The overlap constraint's table holds no row longer than this, so no search looks back further.
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Plan:
    """One clinician's hours for one type: what is open, and in which zone."""

    type: AppointmentType
    member_id: UUID
    clinician: str
    zone: ZoneInfo
    openings: Sequence[Opening]
    changes: Sequence[Change]

    @property
    def length(self) -> Length:
        return length_of(self.type)


def length_of(type: AppointmentType) -> Length:
    return Length(type.minutes, type.minutes_before, type.minutes_after)


def plans(
    scope: Scope,
    types: Collection[AppointmentType],
    since: datetime,
    member_id: UUID | None = None,
) -> list[Plan]:
    """A plan for each clinician who offers one of the types and is still with the provider.

    Exceptions that were over before `since` are left out.
    """
    if not types:
        return []
    by_id = {type.id: type for type in types}
    offers = (
        scope.rows(TypeMember, TypeMember.type_id, Member.id.alias("who"), Member.name)
        .join(Member, on=(TypeMember.member_id == Member.id))
        .where(TypeMember.type_id.in_(sorted(by_id)), Member.removed_at.is_null())
    )
    if member_id is not None:
        offers = offers.where(Member.id == member_id)
    found = list(offers.order_by(Member.name, Member.id).dicts())
    openings = _openings(scope, [row["who"] for row in found])
    changes = _changes(scope, since)
    zones = zones_of(scope)
    return [
        Plan(
            type=(type := by_id[row["type_id"]]),
            member_id=row["who"],
            clinician=row["name"],
            zone=zones[type.provider_id],
            openings=openings[row["who"]],
            changes=changes[type.provider_id, None] + changes[type.provider_id, row["who"]],
        )
        for row in found
    ]


def zones_of(scope: Scope) -> dict[UUID, ZoneInfo]:
    rows = scope.rows(Provider, Provider.id, Provider.zone)
    return {row.id: ZoneInfo(row.zone) for row in rows}


def _openings(scope: Scope, member_ids: Sequence[UUID]) -> dict[UUID, list[Opening]]:
    found: dict[UUID, list[Opening]] = defaultdict(list)
    if member_ids:
        for row in scope.rows(Hours).where(Hours.member_id.in_(sorted(set(member_ids)))):
            found[row.member_id].append(Opening(row.weekday, row.from_minute, row.to_minute))
    return found


def _changes(scope: Scope, since: datetime) -> dict[tuple[UUID, UUID | None], list[Change]]:
    found: dict[tuple[UUID, UUID | None], list[Change]] = defaultdict(list)
    rows = scope.rows(HoursException)
    for row in rows.where(HoursException.last_on >= since.date() - timedelta(days=2)):
        change = Change(row.first_on, row.last_on, row.is_open, row.from_minute, row.to_minute)
        found[row.provider_id, row.member_id].append(change)
    return found


def taken_times(
    scope: Scope, member_ids: Collection[UUID], from_at: datetime, until_at: datetime
) -> dict[UUID, list[Span]]:
    """What is held between two moments, sorted, for each resource."""
    taken: dict[UUID, list[Span]] = defaultdict(list)
    if not member_ids:
        return taken
    columns = (Occupancy.resource_id, Occupancy.from_at, Occupancy.to_at)
    rows = (
        scope.rows(Occupancy, *columns)
        .where(
            Occupancy.resource_id.in_(sorted(member_ids)),
            Occupancy.from_at > from_at - LONGEST,
            Occupancy.from_at < until_at,
            Occupancy.to_at > from_at,
        )
        .order_by(Occupancy.from_at)
    )
    for resource_id, starts_at, ends_at in rows.tuples():
        taken[resource_id].append((starts_at, ends_at))
    return taken
