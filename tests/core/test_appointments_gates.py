"""Gates before a booking: what a member overrides, and what a gate that hangs leaves behind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import gevent
import pytest

from core import db
from core.appointments import service
from core.appointments.models import Appointment
from core.audit import AuditRow
from core.spec.errors import Obstructed, Refused, SlotTaken
from core.spec.types import Obstacle
from tests.support.booking import SYSTEM, Gate, Office, new_office, open_booking
from tests.support.place import Place

TUESDAY_10 = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


@pytest.fixture
def gate(booking_place: Place) -> Iterator[Gate]:
    with open_booking(booking_place) as gate:
        yield gate


@pytest.fixture
def office(gate: Gate) -> Office:
    return new_office()


def events() -> list[str]:
    rows = db.database.execute_sql("SELECT event FROM audit_row ORDER BY at, id").fetchall()
    return sorted(
        event for (event,) in rows if event.startswith(("appointments.booked", "appointments.gate"))
    )


def test_a_member_overrides_hours_and_gates_but_never_an_overlap(office: Office, gate: Gate) -> None:
    ana, owner = office.client(), office.member()
    gate.obstacles = [Obstacle("intake_outstanding")]
    saturday = TUESDAY_10 + timedelta(days=4, minutes=7)
    plain = office.wish(owner, saturday, client_id=ana.client_id)
    with pytest.raises(Obstructed):
        service.book_appointment(owner, plain)
    gate.obstacles = []
    with pytest.raises(Refused, match="not_offered"):
        service.book_appointment(owner, plain)
    gate.obstacles = [Obstacle("intake_outstanding")]
    anyway = office.wish(owner, saturday, client_id=ana.client_id, overrides=True)
    service.book_appointment(owner, anyway)
    assert events() == ["appointments.booked", "appointments.gate_overridden"]
    noted = SYSTEM.rows(AuditRow).where(AuditRow.event == "appointments.gate_overridden").get()
    assert noted.detail == {"plugin": "gate", "code": "intake_outstanding"}
    again = office.wish(owner, saturday, b"other", client_id=ana.client_id, overrides=True)
    with pytest.raises(SlotTaken):
        service.book_appointment(owner, again)


def test_a_member_overrides_only_what_they_were_told_of(office: Office, gate: Gate) -> None:
    ana, owner = office.client(), office.member()
    gate.obstacles = [Obstacle("intake_outstanding"), Obstacle("consent_missing")]
    told = frozenset({"gate:intake_outstanding"})
    wish = office.wish(owner, TUESDAY_10, client_id=ana.client_id, overrides=True, told=told)
    with pytest.raises(Obstructed):
        service.book_appointment(owner, wish)
    gate.obstacles = gate.obstacles[:1]
    service.book_appointment(owner, wish)
    assert events() == ["appointments.booked", "appointments.gate_overridden"]


def test_a_client_s_word_overrides_nothing(office: Office, gate: Gate) -> None:
    ana = office.client()
    gate.obstacles = [Obstacle("intake_outstanding")]
    with pytest.raises(Obstructed):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10, overrides=True))


def test_a_gate_that_hangs_is_overridden_and_not_asked_again(office: Office, gate: Gate) -> None:
    ana, owner = office.client(), office.member()
    gate.when_asked = lambda: gevent.sleep(5)
    wish = office.wish(owner, TUESDAY_10, client_id=ana.client_id)
    with pytest.raises(Obstructed) as refused:
        service.book_appointment(owner, wish)
    assert [(one.code, one.plugin) for one in refused.value.obstacles] == [("gate_failed", "gate")]
    told = frozenset({"gate:gate_failed"})
    service.book_appointment(owner, replace(wish, overrides=True, told=told))
    assert len(gate.asked) == 2
    assert events() == ["appointments.booked", "appointments.gate_overridden"]


def test_a_gate_that_hangs_inside_the_transaction_rolls_it_back_and_closes(
    office: Office, gate: Gate
) -> None:
    ana = office.client()

    def hang_inside() -> None:
        if db.in_transaction():
            db.database.execute_sql("SELECT 1")
            gevent.sleep(5)

    gate.when_asked = hang_inside
    with pytest.raises(Obstructed):
        service.book_appointment(ana, office.wish(ana, TUESDAY_10))
    assert len(gate.asked) == 2
    gate.when_asked = lambda: None
    assert SYSTEM.rows(Appointment).count() == 0
    service.book_appointment(ana, office.wish(ana, TUESDAY_10))
