"""Booking, moving and cancelling, on both databases, by the services."""

import itertools
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import UUID

import gevent
import pytest
from gevent.event import Event

from core import clock, db, subscriptions
from core.appointments import service
from core.appointments.hours import Change
from core.appointments.models import Appointment, Occupancy
from core.spec.errors import NotFound, Obstructed, Refused, SlotTaken
from core.spec.types import Obstacle
from tests.support.booking import MONDAY, SYSTEM, Gate, Office, new_office, open_booking
from tests.support.place import Place

TUESDAY_10 = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
UNINTERESTING = ("appointments.hours_changed", "appointments.type_changed")


@pytest.fixture
def gate(booking_place: Place) -> Iterator[Gate]:
    with open_booking(booking_place) as gate:
        yield gate


@pytest.fixture
def office(gate: Gate) -> Office:
    return new_office()


def targets() -> list[str]:
    rows = db.database.execute_sql("SELECT target FROM outbox ORDER BY created_at, target").fetchall()
    return sorted(target for (target,) in rows)


def events() -> list[str]:
    rows = db.database.execute_sql("SELECT event FROM audit_row ORDER BY at, id").fetchall()
    return sorted(event for (event,) in rows if event not in UNINTERESTING)


def test_S10_1_a_booking_holds_the_time_tells_both_and_is_audited(office: Office) -> None:
    ana = office.client()
    record = service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    assert (record.starts_at, record.ends_at) == (TUESDAY_10, TUESDAY_10 + timedelta(minutes=50))
    entry = service.one_appointment(ana, record.id)
    assert (entry.title, entry.clinician, entry.state) == ("Session", "Dr Lena Ortiz", "scheduled")
    assert SYSTEM.rows(Occupancy).count() == 1
    assert targets() == ["appointments/booked", "appointments/booked_clinician"]
    assert events() == ["appointments.booked"]


def test_the_same_wish_twice_books_once(office: Office) -> None:
    ana = office.client()
    first = service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    second = service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    assert first.id == second.id
    assert SYSTEM.rows(Appointment).count() == 1
    assert len(targets()) == 2


def test_an_overlapping_time_is_taken_and_nothing_is_left_of_the_try(office: Office) -> None:
    ana, ben = office.client("Ana"), office.client("Ben")
    service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    with pytest.raises(SlotTaken):
        service.book_appointment(ben, office.wish(ben, TUESDAY_10 + timedelta(minutes=45)))
    assert SYSTEM.rows(Appointment).count() == 1
    assert len(targets()) == 2
    service.book_appointment(ben, office.wish(ben, TUESDAY_10 + timedelta(minutes=60)))


def test_A69_racers_for_overlapping_times_never_overlap(office: Office) -> None:
    outcomes: list[str] = []
    start = Event()

    def race(number: int) -> None:
        scope = office.client(f"R{number}")
        start.wait()
        at = TUESDAY_10 + timedelta(minutes=15 * (number % 8))
        with clock.standing_at(MONDAY), db.connection():
            try:
                service.book_appointment(scope, office.wish(scope, at))
            except SlotTaken:
                outcomes.append("taken")
            else:
                outcomes.append("booked")

    racers = [gevent.spawn(race, number) for number in range(24)]
    gevent.sleep(0.5)
    start.set()
    gevent.joinall(racers, raise_error=True)
    held = list(SYSTEM.rows(Occupancy).order_by(Occupancy.from_at))
    overlaps = sum(one.to_at > two.from_at for one, two in itertools.pairwise(held))
    assert len(outcomes) == 24
    assert overlaps == 0
    assert 2 <= outcomes.count("booked") == len(held) <= 3


