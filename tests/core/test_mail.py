"""Mail: rendered when it is sent, in the reader's language, and only for who should still get it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jinja2
import pytest

from core import clock, db, hooks, mail, outbox, subscriptions
from core.hooks.plugin import House
from core.operators.words import reason_words
from core.settings import Settings
from core.tenancy import Account, Client, Member, Provider, Scope
from tests.support.mail import PostOffice

HOUSE = Scope.system("test")
TEMPLATE = """
{% block subject %}{{ _("A message") }} {{ note }}
{% endblock %}
{% block body %}
{{ reader }}|{{ practice }}|{{ from_at|day }}|{{ from_at|time }}|{{ on_day|long_day }}
{{ link("room.thing", id=thing_id) }}
{% endblock %}
"""
VALUES: dict[str, Any] = {
    "note": "for O'Brien & Søn",
    "from_at": datetime(2026, 12, 3, 20, 0, tzinfo=UTC),
    "on_day": date(2026, 12, 4),
    "thing_id": UUID(int=7),
}


@pytest.fixture
def bind(ground: Settings, post_office: PostOffice, tmp_path: Path) -> Callable[..., None]:
    """Mail with the post office as its server; `bind(smtp_host="")` for settings that differ."""
    told = post_office.environment
    settings = replace(
        ground,
        base_url="https://portal.test",
        smtp_host=told["VESTIBULE_SMTP_HOST"],
        smtp_port=int(told["VESTIBULE_SMTP_PORT"]),
        smtp_security="none",
        mail_from="Portal <portal@vestibule.test>",
    )
    folder = tmp_path / "templates" / "room" / "mail"
    folder.mkdir(parents=True)
    (folder / "thing.txt").write_text(TEMPLATE, encoding="utf-8")

    def bound(**differing: Any) -> None:
        folders = [tmp_path / "templates"]
        mail.bind(
            replace(settings, **differing), folders, lambda _name, id: f"https://portal.test/thing/{id}"
        )

    return bound


@pytest.fixture
def provider(bind: Callable[..., None]) -> UUID:
    """A provider with Client Portal; mail goes to the post office."""
    bind()
    hooks.load({}, [])
    outbox.deliver("mail", mail.send)
    with db.transaction():
        row = HOUSE.add(
            Provider,
            slug="ortiz",
            name="Ortiz Psychiatry",
            outside_name="Lake Street Office",
            zone="America/Chicago",
            created_at=clock.now(),
        )
        subscriptions.switch(HOUSE, row.id, "CP", is_on=True)
    found: UUID = row.id
    return found


def add_account(email: str, name: str = "Ana Ruiz", **more: Any) -> UUID:
    with db.transaction():
        account = HOUSE.add(
            Account, email=email, email_blind=email.encode(), name=name, created_at=clock.now(), **more
        )
    found: UUID = account.id
    return found


def join(provider_id: UUID, account_id: UUID) -> Client:
    now = clock.now()
    with db.transaction():
        client: Client = HOUSE.add(
            Client,
            provider_id=provider_id,
            account_id=account_id,
            given_name="Ana",
            family_name="Ruiz",
            origin="invited",
            joined_at=now,
            created_at=now,
        )
    return client


def queue(key: str = "k1", **more: Any) -> None:
    with db.transaction():
        mail.queue(HOUSE, "room/thing", key=key, **VALUES | more)


def state(key: str = "k1") -> tuple[bool, str]:
    row = HOUSE.rows(outbox.Outbox).where(outbox.Outbox.key == key).get()
    return row.done_at is not None, row.error


def test_a_letter_says_it_in_the_reader_s_language_and_zone(provider: UUID, post_office: PostOffice) -> None:
    account_id = add_account("ana@demo.test", locale="es", zone="Europe/Madrid")
    join(provider, account_id)
    queue(to_account_id=account_id, provider_id=provider)
    assert outbox.drain() == 1
    letter = post_office.wait_for("ana@demo.test")
    assert letter.subject.endswith("for O'Brien & Søn")
    assert "Ana Ruiz|Lake Street Office|" in letter.text
    assert "|21:00|" in letter.text
    assert "4 de diciembre de 2026" in letter.text
    assert letter.link("thing") == f"/thing/{UUID(int=7)}"


def test_a_stranger_s_letter_is_in_the_provider_s_language_and_zone(
    provider: UUID, post_office: PostOffice
) -> None:
    queue(to_address="new@demo.test", provider_id=provider)
    outbox.drain()
    letter = post_office.wait_for("new@demo.test")
    assert "Thu, Dec 3|2:00" in letter.text
    assert letter.message["From"] == "Lake Street Office <portal@vestibule.test>"
    assert "Psychiatry" not in str(letter.message), "the name inside the portal can itself tell"


def test_A67_a_letter_that_arrives_twice_is_one_to_a_mail_program(
    provider: UUID, post_office: PostOffice
) -> None:
    queue(to_address="new@demo.test")
    row = HOUSE.rows(outbox.Outbox).get()
    for _ in range(2):
        mail.send(HOUSE, row.target, row.payload, None)
    first, second = post_office.mails()
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.message["Auto-Submitted"] == "auto-generated"


def test_A21_nobody_outside_gets_a_provider_s_letter(provider: UUID, post_office: PostOffice) -> None:
    account_id = add_account("ana@demo.test")
    client = join(provider, account_id)
    with db.transaction():
        HOUSE.change(client, ended_at=clock.now())
    queue("k1", to_account_id=account_id, provider_id=provider)
    queue("k2", to_account_id=account_id, provider_id=provider, completes=True)
    queue("k3", to_account_id=account_id)
    outbox.drain()
    assert state("k1") == (False, "join_ended")
    assert state("k2") == state("k3") == (True, "")


def test_a_member_belongs_until_removed(provider: UUID, post_office: PostOffice) -> None:
    account_id = add_account("desk@demo.test")
    with db.transaction():
        member = HOUSE.add(
            Member,
            provider_id=provider,
            account_id=account_id,
            name="Desk",
            role="desk",
            joined_at=clock.now(),
        )
    queue("k1", to_account_id=account_id, provider_id=provider)
    outbox.drain()
    with db.transaction():
        HOUSE.change(member, removed_at=clock.now())
    queue("k2", to_account_id=account_id, provider_id=provider)
    outbox.drain()
    assert (state("k1"), state("k2")) == ((True, ""), (False, "join_ended"))


def test_A22_a_letter_that_needs_a_feature_is_dropped_when_it_ended(
    provider: UUID, post_office: PostOffice
) -> None:
    queue("k1", to_address="a@demo.test", provider_id=provider, needs={"CP"})
    queue("k2", to_address="a@demo.test", provider_id=provider, needs={"CP", "RS"})
    outbox.drain()
    assert (state("k1"), state("k2")) == ((True, ""), (False, "subscription_ended"))


def test_A08_a_disabled_account_gets_nothing(provider: UUID, post_office: PostOffice) -> None:
    account_id = add_account("ana@demo.test", disabled_at=clock.now())
    queue(to_account_id=account_id)
    outbox.drain()
    assert state() == (False, "account_disabled")
    assert post_office.mails() == []


@pytest.mark.parametrize(
    ("answer", "is_parked"),
    [
        ("452 4.2.2 The mail box is full", False),
        ("550 5.1.1 Nobody has this address", True),
        ("<html>It works!</html>", False),
    ],
)
def test_A67_what_the_mail_server_answers_decides(
    provider: UUID, post_office: PostOffice, answer: str, *, is_parked: bool
) -> None:
    post_office.refuse(1, answer)
    queue(to_address="a@demo.test")
    outbox.drain()
    row = HOUSE.rows(outbox.Outbox).get()
    assert (row.parked_at is not None) == is_parked
    with clock.standing_at(row.due_at):
        outbox.drain()
    assert len(post_office.mails()) == (0 if is_parked else 1)


@pytest.mark.parametrize(
    ("unset", "why", "words"),
    [
        ("smtp_host", "no_mail_server", "VESTIBULE_SMTP_HOST is missing"),
        ("mail_from", "no_sender", "VESTIBULE_MAIL_FROM is missing"),
    ],
)
def test_A67_a_letter_of_a_place_without_mail_settings_waits_and_says_which_is_missing(
    provider: UUID, bind: Callable[..., None], post_office: PostOffice, unset: str, why: str, words: str
) -> None:
    bind(**{unset: ""})
    queue(to_address="a@demo.test")
    outbox.drain()
    (row,) = outbox.parked()
    assert (row.error, row.tries) == (why, 1), "another try of this process can't help"
    assert words in reason_words(row.error)
    bind()
    assert outbox.resume(row.id)
    outbox.drain()
    assert post_office.wait_for("a@demo.test")


def test_A37_a_value_with_line_breaks_makes_no_header(provider: UUID, post_office: PostOffice) -> None:
    queue(to_address="a@demo.test", note="x\r\nBcc: thief@evil.test")
    outbox.drain()
    letter = post_office.wait_for("a@demo.test")
    assert letter.message["Bcc"] is None
    assert [mailed.to for mailed in post_office.mails()] == ["a@demo.test"]


def test_a_template_that_lacks_a_value_fails_instead_of_sending_a_hole(provider: UUID) -> None:
    with pytest.raises(jinja2.UndefinedError):
        mail.render("room/thing", {"note": "x"}, "en", "UTC")


def test_a_letter_goes_to_one_place(provider: UUID) -> None:
    with pytest.raises(ValueError, match="either to an account or to an address"):
        queue()
    with pytest.raises(ValueError, match="either to an account or to an address"):
        queue(to_account_id=db.new_id(), to_address="a@demo.test")


def test_A22_a_plugin_s_letter_needs_what_its_manifest_says(provider: UUID, post_office: PostOffice) -> None:
    House.plugins["room"] = hooks.Plugin("room", "Room", "1", frozenset({"RS"}))
    queue("k1", to_address="a@demo.test", provider_id=provider)
    queue("k2", to_address="a@demo.test", provider_id=provider, completes=True)
    queue("k3", to_address="a@demo.test")
    outbox.drain()
    assert [state(key) for key in ("k1", "k2", "k3")] == [
        (False, "subscription_ended"),
        (True, ""),
        (True, ""),
    ]
    subscriptions.switch(HOUSE, provider, "RS", is_on=True)
    subscriptions.switch_plugin(HOUSE, "room", None, is_on=False)
    queue("k4", to_address="a@demo.test", provider_id=provider)
    outbox.drain()
    assert state("k4") == (False, "plugin_off")
