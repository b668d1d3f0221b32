"""Today tells the practice who waits for an answer, in words, and nobody else."""

from datetime import timedelta

from core import clock, db
from core.appointments.models import Appointment
from core.appointments.service import cancel_appointment, next_appointments
from core.inbox import service as inbox
from core.practice.hooks import latest_news
from core.practice.models import Look
from tests.support.house import House

TODAY = "/practice/ortiz/"


def page(house: House, email: str, path: str) -> str:
    return house.browser(email).get(path).get_data(as_text=True)


def test_a_message_of_a_client_waits_on_today_until_it_is_answered(house: House) -> None:
    client, member = (
        house.client_scope("newclient@demo.test", "ortiz"),
        house.member_scope("provider@demo.test", "ortiz"),
    )
    name = house.chart("newclient@demo.test", "ortiz").full_name
    thread = inbox.send_new(
        client, client.client_id, subject="A question", body="May I bring my son?", key="k"
    )
    assert f"{name} waits for an answer" in page(house, "provider@demo.test", TODAY)
    assert f"{name} waits for an answer" not in page(house, "provider2@demo.test", "/practice/harbor/")
    inbox.reply(member, thread.id, body="Of course.", key="r")
    assert f"{name} waits for an answer" not in page(house, "provider@demo.test", TODAY)


def test_a_biller_who_reads_no_messages_is_told_of_none(house: House) -> None:
    client = house.client_scope("stranger@demo.test", "harbor")
    inbox.send_new(client, client.client_id, subject="A question", body="May I bring my son?", key="k")
    assert "waits for an answer" in page(house, "desk@harbor.test", "/practice/harbor/")
    assert "waits for an answer" not in page(house, "biller@harbor.test", "/practice/harbor/")


def test_what_clients_did_is_news_until_it_was_seen(house: House) -> None:
    client, other = house.client_scope("client@demo.test", "ortiz"), "/practice/harbor/"
    page(house, "provider@demo.test", TODAY)
    looked(house, seen_ago=timedelta(hours=2))
    cancel_appointment(client, next_appointments(client)[0].id)
    told = f"{house.chart('client@demo.test', 'ortiz').full_name} cancelled"
    assert told in page(house, "provider@demo.test", TODAY)
    assert told in page(house, "provider@demo.test", TODAY), "the same look still"
    assert told not in page(house, "provider2@demo.test", other)
    looked(house, seen_ago=timedelta(minutes=40), changed_ago=timedelta(hours=1))
    assert told not in page(house, "provider@demo.test", TODAY)


def looked(house: House, seen_ago: timedelta, changed_ago: timedelta | None = None) -> None:
    """The provider's last look was this long ago, and what changed in the calendar that long."""
    member = house.member_scope("provider@demo.test", "ortiz")
    with db.transaction():
        member.update(Look, seen_at=clock.now() - seen_ago).execute()
        if changed_ago is not None:
            member.update(Appointment, changed_at=clock.now() - changed_ago).execute()


def test_who_joined_is_news_to_who_never_looked(house: House) -> None:
    shown = page(house, "provider@demo.test", TODAY)
    assert "Nico Brandt signed up" in shown
    assert "Carla Mendes joined the portal" in shown
    member = house.member_scope("provider@demo.test", "ortiz")
    assert not latest_news(member, clock.now())
