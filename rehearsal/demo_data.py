"""The demo's world: two providers, forty clients, three weeks of appointments around today.

Written by the services, so that everything in it could have happened; the same seed gives the
same people, times and words.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, db, hooks, outbox, subscriptions
from core.accounts import passwords
from core.accounts import service as accounts
from core.appointments import service as appointments
from core.inbox import service as inbox
from core.spec.types import Address, Demographics, EmergencyContact
from core.tenancy import Account, Client, Member, Provider, Scope, charts, standing
from rehearsal import people

PLUGINS = ("intake", "myclientsplus")
PASSWORD = "open-the-door-2026"  # noqa: S105 -- the demo's own, printed on its login page
TYPES = (
    appointments.TypeTerms(
        "First visit", 50, "office", minutes_after=10, cancel_notice_hours=24, is_first_visit=True
    ),
    appointments.TypeTerms("Session", 50, "office", minutes_after=10, cancel_notice_hours=24),
    appointments.TypeTerms(
        "Session by video",
        50,
        "video",
        how_to_join="Open the practice's own video room: https://video.example/elm-12",
        minutes_after=10,
        cancel_notice_hours=24,
    ),
    appointments.TypeTerms("Short check-in", 25, "phone", minutes_after=5, cancel_notice_hours=24),
)


@dataclass
class Practice:
    """A provider being filled: its scope, its clinicians, its clients."""

    scope: Scope
    zone: ZoneInfo
    members: list[Member] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)


def fill(seed: int) -> None:
    """Fill an empty database with the demo, all or nothing; the mail box begins empty."""
    with db.transaction():
        _fill(seed)
    _forget_mail()


def _fill(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a made-up world, no secret
    password_hash = passwords.hashed(PASSWORD)
    ortiz = _provider("ortiz", "Dr Lena Ortiz", "Elm Street Office", "America/Chicago")
    harbor = _provider("harbor", "Harbor Street Therapy", "Harbor Street Office", "America/New_York")
    with db.transaction():
        _account("operator@demo.test", "Olu Adeyemi", password_hash, is_operator=True)
        _staff(ortiz, password_hash, (("provider@demo.test", "Dr Lena Ortiz", "owner"),))
        harbor_staff = (
            ("provider2@demo.test", "Maya Lindqvist", "owner"),
            ("sam@demo.test", "Sam Okafor", "clinician"),
            ("priya@demo.test", "Priya Raman", "clinician"),
            ("desk@demo.test", "Ines Duarte", "desk"),
        )
        _staff(harbor, password_hash, harbor_staff)
        _clients(ortiz, harbor, password_hash, chance)
    for feature in ("CP", "MA", "RS", "MCP"):
        subscriptions.switch(ortiz.scope, ortiz.scope.provider_id, feature, is_on=True)
    subscriptions.switch(harbor.scope, harbor.scope.provider_id, "CP", is_on=True)
    for practice in (ortiz, harbor):
        _open_calendar(practice)
        _book(practice, chance)
        _write(practice, chance)
        for part in _parts():
            part.fill(practice, chance)


def _provider(slug: str, name: str, outside_name: str, zone: str) -> Practice:
    with db.transaction():
        row = Scope.system("demo").add(
            Provider,
            slug=slug,
            name=name,
            outside_name=outside_name,
            phone="(312) 555-0142" if slug == "ortiz" else "(212) 555-0187",
            address={
                "line1": "12 Elm Street, room 2" if slug == "ortiz" else "340 Harbor Street",
                "line2": "",
                "city": "Chicago" if slug == "ortiz" else "New York",
                "state": "IL" if slug == "ortiz" else "NY",
                "postal": "60614" if slug == "ortiz" else "10004",
            },
            zone=zone,
            crisis_line="In an emergency call 911 or 988.",
            created_at=clock.now() - timedelta(days=400),
        )
    return Practice(Scope.system("demo", row.id), ZoneInfo(zone))


def _account(email: str, name: str, password_hash: str, *, is_operator: bool = False) -> Account:
    return accounts.add_account(email=email, name=name, password_hash=password_hash, is_operator=is_operator)


def _staff(practice: Practice, password_hash: str, staff: tuple[tuple[str, str, str], ...]) -> None:
    for number, (email, name, role) in enumerate(staff):
        account = _account(email, name, password_hash)
        joined_at = clock.now() - timedelta(days=390 - number)
        member = practice.scope.add(Member, account_id=account.id, name=name, role=role, joined_at=joined_at)
        if role in ("owner", "clinician"):
            practice.members.append(member)


def _clients(ortiz: Practice, harbor: Practice, password_hash: str, chance: random.Random) -> None:
    """Forty people: the three of the demo's login page, and those of `people`."""
    carla = _account("client@demo.test", "Carla Mendes", password_hash)
    nico = _account("newclient@demo.test", "Nico Brandt", password_hash)
    tess = _account("twoproviders@demo.test", "Tess Farrow", password_hash)
    _chart(ortiz, carla.name, chance, carla, "invited")
    _chart(ortiz, nico.name, chance, nico, "self")
    _chart(ortiz, tess.name, chance, tess, "invited")
    _chart(harbor, tess.name, chance, tess, "invited")
    for number, name in enumerate(people.NAMES):
        practice = ortiz if number % 5 < 2 else harbor
        joins = number % 4 != 3
        email = f"client{number + 1}@example.test"
        account = _account(email, name, password_hash) if joins else None
        origin = "provider" if account is None else ("self" if number % 6 == 0 else "invited")
        _chart(practice, name, chance, account, origin)


