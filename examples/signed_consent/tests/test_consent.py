"""Signing: who is asked, the gate, once, and nobody else's business."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consent import hooks, service
from consent.models import Signature
from vestibule.data import NotConnected, Obstructed, Refused, practice_records
from vestibule.testing import Browser, Clock, House, Person, Practice, Subscriptions

TEXT = "Sessions are confidential.\n\nI may end them at any time."
Browsers = Callable[[Person | None], Browser]


@pytest.fixture
def published(practice: Practice) -> Practice:
    service.publish(practice.owner.scope, TEXT)
    return practice


def test_without_a_text_nobody_is_asked(practice: Practice, client: Person, browser: Browsers) -> None:
    practice.book(client)
    assert browser(client).open(f"/consent/{client.id}/").status == 404


def test_the_gate_is_closed_until_it_is_signed(
    published: Practice, client: Person, browser: Browsers
) -> None:
    with pytest.raises(Obstructed) as refusal:
        published.book(client)
    assert [each.code for each in refusal.value.obstacles] == ["consent_unsigned"]
    at = browser(client)
    assert at.open("/inbox/").has("Consent Needed before you can schedule.")
    assert at.follow("Read and sign").has("Sessions are confidential.")
    assert at.press("Sign", {"Your full name": "Carl Cooper"}).status == 422
    assert at.page.has("Tick this if you agree.")
    assert at.press("Sign", {"Your full name": "Carl Cooper", "agrees": "y"}).has("You signed this as")
    assert not at.open("/inbox/").has("Consent")
    published.book(client)


def test_signing_twice_is_one_signature(published: Practice, client: Person) -> None:
    for name in ("Carl Cooper", "C. Cooper"):
        service.sign(client.scope, client.id, 1, name)
    assert [each.name for each in service.signatures(published.owner.scope, client.id)] == ["Carl Cooper"]


def test_another_text_is_asked_again_and_the_old_signature_stays(published: Practice, client: Person) -> None:
    service.sign(client.scope, client.id, 1, "Carl Cooper")
    service.publish(published.owner.scope, "Another text.")
    with pytest.raises(Refused, match="text_changed"):
        service.sign(client.scope, client.id, 1, "Carl Cooper")
    assert service.is_waiting(client.scope, client.record)
    assert [each.version for each in service.signatures(published.owner.scope, client.id)] == [1]


def test_the_practice_writes_the_text_and_sees_who_signed(
    practice: Practice, client: Person, member: Person, browser: Browsers
) -> None:
    at = browser(member)
    at.open("/practice/maple/settings/")
    at.follow("Consent to sign")
    assert at.press("Publish", {"body": TEXT}).has("Saved.")
    assert at.open("/practice/maple/clients/").has("Consent not signed")
    at.open(f"/practice/maple/clients/{client.id}/consent/")
    assert at.page.has("The current text is not signed yet.")
    service.sign(client.scope, client.id, 1, "Carl Cooper")
    assert at.open(at.page.path).has("Signed as Carl Cooper")
    desk = practice.add_member("desk@maple.test", "Dee Esk", "desk")
    assert browser(desk).open(f"/practice/maple/clients/{client.id}/consent/").status == 404


def test_what_was_signed_is_filed_in_the_practice_s_record_once(
    published: Practice, client: Person, house: House
) -> None:
    record = practice_records(published.scope)
    assert record.demographics.read(client.id) is None
    service.sign(client.scope, client.id, 1, "Carl Cooper")
    assert record.notes.notes(client.id).entries == (), "nothing leaves before the commit"
    house.deliver()
    known = record.demographics.read(client.id)
    assert known is not None
    assert known.demographics.given_name == "Carl"
    (kept,) = record.notes.notes(client.id).entries
    assert kept.note.text == f"Signed as Carl Cooper.\n\n{TEXT}"
    (signature,) = published.scope.rows(Signature)
    service.file_signed(published.scope, signature.id, kept.note.title, "Signed as %(name)s.")
    assert len(record.notes.notes(client.id).entries) == 1


def test_without_a_record_signing_is_all(
    published: Practice, client: Person, house: House, subscriptions: Subscriptions
) -> None:
    subscriptions.off("MCP")
    service.sign(client.scope, client.id, 1, "Carl Cooper")
    with pytest.raises(NotConnected):
        practice_records(published.scope)
    house.deliver()
    published.book(client)
    subscriptions.on("MCP")
    house.deliver()
    assert practice_records(published.scope).notes.notes(client.id).entries == ()


def test_practices_are_apart(
    published: Practice, other_practice: Practice, client: Person, browser: Browsers
) -> None:
    other_practice.book(other_practice.client)
    assert browser(other_practice.client).open(f"/consent/{client.id}/").status == 404
    assert browser(other_practice.owner).open(f"/practice/birch/clients/{client.id}/consent/").status == 404


def test_switched_off_nothing_of_it_is_here(
    published: Practice, client: Person, browser: Browsers, subscriptions: Subscriptions
) -> None:
    subscriptions.off("CP")
    assert browser(client).open(f"/consent/{client.id}/").status == 404


def test_a_client_reads_it_in_spanish(published: Practice, client: Person, browser: Browsers) -> None:
    at = browser(client)
    at.open("/settings/")
    at.press("Save", {"locale": "es"})
    assert at.open(f"/consent/{client.id}/").has("He leído esto y estoy de acuerdo")


def test_the_name_is_sealed(published: Practice, client: Person, house: House) -> None:
    service.sign(client.scope, client.id, 1, "Zebulon Quartz")
    assert house.stored("consent_signature")
    assert b"Zebulon" not in house.stored("consent_signature")


def test_a_client_can_take_along_what_they_signed(published: Practice, client: Person) -> None:
    service.sign(client.scope, client.id, 1, "Carl Cooper")
    (section,) = hooks.export_client_data(client.scope, client.record)
    assert section.rows[0]["signed_as"] == "Carl Cooper"
    assert section.rows[0]["text"] == TEXT


def test_what_was_signed_is_kept_for_six_years_when_a_client_is_erased(
    published: Practice, client: Person, browser: Browsers, clock: Clock
) -> None:
    service.sign(client.scope, client.id, 1, "Carl Cooper")
    path = f"/practice/maple/clients/{client.id}/erase/"
    at = browser(published.owner)
    at.open(path)
    page = at.press("Erase for good", {"name": "Carl Cooper"})
    assert page.has("1 kept. US health privacy rules ask that what was signed is kept for six years")
    clock.forward(days=7 * 366)
    at = browser(published.owner)
    at.open(path)
    assert at.press("Ask all parts again").has("Consent 1 erased")
