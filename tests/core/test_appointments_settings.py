"""Hours, exceptions and types as the practice sets them, and the overlap constraint by itself."""

from collections.abc import Iterator
from datetime import date, timedelta

import peewee
import pytest

from core import db
from core.appointments import service
from core.appointments.hours import Change
from core.appointments.models import AppointmentType, Occupancy
from core.spec.errors import Invalid, NotFound, Refused
from tests.support.booking import MONDAY, SYSTEM, Office, new_office, open_booking
from tests.support.place import Place

DAY = date(2026, 12, 24)


@pytest.fixture
def office(booking_place: Place) -> Iterator[Office]:
    with open_booking(booking_place):
        yield new_office()


def test_overlapping_hours_are_refused(office: Office) -> None:
    with pytest.raises(Invalid) as invalid:
        service.add_hours(office.member(), office.owner.id, [0], 600, 660)
    assert invalid.value.fields == {"from_minute": "overlaps"}
    service.add_hours(office.member(), office.owner.id, [0], 1020, 1080)


def test_a_clinician_sets_only_the_own_hours(office: Office) -> None:
    ray = office.colleague("Ray Okafor")
    scope = office.member(ray)
    service.add_hours(scope, ray.id, [0], 600, 660)
    with pytest.raises(Refused, match="not_your_hours"):
        service.add_hours(scope, office.owner.id, [5], 600, 660)
    with pytest.raises(Refused, match="not_your_hours"):
        service.add_exception(scope, None, Change(DAY, DAY, is_open=False))


def test_hours_and_exceptions_can_be_removed(office: Office) -> None:
    scope, owner = office.member(), office.owner.id
    service.add_exception(scope, owner, Change(DAY, DAY, is_open=False))
    of = service.hours_of(scope, owner)
    service.remove_exception(scope, of.exceptions[0].id)
    service.remove_hours(scope, of.hours[0].id)
    after = service.hours_of(scope, owner)
    assert (len(after.hours), after.exceptions) == (4, ())
    with pytest.raises(NotFound):
        service.remove_hours(scope, of.hours[0].id)


def test_a_desk_has_no_hours_of_its_own(office: Office) -> None:
    desk = office.colleague("Kim Tran", "desk")
    assert desk.id not in {member.id for member in service.clinicians(office.member())}
    with pytest.raises(NotFound):
        service.add_hours(office.member(), desk.id, [0], 600, 660)


def test_a_type_by_video_says_how_to_join(office: Office) -> None:
    terms = service.TypeTerms("By video", 50, "video")
    with pytest.raises(Invalid) as invalid:
        service.add_type(office.member(), terms, [office.owner.id])
    assert invalid.value.fields == {"how_to_join": "missing_for_video"}


def test_there_is_one_first_visit(office: Office) -> None:
    scope = office.member()
    for title in ("One", "Two"):
        terms = service.TypeTerms(title, 50, "office", is_first_visit=True)
        service.add_type(scope, terms, [office.owner.id])
    firsts = [each.type.title for each in service.types_of(scope) if each.type.is_first_visit]
    assert firsts == ["Two"]


def test_a_retired_type_is_offered_no_more(office: Office) -> None:
    scope = office.member()
    assert service.readiness(scope) == service.Readiness(has_hours=True, has_types=True)
    service.retire_type(scope, office.type_id)
    assert service.readiness(scope) == service.Readiness(has_hours=True, has_types=False)
    with pytest.raises(NotFound):
        service.retire_type(scope, office.type_id)


def test_law_11_what_types_and_appointments_are_called_is_sealed(office: Office) -> None:
    row = SYSTEM.one(AppointmentType, office.type_id)
    stored = db.database.execute_sql("SELECT title FROM appointments_type").fetchone()[0]
    assert row.title == "Session"
    assert b"Session" not in bytes(stored)


def test_A69_the_constraint_alone_keeps_times_apart(office: Office) -> None:
    """Without any service: inserts and updates that overlap are refused by their name."""
    ana = office.client()
    late = service.book_appointment(ana, office.wish(ana, MONDAY + timedelta(hours=5)))
    first = service.book_appointment(ana, office.wish(ana, MONDAY + timedelta(hours=2)))
    rows = {row.appointment_id: row for row in SYSTEM.rows(Occupancy)}
    early, held = rows[first.id], rows[late.id]
    with pytest.raises(peewee.IntegrityError, match="appointments_no_overlap"), db.transaction():
        SYSTEM.change(early, from_at=held.from_at, to_at=held.to_at)
    with db.transaction():
        touching = SYSTEM.change(early, from_at=held.from_at - timedelta(hours=1), to_at=held.from_at)
    assert touching.to_at == held.from_at
    with pytest.raises(peewee.IntegrityError), db.transaction():
        SYSTEM.change(early, from_at=MONDAY + timedelta(days=9), to_at=MONDAY + timedelta(days=11))
