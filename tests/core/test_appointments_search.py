"""Search: the usual type, soonest first, several providers, notice, and the cost of the past."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock, db
from core.appointments import service
from core.appointments.models import Appointment, Occupancy, Resource
from core.appointments.service.searching import Search, nearest_times
from core.spec.errors import NotFound
from core.tenancy import Scope
from tests.support.booking import MONDAY, SYSTEM, Office, new_office, open_booking
from tests.support.place import Place

CHICAGO = ZoneInfo("America/Chicago")
TUESDAY_10 = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


@pytest.fixture
def office(booking_place: Place) -> Iterator[Office]:
    with open_booking(booking_place):
        yield new_office()


def times(found: service.Found) -> list[datetime]:
    return [offer.slot.from_at for offer in found.offers]


def test_S10_1_the_soonest_free_quarters_come_first(office: Office) -> None:
    found = service.search_times(office.client(), Search(CHICAGO))
    assert times(found)[:3] == [MONDAY + timedelta(hours=2, minutes=15 * n) for n in range(3)]
    assert times(found) == sorted(times(found))
    assert found.more_on == date(2026, 12, 3)
    assert {offer.title for offer in found.offers} == {"Session"}


def test_what_is_booked_is_not_offered(office: Office) -> None:
    ana = office.client()
    service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    offered = times(service.search_times(ana, Search(CHICAGO, from_on=date(2026, 12, 1))))
    gone = [TUESDAY_10 + timedelta(minutes=15 * n) for n in range(-3, 4)]
    assert not set(gone) & set(offered)
    assert TUESDAY_10 - timedelta(minutes=60) in offered
    assert TUESDAY_10 + timedelta(minutes=60) in offered


def test_every_time_that_is_offered_can_be_booked(office: Office) -> None:
    for offer in service.search_times(office.client(), Search(CHICAGO)).offers[::20]:
        scope = office.client()
        record = service.book_appointment(scope, office.wish(scope, offer.slot.from_at))
        service.cancel_appointment(office.member(), record.id)


def test_notice_and_days_ahead_bound_the_search(office: Office) -> None:
    terms = service.TypeTerms("Session", 50, "office", book_notice_hours=24)
    service.change_type(office.member(), office.type_id, terms, [office.owner.id])
    ana = office.client()
    assert times(service.search_times(ana, Search(CHICAGO)))[0] == TUESDAY_10 - timedelta(hours=1)
    far = service.search_times(ana, Search(CHICAGO, from_on=date(2030, 1, 1)))
    assert far.offers == ()


def test_the_usual_type_is_the_last_booked_else_the_first_visit(office: Office) -> None:
    owner = office.member()
    first = service.TypeTerms("Zuerst", 30, "office", is_first_visit=True)
    first_id = service.add_type(owner, first, [office.owner.id]).id
    ana = office.client()
    assert [type.id for type in service.search_times(ana, Search(CHICAGO)).types] == [first_id]
    service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    found = service.search_times(ana, Search(CHICAGO))
    assert [type.id for type in found.types] == [office.type_id]


def test_two_providers_are_merged_and_a_closed_one_is_left_out(office: Office) -> None:
    other = new_office("sato")
    one, two = office.client("Ana"), other.client("Ana")
    both = Scope(
        "client",
        providers=one.providers | two.providers,
        clients={**one.clients, **two.clients},
        records={**one.records, **two.records},
    )
    found = service.search_times(both, Search(CHICAGO))
    assert [offer.provider_id for offer in found.offers[:2]] != [office.provider.id] * 2
    assert times(found) == sorted(times(found))
    left = service.search_times(both, Search(CHICAGO), closed={other.provider.id})
    assert {offer.provider_id for offer in left.offers} == {office.provider.id}
    chosen = service.search_times(both, Search(CHICAGO, provider_id=other.provider.id))
    assert {offer.provider_id for offer in chosen.offers} == {other.provider.id}


def test_a_stranger_s_or_hidden_type_is_not_found(office: Office) -> None:
    other = new_office("sato")
    ana = office.client()
    with pytest.raises(NotFound):
        service.search_times(ana, Search(CHICAGO, type_id=other.type_id))
    hidden = service.TypeTerms("Report", 50, "office", is_for_clients=False)
    service.change_type(office.member(), office.type_id, hidden, [office.owner.id])
    with pytest.raises(NotFound):
        service.search_times(ana, Search(CHICAGO, type_id=office.type_id))


def test_the_nearest_free_times_come_in_order(office: Office) -> None:
    ana = office.client()
    service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    near = [offer.slot.from_at for offer in nearest_times(ana, office.type_id, TUESDAY_10)]
    hour = timedelta(hours=1)
    assert near == [TUESDAY_10 - hour, TUESDAY_10 + hour, TUESDAY_10 + hour * 1.25]


def test_free_times_of_a_day_read_few_rows_however_long_the_past(office: Office) -> None:
    ana = office.client()
    _fill_the_past(office, ana, 400)
    asked = (
        "SELECT from_at FROM appointments_occupancy"
        " WHERE resource_id = {id} AND from_at > {a} AND from_at < {b}"
    )
    if db.dialect() == "sqlite":
        plan = db.database.execute_sql("EXPLAIN QUERY PLAN " + asked.format(id="'x'", a=1, b=2))
    else:
        db.database.execute_sql("ANALYZE appointments_occupancy")
        query = asked.format(id=f"'{office.owner.id}'", a="'2026-12-01'", b="'2026-12-02'")
        plan = db.database.execute_sql("EXPLAIN " + query)
    text = " ".join(str(row) for row in plan.fetchall())
    assert "appointments_occupancy_of" in text
    assert times(service.search_times(ana, Search(CHICAGO)))


def _fill_the_past(office: Office, ana: Scope, count: int) -> None:
    with db.transaction():
        resource = SYSTEM.one(Resource, office.owner.id)
        for number in range(count):
            at = MONDAY - timedelta(hours=number + 2)
            held = {"from_at": at, "to_at": at + timedelta(minutes=50)}
            appointment = SYSTEM.add(
                Appointment,
                provider_id=office.provider.id,
                client_id=ana.client_id,
                member_id=office.owner.id,
                type_id=office.type_id,
                title="Session",
                place="office",
                cancel_until_at=at,
                state="scheduled",
                request_key=number.to_bytes(16, "big"),
                booked_at=clock.now(),
                changed_at=clock.now(),
                **held,
            )
            SYSTEM.add(
                Occupancy,
                provider_id=office.provider.id,
                resource_id=resource.id,
                appointment_id=appointment.id,
                **held,
            )