def test_buffers_are_held_on_both_sides(office: Office) -> None:
    ana, ben = office.client("Ana"), office.client("Ben")
    scope = office.member()
    terms = service.TypeTerms("Session", 50, "office", minutes_before=10, minutes_after=15)
    service.change_type(scope, office.type_id, terms, [office.owner.id])
    service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    for minutes in (-60, 60):
        with pytest.raises(SlotTaken):
            service.book_appointment(ben, office.wish(ben, TUESDAY_10 + timedelta(minutes=minutes)))
    service.book_appointment(ben, office.wish(ben, TUESDAY_10 + timedelta(minutes=75)))


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(TUESDAY_10 + timedelta(minutes=7), id="between the quarters"),
        pytest.param(TUESDAY_10 + timedelta(hours=9), id="after the hours"),
        pytest.param(TUESDAY_10 + timedelta(hours=6, minutes=30), id="reaching over their end"),
        pytest.param(TUESDAY_10 + timedelta(days=4), id="on a Saturday"),
        pytest.param(TUESDAY_10 + timedelta(days=364), id="too far ahead"),
        pytest.param(MONDAY - timedelta(hours=1), id="in the past"),
    ],
)
def test_a_crafted_time_is_refused(office: Office, at: datetime) -> None:
    ana = office.client()
    with pytest.raises(Refused) as refused:
        service.book_appointment(ana, office.wish(ana, at))
    assert refused.value.code in ("not_offered", "in_the_past")
    assert SYSTEM.rows(Appointment).count() == 0


def test_the_notice_to_book_binds_clients_and_not_members(office: Office) -> None:
    ana, owner = office.client(), office.member()
    terms = service.TypeTerms("Session", 50, "office", book_notice_hours=48)
    service.change_type(owner, office.type_id, terms, [office.owner.id])
    with pytest.raises(Refused, match="not_offered"):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    wish = office.wish(owner, TUESDAY_10, client_id=ana.client_id)
    assert service.book_appointment(owner, wish).starts_at == TUESDAY_10


@pytest.mark.parametrize(("minutes", "booked"), [(10, 1), (11, 0)])
def test_a_time_that_was_offered_is_kept_for_ten_minutes_of_choosing(
    office: Office, minutes: int, booked: int
) -> None:
    ana = office.client()
    terms = service.TypeTerms("Session", 50, "office", book_notice_hours=2)
    service.change_type(office.member(), office.type_id, terms, [office.owner.id])
    chosen_at = TUESDAY_10 - timedelta(hours=2) + timedelta(minutes=minutes)
    with clock.standing_at(chosen_at), nullcontext() if booked else pytest.raises(Refused):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    assert SYSTEM.rows(Appointment).count() == booked


def test_S3_2_a_closed_gate_obstructs_before_and_inside_the_transaction(office: Office, gate: Gate) -> None:
    ana = office.client()
    gate.obstacles = [Obstacle("intake_outstanding")]
    with pytest.raises(Obstructed) as obstructed:
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    assert [one.code for one in obstructed.value.obstacles] == ["intake_outstanding"]
    gate.obstacles, gate.asked = [], []

    def close_inside() -> None:
        if db.in_transaction():
            gate.obstacles = [Obstacle("intake_outstanding")]

    gate.when_asked = close_inside
    with pytest.raises(Obstructed):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    assert len(gate.asked) == 2
    assert SYSTEM.rows(Appointment).count() == 0


def test_A22_a_subscription_that_ends_between_form_and_post_closes_booking(
    office: Office, gate: Gate
) -> None:
    ana = office.client()

    def end_once() -> None:
        gate.when_asked = lambda: None
        with db.transaction():
            subscriptions.switch(SYSTEM, office.provider.id, "CP", is_on=False)

    gate.when_asked = end_once
    with pytest.raises(NotFound):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    assert SYSTEM.rows(Appointment).count() == 0


def test_strangers_types_clinicians_and_clients_are_not_found(office: Office) -> None:
    other = new_office("sato")
    ana, ben = office.client("Ana"), other.client("Ben")
    with pytest.raises(NotFound):
        service.book_appointment(ana, other.wish(ana, TUESDAY_10))
    with pytest.raises(NotFound):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10, member_id=other.owner.id))
    with pytest.raises(NotFound):
        service.book_appointment(
            office.member(), office.wish(office.member(), TUESDAY_10, client_id=ben.client_id)
        )
    booked = service.book_appointment(ben, other.wish(ben, TUESDAY_10))
    for act in (service.cancel_appointment, service.one_appointment):
        with pytest.raises(NotFound):
            act(ana, booked.id)
    assert service.scheduled_appointments(ana) == []


