"""The letters of the house when a portal is closed between the act and its delivery."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import outbox, subscriptions
from core.appointments import service as appointments
from core.appointments.models import Appointment
from core.inbox import service as inbox
from core.tenancy import Scope
from tests.support.house import House, open_app
from tests.support.mail import PostOffice
from tests.support.place import Place

CARLA, LENA = "client@demo.test", "provider@demo.test"


@pytest.fixture
def house(place: Place, post_office: PostOffice) -> Iterator[House]:
    with open_app(place, post_office.environment) as opened:
        outbox.drain(100)
        post_office.mails().clear()
        yield opened


def close_portal(house: House) -> None:
    subscriptions.switch(Scope.system("test"), house.provider_id("ortiz"), "CP", is_on=False)


def test_A22_a_notice_of_a_message_is_dropped_with_a_record(house: House, post_office: PostOffice) -> None:
    lena = house.member_scope(LENA, "ortiz")
    carla = house.chart(CARLA, "ortiz")
    inbox.send_new(lena, carla.id, subject="", body="See you", key="k1")
    close_portal(house)
    outbox.drain(100)
    assert [(each.target, each.error, each.payload) for each in outbox.dropped()] == [
        ("inbox/message", "subscription_ended", None)
    ]
    assert not [mail for mail in post_office.mails() if "new message" in mail.subject]


def test_a_cancelled_appointment_is_told_without_a_link_that_leads_nowhere(
    house: House, post_office: PostOffice
) -> None:
    lena, carla = house.member_scope(LENA, "ortiz"), house.chart(CARLA, "ortiz")
    mine = lena.rows(Appointment).where(Appointment.client_id == carla.id)
    last = mine.order_by(Appointment.from_at.desc()).get()
    close_portal(house)
    appointments.cancel_appointment(lena, last.id)
    outbox.drain(100)
    letter = post_office.wait_for(CARLA, about="cancelled")
    assert "/appointments/" not in letter.text
