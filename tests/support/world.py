"""The world that journeys begin in: two providers, their people, and some days of their work.

It is written by services and through scopes, once for each database of a run, before any server
starts; tests work on copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, db, outbox, subscriptions
from core.accounts import passwords
from core.accounts import service as accounts
from core.appointments import service as appointments
from core.inbox import service as inbox
from core.tenancy import Account, Scope, standing
from plugins.intake import service as intake
from tests.support.place import Place
from vestibule.testing import people
from vestibule.testing.house import prepare
from vestibule.testing.people import PASSWORD, SESSION

FIRST_VISIT = appointments.TypeTerms(
    "First visit", 50, "office", minutes_after=10, is_first_visit=True, cancel_notice_hours=24
)
BY_VIDEO = appointments.TypeTerms(
    "Session by video",
    50,
    "video",
    how_to_join="Open https://meet.example.org/ortiz at the time of the session.",
    minutes_after=10,
)


@dataclass(frozen=True)
class Practice:
    """A provider under construction: its own scope, and its members by e-mail address."""

    scope: Scope
    members: dict[str, UUID]


def empty(place: Place) -> None:
    """All tables, and nobody in them."""
    try:
        prepare(place)
    finally:
        db.close()


def small_practice(place: Place) -> None:
    """The six demo accounts, each role at Harbor Street, and a client who is a stranger to Dr Ortiz."""
    try:
        prepare(place)
        with db.connection():
            # One hash for all: making one is slow on purpose.
            _fill(passwords.hashed(PASSWORD))
    finally:
        db.close()


def quiet_practice(place: Place) -> None:
    """A practice where nothing has happened: no hours, types, appointments or messages.

    Harbor Street has an owner and not one client.
    """
    try:
        prepare(place)
        with db.connection(), db.transaction():
            _fill_quietly(passwords.hashed(PASSWORD))
    finally:
        db.close()


def _fill_quietly(password_hash: str) -> None:
    def account(email: str, name: str, *, is_operator: bool = False) -> Account:
        return people.new_account(email, name, password_hash, is_operator=is_operator)

    account("operator@demo.test", "Op Erator", is_operator=True)
    ortiz = _provider("ortiz", "Dr Lena Ortiz", "America/Chicago", "Suite 2, Elm Street")
    _member(ortiz, account("provider@demo.test", "Lena Ortiz"), "owner", "Dr Lena Ortiz")
    _client(ortiz, account("client@demo.test", "Carla Mendes"), "invited")
    _client(ortiz, account("newclient@demo.test", "Nico Brandt"), "self")
    harbor = _provider("harbor", "Harbor Street Therapy", "America/New_York", "Harbor Street")
    _member(harbor, account("provider2@demo.test", "Maya Lindqvist"), "owner", "Maya Lindqvist")
    for practice in (ortiz, harbor):
        for feature in ("CP", "MCP"):
            subscriptions.switch(practice.scope, practice.scope.provider_id, feature, is_on=True)


def _fill(password_hash: str) -> None:
    def account(email: str, name: str, *, is_operator: bool = False) -> Account:
        return people.new_account(email, name, password_hash, is_operator=is_operator)

    with db.transaction():
        account("operator@demo.test", "Op Erator", is_operator=True)
        ortiz = _provider("ortiz", "Dr Lena Ortiz", "America/Chicago", "Suite 2, Elm Street")
        _member(ortiz, account("provider@demo.test", "Lena Ortiz"), "owner", "Dr Lena Ortiz")
        harbor = _provider("harbor", "Harbor Street Therapy", "America/New_York", "Harbor Street")
        _member(harbor, account("provider2@demo.test", "Maya Lindqvist"), "owner", "Maya Lindqvist")
        _member(harbor, account("clinician@harbor.test", "Sam Okafor"), "clinician", "Sam Okafor")
        _member(harbor, account("desk@harbor.test", "Ines Duarte"), "desk", "Ines Duarte")
        _member(harbor, account("biller@harbor.test", "Tom Vance"), "biller", "Tom Vance")
        carla = account("client@demo.test", "Carla Mendes")
        client = _client(ortiz, carla, "invited")
        nico = account("newclient@demo.test", "Nico Brandt")
        _client(ortiz, nico, "self")
        twofold = account("twoproviders@demo.test", "Tess Farrow")
        _client(ortiz, twofold, "invited")
        _client(harbor, twofold, "invited")
        _client(harbor, account("stranger@demo.test", "Stan Ranger"), "invited")
    for feature in ("CP", "MA", "RS", "MCP"):
        subscriptions.switch(ortiz.scope, ortiz.scope.provider_id, feature, is_on=True)
    subscriptions.switch(harbor.scope, harbor.scope.provider_id, "CP", is_on=True)
    _open_calendar(ortiz, ["provider@demo.test"], (FIRST_VISIT, SESSION, BY_VIDEO))
    _open_calendar(harbor, ["provider2@demo.test", "clinician@harbor.test"], (FIRST_VISIT, SESSION))
    _book_some(ortiz, client)
    _write_some(ortiz, harbor)
    _ask_some(ortiz)
    _forget_mail()


def _provider(slug: str, name: str, zone: str, street: str) -> Practice:
    return Practice(people.new_provider(slug, name, zone, street), {})


def _member(practice: Practice, account: Account, role: str, name: str) -> None:
    practice.members[account.email] = people.new_member(practice.scope, account, role, name)


def _client(practice: Practice, account: Account, origin: str) -> UUID:
    return people.new_client(practice.scope, account, origin)


def _open_calendar(practice: Practice, emails: list[str], types: tuple[appointments.TypeTerms, ...]) -> None:
    people.open_calendar(practice.scope, [practice.members[email] for email in emails], types)


def _book_some(practice: Practice, client_id: UUID) -> None:
    """A session a week ago and one in four days, at ten."""
    session = next(each for each in appointments.types_of(practice.scope) if each.type.title == "Session")
    zone = ZoneInfo("America/Chicago")
    ten = datetime.now(zone).replace(hour=10, minute=0, second=0, microsecond=0)
    for days in (-7, 4):
        from_at = ten + timedelta(days=days)
        wish = appointments.Wish(
            client_id=client_id,
            type_id=session.type.id,
            member_id=practice.members["provider@demo.test"],
            from_at=from_at,
            key=f"a session {days:+}".encode().ljust(16),
            overrides=True,
        )
        # What is past now was booked before it.
        with clock.standing_at(from_at - timedelta(days=14)):
            appointments.book_appointment(practice.scope, wish)


def _write_some(ortiz: Practice, harbor: Practice) -> None:
    """A thread with an answer that is unread, one that waits for an answer, one at the other provider."""
    carla, lena = _scope(ortiz, "client@demo.test"), _scope(ortiz, "provider@demo.test")
    thread = inbox.send_new(
        carla,
        carla.client_id,
        subject="About next week",
        body="Could we meet an hour later than usual?",
        key="about next week",
    )
    inbox.reply(lena, thread.id, body="Yes, eleven works for me.", key="an answer")
    tess, stan = _scope(ortiz, "twoproviders@demo.test"), _scope(harbor, "stranger@demo.test")
    for writer, subject in ((tess, "A form for work"), (stan, "The side door")):
        inbox.send_new(writer, writer.client_id, subject=subject, body="When would suit you?", key=subject)


def _ask_some(practice: Practice) -> None:
    """Two questions of the provider's own; that intake comes before scheduling is the default."""
    lena = _scope(practice, "provider@demo.test")
    intake.add_question(lena, "long_text", "What brings you here?", required=True, options=())
    intake.add_question(
        lena, "choice", "How did you hear of us?", required=False, options=("A friend", "My doctor")
    )
    intake.publish(lena, "A few questions")


def _scope(practice: Practice, email: str) -> Scope:
    """Somebody of this practice, as the guard would see them there."""
    account = accounts.account_with_email(email)
    assert account is not None
    of = standing.member_scope if email in practice.members else standing.client_scope
    return of(account, subscriptions.of).narrow(practice.scope.provider_id)


def _forget_mail() -> None:
    """Deliver what rooms tell each other; of mail the tests want to see only their own."""
    while outbox.drain(kinds={"event"}):
        pass
    with db.transaction():
        db.house_delete(outbox.Outbox).where(outbox.Outbox.kind == "mail").execute()