def test_cancelling_frees_the_time_once(office: Office) -> None:
    ana, ben = office.client("Ana"), office.client("Ben")
    at = TUESDAY_10 + timedelta(days=2)
    record = service.book_appointment(ana, office.wish(ana, at))
    first = service.cancel_appointment(ana, record.id)
    second = service.cancel_appointment(ana, record.id)
    assert (first.sequence, second.sequence) == (1, 1)
    assert events() == ["appointments.booked", "appointments.cancelled"]
    assert targets().count("appointments/cancelled") == 1
    service.book_appointment(ben, office.wish(ben, at))
    assert [entry.state for entry in service.past_appointments(ana)] == ["cancelled"]


def test_a_client_cancels_within_the_notice_that_was_agreed(office: Office) -> None:
    ana, owner = office.client(), office.member()
    at = TUESDAY_10 + timedelta(days=2)
    record = service.book_appointment(ana, office.wish(ana, at))
    stricter = service.TypeTerms("Session", 50, "office", cancel_notice_hours=1000)
    service.change_type(owner, office.type_id, stricter, [office.owner.id])
    with clock.standing_at(at - timedelta(hours=23)), pytest.raises(Refused, match="too_late"):
        service.cancel_appointment(ana, record.id)
    with clock.standing_at(at - timedelta(hours=25)):
        service.cancel_appointment(ana, record.id)


def test_moving_takes_the_new_time_and_frees_the_old(office: Office) -> None:
    ana, ben, owner = office.client("Ana"), office.client("Ben"), office.member()
    record = service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    later = TUESDAY_10 + timedelta(minutes=30)
    moved = service.move_appointment(owner, service.Move(record.id, office.owner.id, later))
    assert (moved.starts_at, moved.sequence) == (later, 1)
    service.move_appointment(owner, service.Move(record.id, office.owner.id, later))
    assert targets().count("appointments/moved") == 1
    with pytest.raises(SlotTaken):
        service.book_appointment(ben, office.wish(ben, TUESDAY_10 + timedelta(hours=1)))
    taken = service.book_appointment(ben, office.wish(ben, TUESDAY_10 + timedelta(hours=3)))
    with pytest.raises(SlotTaken):
        service.move_appointment(
            owner, service.Move(record.id, office.owner.id, taken.starts_at, overrides=True)
        )
    assert service.one_appointment(owner, record.id).from_at == later


def test_moving_to_a_colleague_holds_the_colleague(office: Office) -> None:
    ana, owner = office.client(), office.member()
    record = service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    ray = office.colleague("Ray Okafor")
    move = service.Move(record.id, ray.id, TUESDAY_10, overrides=True)
    assert service.move_appointment(owner, move).member_id == ray.id
    assert [row.resource_id for row in SYSTEM.rows(Occupancy)] == [ray.id]


def test_a_cancelled_appointment_is_not_moved(office: Office) -> None:
    ana, owner = office.client(), office.member()
    record = service.book_appointment(ana, office.wish(ana, TUESDAY_10 + timedelta(days=3)))
    service.cancel_appointment(owner, record.id)
    with pytest.raises(Refused, match="not_scheduled"):
        service.move_appointment(owner, service.Move(record.id, office.owner.id, TUESDAY_10))


def test_a_member_who_left_is_not_booked(office: Office) -> None:
    ana = office.client()
    with db.transaction():
        SYSTEM.change(office.owner, removed_at=clock.now())
    with pytest.raises(NotFound):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))


def test_a_closed_day_is_refused_and_an_open_one_besides_is_offered(office: Office) -> None:
    ana, owner = office.client(), office.member()
    saturday = TUESDAY_10 + timedelta(days=4)
    service.add_exception(owner, None, Change(TUESDAY_10.date(), TUESDAY_10.date(), is_open=False))
    service.add_exception(owner, office.owner.id, Change(saturday.date(), saturday.date(), True, 600, 720))
    with pytest.raises(Refused, match="not_offered"):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    service.book_appointment(ana, office.wish(ana, saturday))


def test_who_booked_is_kept(office: Office) -> None:
    ana = office.client()
    record = service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    row = SYSTEM.one(Appointment, record.id)
    assert isinstance(row.booked_by, UUID)
    assert row.booked_by == ana.account_id
