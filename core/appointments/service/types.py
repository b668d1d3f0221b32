"""Types of appointments: what a provider offers, and which of them a client is shown first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from uuid import UUID

from core import audit, clock, db
from core.appointments.models import PLACES, Appointment, AppointmentType, TypeMember
from core.appointments.service.resources import ensure_resource
from core.spec.errors import Invalid, NotFound
from core.tenancy import Member, Scope


@dataclass(frozen=True, slots=True)
class TypeTerms:
    """What a provider says of a type; lengths in minutes, notices in hours."""

    title: str
    minutes: int
    place: str
    how_to_join: str = ""
    minutes_before: int = 0
    minutes_after: int = 0
    book_notice_hours: int = 0
    cancel_notice_hours: int = 0
    late_note: str = ""
    is_first_visit: bool = False
    is_for_clients: bool = True


@dataclass(frozen=True, slots=True)
class OfferedType:
    """A type with the clinicians who offer it."""

    type: AppointmentType
    member_ids: frozenset[UUID]


def types_of(scope: Scope) -> list[OfferedType]:
    """The provider's types in use, the first visit first, then by title."""
    types = list(scope.rows(AppointmentType).where(AppointmentType.retired_at.is_null()))
    members: dict[UUID, set[UUID]] = {type.id: set() for type in types}
    for row in scope.rows(TypeMember):
        if row.type_id in members:
            members[row.type_id].add(row.member_id)
    types.sort(key=lambda type: (not type.is_first_visit, type.title, type.id))
    return [OfferedType(type, frozenset(members[type.id])) for type in types]


def one_type(scope: Scope, type_id: UUID) -> AppointmentType:
    """A type in use. Raises NotFound."""
    type: AppointmentType = scope.one(AppointmentType, type_id)
    if type.retired_at is not None:
        raise NotFound
    return type


def offered_types(scope: Scope) -> list[OfferedType]:
    """The types that clients may book, each with somebody who offers it."""
    staff = {row.id for row in scope.rows(Member, Member.id).where(Member.removed_at.is_null())}
    offered = (OfferedType(each.type, each.member_ids & staff) for each in types_of(scope))
    return [each for each in offered if each.type.is_for_clients and each.member_ids]


def active_types(scope: Scope, type_id: UUID) -> list[AppointmentType]:
    """The one type that a client asked for. Raises NotFound when clients can't book it."""
    type = one_type(scope, type_id)
    if not type.is_for_clients:
        raise NotFound
    return [type]


def usual_types(scope: Scope) -> list[AppointmentType]:
    """For each provider the type that the client had last, else the first visit, else any."""
    by_provider: dict[UUID, list[AppointmentType]] = {}
    for offered in offered_types(scope):
        by_provider.setdefault(offered.type.provider_id, []).append(offered.type)
    usual = []
    for provider_id, types in sorted(by_provider.items()):
        last = _last_type_id(scope.narrow(provider_id))
        usual.append(next((type for type in types if type.id == last), types[0]))
    return usual


def _last_type_id(scope: Scope) -> UUID | None:
    if not scope.clients:
        return None
    last = (
        scope.rows(Appointment, Appointment.type_id)
        .where(Appointment.client_id == scope.client_id)
        .order_by(Appointment.from_at.desc())
        .first()
    )
    return last.type_id if last else None


def add_type(scope: Scope, terms: TypeTerms, member_ids: Collection[UUID]) -> AppointmentType:
    """Offer something new. Raises Invalid for terms that can't hold together."""
    _check(terms, member_ids)
    with db.transaction():
        type: AppointmentType = scope.add(AppointmentType, created_at=clock.now(), **_columns(terms))
        _offer(scope, type, member_ids)
        audit.note(scope, "appointments.type_changed", record=type)
    return type


def change_type(scope: Scope, type_id: UUID, terms: TypeTerms, member_ids: Collection[UUID]) -> None:
    """Change a type for what is booked from now on; booked appointments keep what was agreed."""
    _check(terms, member_ids)
    with db.transaction():
        type = one_type(scope, type_id)
        scope.change(type, **_columns(terms))
        _offer(scope, type, member_ids)
        audit.note(scope, "appointments.type_changed", record=type)


def retire_type(scope: Scope, type_id: UUID) -> None:
    """Offer a type no more; its appointments stay."""
    with db.transaction():
        type = one_type(scope, type_id)
        scope.change(type, retired_at=clock.now())
        audit.note(scope, "appointments.type_changed", record=type)


def _columns(terms: TypeTerms) -> dict[str, object]:
    columns = asdict(terms)
    for name in ("how_to_join", "late_note"):
        columns[name] = columns[name] or None
    return columns


def _check(terms: TypeTerms, member_ids: Collection[UUID]) -> None:
    wrong = {}
    if not terms.title.strip():
        wrong["title"] = "missing"
    if not 5 <= terms.minutes <= 720:
        wrong["minutes"] = "out_of_range"
    if terms.place not in PLACES:
        wrong["place"] = "unknown"
    if terms.place == "video" and not terms.how_to_join.strip():
        wrong["how_to_join"] = "missing_for_video"
    if not member_ids:
        wrong["member_ids"] = "missing"
    if wrong:
        raise Invalid(wrong)


def _offer(scope: Scope, type: AppointmentType, member_ids: Collection[UUID]) -> None:
    """Set who offers the type; a first visit is one type only."""
    there = {row.member_id: row for row in _offers_of(scope, type.id)}
    for member_id in sorted(set(member_ids) - there.keys()):
        scope.one(Member, member_id)
        ensure_resource(scope, member_id)
        scope.add(TypeMember, type_id=type.id, member_id=member_id)
    for member_id in there.keys() - set(member_ids):
        scope.remove(there[member_id])
    if type.is_first_visit:
        others = scope.update(AppointmentType, is_first_visit=False)
        others.where(AppointmentType.id != type.id, AppointmentType.is_first_visit).execute()


def members_of(scope: Scope, type_id: UUID) -> list[UUID]:
    """Who offers a type."""
    return [row.member_id for row in _offers_of(scope, type_id)]


def _offers_of(scope: Scope, type_id: UUID) -> list[TypeMember]:
    return list(scope.rows(TypeMember).where(TypeMember.type_id == type_id))
