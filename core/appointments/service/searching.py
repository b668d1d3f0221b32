"""Free times: of given types, soonest first, over one provider or several."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock
from core.appointments.hours import open_spans, starts
from core.appointments.models import AppointmentType
from core.appointments.service.plans import LONGEST, Plan, plans, taken_times
from core.appointments.service.types import active_types, usual_types
from core.spec.types import Slot
from core.tenancy import Scope

DAYS_SHOWN = 14
ROWS_SHOWN = 60
# How far ahead clients may book; beyond it hours are a guess.
DAYS_AHEAD = 182
# Whoever was shown a time and takes a while to choose still gets it.
TIME_TO_CHOOSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Offer:
    """A free time as a row of the search shows it."""

    slot: Slot
    provider_id: UUID
    place: str
    title: str
    clinician: str


@dataclass(frozen=True, slots=True)
class Search:
    """What a client asked for; nothing means the usual type, any clinician, from now on."""

    zone: ZoneInfo
    provider_id: UUID | None = None
    type_id: UUID | None = None
    member_id: UUID | None = None
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Free times of a search; `more_on` is the day at which the list was cut, if it was."""

    offers: tuple[Offer, ...]
    types: tuple[AppointmentType, ...]
    from_on: date
    next_on: date
    more_on: date | None


def search_times(scope: Scope, search: Search, closed: Collection[UUID] = ()) -> Found:
    """Free times that a client may book, cut at a day's end; `closed` providers are left out.

    Raises NotFound for a type that the scope doesn't reach or that clients can't book.
    """
    today = clock.now().astimezone(search.zone).date()
    from_on = min(max(search.from_on or today, today), today + timedelta(days=DAYS_AHEAD))
    next_on = from_on + timedelta(days=DAYS_SHOWN)
    types = [type for type in _types(scope, search) if type.provider_id not in closed]
    offers = free_times(
        scope,
        types,
        _midnight(from_on, search.zone),
        _midnight(next_on, search.zone),
        member_id=search.member_id,
    )
    shown: list[Offer] = []
    more_on = None
    for offer in offers:
        day = offer.slot.from_at.astimezone(search.zone).date()
        if len(shown) >= ROWS_SHOWN and day != _day(shown[-1], search.zone):
            more_on = day
            break
        shown.append(offer)
    return Found(tuple(shown), tuple(types), from_on, next_on, more_on)


def _types(scope: Scope, search: Search) -> list[AppointmentType]:
    if search.type_id is not None:
        return [active_types(scope, search.type_id)[0]]
    if search.provider_id is not None:
        return usual_types(scope.narrow(search.provider_id))
    return usual_types(scope)


def free_times(
    scope: Scope,
    types: Collection[AppointmentType],
    from_at: datetime,
    until_at: datetime,
    *,
    member_id: UUID | None = None,
    with_notice: bool = True,
) -> Iterator[Offer]:
    """Free times that begin in [from_at, until_at), soonest first, made as they are asked for.

    With notice nothing sooner than each type's notice, nor further ahead than clients may book.
    """
    found = plans(scope, types, from_at, member_id)
    now = clock.now()
    if with_notice:
        until_at = min(until_at, now + timedelta(days=DAYS_AHEAD))
    taken = taken_times(scope, {plan.member_id for plan in found}, from_at, until_at + LONGEST)
    return heapq.merge(
        *(
            _offers(
                plan,
                taken.get(plan.member_id, []),
                max(from_at, earliest_start(plan.type, now) if with_notice else now),
                until_at,
            )
            for plan in found
        ),
        key=lambda offer: offer.slot.from_at,
    )


def earliest_start(type: AppointmentType, now: datetime) -> datetime:
    """The soonest start that is offered: after the notice, and never before one had the time to choose it."""
    return now + max(timedelta(hours=type.book_notice_hours), TIME_TO_CHOOSE)


def _offers(
    plan: Plan, taken: list[tuple[datetime, datetime]], from_at: datetime, until_at: datetime
) -> Iterator[Offer]:
    if from_at >= until_at:
        return
    # A day more at either end: the zones' days begin at other moments, and spans cross midnight.
    spans = open_spans(
        from_at.astimezone(plan.zone).date() - timedelta(days=1),
        until_at.astimezone(plan.zone).date() + timedelta(days=1),
        plan.openings,
        plan.changes,
        plan.zone,
    )
    length = plan.length
    type = plan.type
    title = type.title
    for start in starts(spans, taken, length, from_at):
        if start >= until_at:
            return
        slot = Slot(type.id, plan.member_id, start, length.end(start))
        yield Offer(slot, type.provider_id, type.place, title, plan.clinician)


def nearest_times(scope: Scope, type_id: UUID, at: datetime, count: int = 3) -> tuple[Offer, ...]:
    """The free times of a type that are nearest to a moment, in order of time."""
    types = active_types(scope, type_id)
    now = clock.now()
    offers = free_times(scope, types, now, max(at, now) + timedelta(days=DAYS_SHOWN))
    nearest = heapq.nsmallest(count, offers, key=lambda offer: abs(offer.slot.from_at - at))
    return tuple(sorted(nearest, key=lambda offer: offer.slot.from_at))


def first_time(scope: Scope, types: Collection[AppointmentType]) -> Offer | None:
    """The soonest free time within the days that clients may book, if there is any."""
    now = clock.now()
    until_at = now + timedelta(days=DAYS_AHEAD)
    return next(islice(free_times(scope, types, now, until_at), 1), None)


def _day(offer: Offer, zone: ZoneInfo) -> date:
    return offer.slot.from_at.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
