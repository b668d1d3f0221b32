"""Writing, reading, notices and drafts, on both databases."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core import db, outbox, subscriptions
from core.appointments.service import cancel_appointment, next_appointments
from core.i18n import format_time, reading
from core.inbox import service
from core.inbox.models import Message, Thread
from core.spec.errors import NotFound, Refused
from core.tenancy import Scope
from tests.support.house import House

CARLA, LENA = "client@demo.test", "provider@demo.test"
HARBOR_READERS = ("provider2@demo.test", "clinician@harbor.test")


def send(scope: Scope, subject: str = "A question", body: str = "May I ask?", key: str = "k1") -> Any:
    return service.send_new(scope, scope.client_id, subject=subject, body=body, key=key)


def mails() -> set[str]:
    rows = db.house_rows(outbox.Outbox).where(outbox.Outbox.kind == "mail")
    return {row.target for row in rows}


def test_a_message_reaches_the_practice_and_its_answer_the_client(house: House) -> None:
    client, member = house.client_scope(CARLA, "ortiz"), house.member_scope(LENA, "ortiz")
    thread = send(client, body="The door was locked.")
    lines, _next = service.inbox(member)
    assert [line.is_unread for line in lines if line.thread.id == thread.id] == [True]
    opened = service.open_thread(member, thread.id)
    assert [message.body for message in opened.messages] == ["The door was locked."]
    service.reply(member, thread.id, body="Ring twice.", key="k2")
    assert service.open_thread(client, thread.id).messages[-1].body == "Ring twice."
    assert {"inbox/message", "inbox/message_member"} <= mails()


def test_the_same_page_sent_twice_sends_once(house: House) -> None:
    client = house.client_scope(CARLA, "ortiz")
    first, second = send(client), send(client)
    assert first.id == second.id
    messages = client.rows(Message).where(Message.thread_id == first.id)
    assert messages.count() == 1


def test_opening_a_thread_takes_it_off_the_count(house: House) -> None:
    client, member = house.client_scope(CARLA, "ortiz"), house.member_scope(LENA, "ortiz")
    before = service.unread_count(client)
    thread = service.send_new(member, client.client_id, subject="S", body="B", key="m")
    assert service.unread_count(client) == before + 1
    service.open_thread(client, thread.id)
    assert service.unread_count(client) == before


def test_each_reader_has_a_count_of_their_own(house: House) -> None:
    client = house.client_scope("twoproviders@demo.test", "harbor")
    owner, other = (house.member_scope(email, "harbor") for email in HARBOR_READERS)
    before = service.unread_count(owner), service.unread_count(other)
    thread = send(client)
    service.reply(client, thread.id, body="One thing more.", key="k2")
    assert (service.unread_count(owner), service.unread_count(other)) == (before[0] + 1, before[1] + 1)
    service.open_thread(owner, thread.id)
    assert (service.unread_count(owner), service.unread_count(other)) == (before[0], before[1] + 1)


def test_S9_2_nobody_else_is_written_to(house: House) -> None:
    stranger = house.chart("stranger@demo.test", "harbor")
    client = house.client_scope(CARLA)
    with pytest.raises(NotFound):
        service.send_new(client, stranger.id, subject="", body="x", key="k")
    theirs = send(house.client_scope("stranger@demo.test", "harbor"))
    with pytest.raises(NotFound):
        service.open_thread(client, theirs.id)
    with pytest.raises(NotFound):
        service.reply(house.member_scope(LENA, "ortiz"), theirs.id, body="x", key="k")


def test_A22_a_portal_closed_between_page_and_post_takes_no_message(house: House) -> None:
    client = house.client_scope(CARLA, "ortiz")
    subscriptions.switch(Scope.system("test"), client.provider_id, "CP", is_on=False)
    with pytest.raises(Refused, match="portal_closed"):
        send(client)


def test_a_notice_is_sent_once_and_is_no_clients(house: House) -> None:
    client, member = house.client_scope(CARLA, "ortiz"), house.member_scope(LENA, "ortiz")
    for _again in range(2):
        with db.transaction():
            service.send_system_message(client, client.client_id, "intake.submitted", key="one")
    threads = member.rows(Thread).where(Thread.kind == "intake.submitted")
    assert threads.count() == 1
    assert client.rows(Thread).where(Thread.kind == "intake.submitted").count() == 0
    with pytest.raises(NotFound):
        service.open_thread(client, threads.get().id)


@pytest.mark.parametrize("canceller", [CARLA, LENA])
def test_what_a_client_cancels_is_told_in_the_practices_inbox(house: House, canceller: str) -> None:
    client, member = house.client_scope(CARLA, "ortiz"), house.member_scope(LENA, "ortiz")
    booked = next_appointments(client)[0]
    cancel_appointment(client if canceller == CARLA else member, booked.id)
    while outbox.drain(kinds=("event",)):
        pass
    lines, _next = service.inbox(member)
    told = [line.thread for line in lines if line.thread.kind == "inbox.appointment_cancelled"]
    assert len(told) == (canceller == CARLA)
    for thread in told:
        shown = house.browser(LENA).get(f"/practice/ortiz/inbox/{thread.id}/").text
        assert "Appointment cancelled: Carla Mendes" in shown
        with reading("en", "America/Chicago"):
            assert format_time(booked.from_at) in shown


def test_a_draft_is_kept_and_goes_when_it_is_sent(house: House) -> None:
    client = house.client_scope(CARLA, "ortiz")
    service.keep_draft(client, client.client_id, "new", subject="Half", body="a thou")
    service.keep_draft(client, client.client_id, "new", subject="Half", body="a thought")
    draft = service.draft_of(client, client.client_id, "new")
    assert draft is not None
    assert (draft.subject, draft.body) == ("Half", "a thought")
    send(client)
    assert service.draft_of(client, client.client_id, "new") is None


def test_law_11_words_are_sealed_in_the_database(house: House) -> None:
    client = house.client_scope(CARLA, "ortiz")
    send(client, subject="zirconium", body="zirconium")
    raw = db.database.execute_sql("SELECT subject FROM inbox_thread").fetchall()
    raw += db.database.execute_sql("SELECT body FROM inbox_message").fetchall()
    assert raw
    assert not any(b"zirconium" in bytes(row[0]) for row in raw if row[0])


def test_roles_a_biller_reads_no_messages(house: House) -> None:
    thread = send(house.client_scope("twoproviders@demo.test", "harbor"))
    browser = house.browser("biller@harbor.test")
    assert browser.get("/practice/harbor/inbox/").status_code == 404
    assert browser.get(f"/practice/harbor/inbox/{thread.id}/").status_code == 404
    assert house.browser("desk@harbor.test").get("/practice/harbor/inbox/").status_code == 200


def test_an_empty_message_is_refused_beside_the_field_and_the_subject_kept(house: House) -> None:
    browser = house.browser(CARLA)
    chart = str(house.chart(CARLA, "ortiz").id)
    answer = browser.post("/inbox/new/", {"to": chart, "subject": "Kept", "body": " ", "key": "k"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write a message first." in text
    assert 'value="Kept"' in text


@pytest.mark.parametrize("odd", ["new\0", "../x", "0" * 400])
def test_A44_a_draft_for_an_odd_place_is_not_found(house: House, odd: str) -> None:
    browser = house.browser(CARLA)
    chart = str(house.chart(CARLA, "ortiz").id)
    answer = browser.post("/inbox/draft/", {"to": chart, "body": "x", "place": odd})
    assert answer.status_code == 404


def test_A44_a_draft_keeps_what_both_databases_can_hold(house: House) -> None:
    browser = house.browser(CARLA)
    chart = str(house.chart(CARLA, "ortiz").id)
    answer = browser.post("/inbox/draft/", {"to": chart, "body": "a\0b", "place": "new"})
    assert answer.status_code == 200
    assert re.match(r"Saved \d", answer.get_data(as_text=True))


@pytest.mark.parametrize("before", ["x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_A46_an_odd_start_of_the_list_is_the_start(house: House, before: str) -> None:
    answer = house.browser(CARLA).get(f"/inbox/?before={before.replace('+', '%2B')}")
    assert answer.status_code == 200