def _chart(
    practice: Practice, name: str, chance: random.Random, account: Account | None, origin: str
) -> Client:
    given, family = name.split(" ", 1)
    since = clock.now() - timedelta(days=1 if given == "Nico" else chance.randint(20, 380))
    email = account.email if account else None
    client: Client = practice.scope.add(
        Client,
        account_id=account.id if account else None,
        given_name=given,
        family_name=family,
        email=email,
        email_blind=accounts.client_email_blind(email, practice.scope.provider_id) if email else None,
        origin=origin,
        joined_at=since if account else None,
        created_at=since,
    )
    if given != "Nico":
        charts.correct_demographics(practice.scope, client.id, _told(given, family, chance))
    practice.clients.append(client)
    return client


def _told(given: str, family: str, chance: random.Random) -> Demographics:
    born = datetime(chance.randint(1951, 2005), chance.randint(1, 12), chance.randint(1, 28))  # noqa: DTZ001
    street = f"{chance.randint(2, 890)} {chance.choice(people.STREETS)}"
    contact = chance.choice(("Alex", "Jo", "Marta", "Ben", "Lin"))
    return Demographics(
        given_name=given,
        family_name=family,
        pronouns=chance.choice(people.PRONOUNS),
        birth_on=born.date(),
        phone=f"(312) 555-{chance.randint(100, 199):04d}",
        address=Address(street, "", "Chicago", "IL", f"606{chance.randint(1, 60):02d}"),
        emergency_contact=EmergencyContact(
            f"{contact} {family}", chance.choice(("sibling", "spouse", "friend")), "(312) 555-0133"
        ),
    )


def _open_calendar(practice: Practice) -> None:
    """Weekdays from nine to five with an hour at noon, each type with everybody."""
    ids = [member.id for member in practice.members]
    for member_id in ids:
        appointments.add_hours(practice.scope, member_id, range(5), 9 * 60, 12 * 60)
        appointments.add_hours(practice.scope, member_id, range(5), 13 * 60, 17 * 60)
    for terms in TYPES:
        appointments.add_type(practice.scope, terms, ids)


def _book(practice: Practice, chance: random.Random) -> None:
    """From ten days ago until eleven days ahead, three or four a day for each clinician."""
    types = [each.type for each in appointments.types_of(practice.scope)]
    sessions = [kind for kind in types if not kind.is_first_visit]
    clients = [each for each in practice.clients if each.given_name != "Nico"]
    today = clock.today(str(practice.zone))
    turn = 0
    for ahead in range(-10, 12):
        day = today + timedelta(days=ahead)
        if day.weekday() > 4 and ahead != 0:
            continue
        for member in practice.members:
            for hour in sorted(chance.sample((9, 10, 11, 13, 14, 15, 16), chance.randint(3, 4))):
                client = clients[turn % len(clients)]
                turn += 1
                from_at = datetime.combine(day, time(hour), practice.zone)
                _book_one(practice, client, chance.choice(sessions).id, member.id, from_at)


def _book_one(practice: Practice, client: Client, type_id: UUID, member_id: UUID, from_at: datetime) -> None:
    key = appointments.request_key(str(client.id), type_id, member_id, from_at)
    wish = appointments.Wish(client.id, type_id, member_id, from_at, key, overrides=True)
    booked_at = min(from_at - timedelta(days=5), clock.now() - timedelta(minutes=30))
    with clock.standing_at(booked_at):
        appointments.book_appointment(practice.scope, wish)


def _write(practice: Practice, chance: random.Random) -> None:
    writers = [client for client in practice.clients if client.account_id is not None]
    writers = [client for client in writers if client.given_name != "Nico"]
    chosen = [writers[0], *chance.sample(writers[1:], min(7, len(writers) - 1))]
    threads = list(people.THREADS)
    chance.shuffle(threads)
    for number, (client, thread) in enumerate(zip(chosen, threads, strict=False)):
        began_at = clock.now() - timedelta(days=9 - number, hours=chance.randint(1, 8))
        _write_thread(practice, client, thread, began_at)
    if writers[0].given_name == "Carla":
        _unread_for(practice, writers[0])


def _write_thread(practice: Practice, client: Client, thread: tuple[str, ...], began_at: datetime) -> None:
    subject, first, *answers = thread
    own, theirs = scope_of(practice, client), scope_of(practice, None)
    with clock.standing_at(began_at):
        row = inbox.send_new(own, client.id, subject=subject, body=first, key=subject)
    for number, words in enumerate(answers):
        with clock.standing_at(began_at + timedelta(hours=3 * (number + 1))):
            writer = theirs if number % 2 == 0 else own
            inbox.reply(writer, row.id, body=words, key=f"{subject} {number}")


def _unread_for(practice: Practice, client: Client) -> None:
    """Two messages that the demo's client has not read yet."""
    theirs = scope_of(practice, None)
    for hours, subject, words in (
        (26, "Before our next session", "Here is the breathing exercise: four in, hold for four, six out."),
        (3, "About Thursday", "I am a few minutes late on Thursday. Take your time on the way."),
    ):  # fmt: skip
        with clock.standing_at(clock.now() - timedelta(hours=hours)):
            inbox.send_new(theirs, client.id, subject=subject, body=words, key=subject)


def scope_of(practice: Practice, client: Client | None) -> Scope:
    """A client of the practice, or its first clinician, as the guard would see them."""
    account_id: UUID = (client or practice.members[0]).account_id  # type: ignore[assignment]
    account = accounts.account_with_id(account_id)
    of = standing.member_scope if client is None else standing.client_scope
    return of(account, subscriptions.of).narrow(practice.scope.provider_id)


def _parts() -> Iterator[Any]:
    """What the demo writes for plugins: each in a module of its own, for those that are here."""
    for plugin in PLUGINS:
        if not hooks.is_refused(plugin):
            yield import_module(f"rehearsal.demo_{plugin}")


def _forget_mail() -> None:
    """Deliver what rooms tell each other, and send none of the letters of these weeks."""
    while outbox.drain(kinds={"event"}):
        pass
    with db.transaction():
        db.house_delete(outbox.Outbox).where(outbox.Outbox.kind == "mail").execute()
