"""The practice that a plugin's tests begin in, and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from core import clock, db, subscriptions
from core.accounts import passwords
from core.appointments import service as appointments
from core.appointments.service.types import OfferedType
from core.spec.types import FEATURES, AppointmentRecord, ClientRecord
from core.tenancy import Scope
from core.tenancy.charts import client_record
from vestibule.testing import people
from vestibule.testing.house import Browser, House, prepare
from vestibule.testing.place import Place

SLUG, OTHER_SLUG = "maple", "birch"
OWNER, CLIENT, OPERATOR = "owner@maple.test", "client@maple.test", "operator@maple.test"
OTHER_OWNER, STRANGER = "owner@birch.test", "client@birch.test"


@dataclass(frozen=True)
class Person:
    """Somebody at one practice: `kind` is `client` or `member`, `slug` names the practice."""

    house: House
    slug: str
    email: str
    kind: str

    @property
    def scope(self) -> Scope:
        """The scope that the guard would make for them now."""
        of = self.house.client_scope if self.kind == "client" else self.house.member_scope
        return of(self.email, self.slug)

    @property
    def id(self) -> UUID:
        """The client's id, or the member's."""
        found = (self.house.chart if self.kind == "client" else self.house.member)(self.email, self.slug)
        row_id: UUID = found.id
        return row_id

    @property
    def record(self) -> ClientRecord:
        """The client's record, as hooks get it. Raises NotFound for a member."""
        return client_record(self.scope, self.id)

    def browser(self) -> Browser:
        """A browser of their own, logged in."""
        return self.house.browser(self.email)


@dataclass(frozen=True)
class Practice:
    """A provider with an owner, one client, hours from 9 to 5 each day and a type, Session."""

    house: House
    slug: str = SLUG

    @property
    def id(self) -> UUID:
        return self.house.provider_id(self.slug)

    @property
    def scope(self) -> Scope:
        """The house's own scope of this provider, as jobs and events have it."""
        return Scope.system("a plugin's test", self.id)

    @property
    def owner(self) -> Person:
        return Person(self.house, self.slug, OWNER if self.slug == SLUG else OTHER_OWNER, "member")

    @property
    def client(self) -> Person:
        return Person(self.house, self.slug, CLIENT if self.slug == SLUG else STRANGER, "client")

    def add_client(self, email: str, name: str, origin: str = "invited") -> Person:
        """One more client, joined already; `origin="self"` for who signed up alone."""
        with db.transaction():
            people.new_client(self.scope, people.new_account(email, name), origin)
        return Person(self.house, self.slug, email, "client")

    def add_member(self, email: str, name: str, role: str = "clinician") -> Person:
        """One more member: `owner`, `clinician`, `desk` or `biller`."""
        with db.transaction():
            people.new_member(self.scope, people.new_account(email, name), role, name)
        return Person(self.house, self.slug, email, "member")

    def free_times(self, count: int = 3) -> list[datetime]:
        """The soonest times that clients may book, in UTC."""
        now = clock.now()
        session = [self._session().type]
        offers = appointments.free_times(self.scope, session, now, now + timedelta(days=14))
        return [offer.slot.from_at for offer in islice(offers, count)]

    def book(self, person: Person, at: datetime | None = None) -> AppointmentRecord:
        """Book a Session for a client by themselves, by default as soon as can be.

        Raises Obstructed where a gate is closed, SlotTaken, and Refused `not_offered`.
        """
        client = person.scope
        session = self._session()
        (member_id,) = session.member_ids
        from_at = at or self.free_times(1)[0]
        key = appointments.request_key(str(person.id), session.type.id, member_id, from_at)
        wish = appointments.Wish(person.id, session.type.id, member_id, from_at, key)
        return appointments.book_appointment(client, wish)

    def move(self, appointment: AppointmentRecord, at: datetime) -> AppointmentRecord:
        """Let the owner move an appointment."""
        wish = appointments.Move(appointment.id, appointment.member_id, at)
        return appointments.move_appointment(self.owner.scope, wish)

    def cancel(self, appointment: AppointmentRecord) -> None:
        """Let the owner cancel an appointment."""
        appointments.cancel_appointment(self.owner.scope, appointment.id)

    def _session(self) -> OfferedType:
        return next(
            each for each in appointments.types_of(self.scope) if each.type.title == people.SESSION.title
        )


@dataclass(frozen=True)
class Subscriptions:
    """Switches what the practice holds; `CP`, `MA`, `RS` and `MCP` are on at first."""

    practice: Practice

    def on(self, feature: str) -> None:
        self._switch(feature, is_on=True)

    def off(self, feature: str) -> None:
        self._switch(feature, is_on=False)

    def plugin_off(self, plugin: str) -> None:
        """Switch one plugin off for the practice, as an operator may."""
        operator = self.practice.house.operator_scope(OPERATOR)
        subscriptions.switch_plugin(operator, plugin, self.practice.id, is_on=False)

    def _switch(self, feature: str, *, is_on: bool) -> None:
        operator = self.practice.house.operator_scope(OPERATOR)
        subscriptions.switch(operator, self.practice.id, feature, is_on=is_on)


def two_practices(place: Place) -> None:
    """Write the world that the fixtures begin with: Maple Room, and Birch Room that is foreign to it."""
    try:
        prepare(place)
        with db.connection(), db.transaction():
            _fill()
    finally:
        db.close()


def _fill() -> None:
    hashed = passwords.hashed(people.PASSWORD)
    people.new_account(OPERATOR, "Olga Perez", hashed, is_operator=True)
    for slug, title, owner, client in (
        (SLUG, "Maple Room", (OWNER, "Ida Maple"), (CLIENT, "Carl Cooper")),
        (OTHER_SLUG, "Birch Room", (OTHER_OWNER, "Ben Birch"), (STRANGER, "Stan Ranger")),
    ):
        scope = people.new_provider(slug, title, "America/Chicago", f"{slug.title()} Street")
        member_id = people.new_member(scope, people.new_account(*owner, hashed), "owner", owner[1])
        people.new_client(scope, people.new_account(*client, hashed))
        for feature in FEATURES:
            subscriptions.switch(scope, scope.provider_id, feature, is_on=True)
        people.open_calendar(scope, [member_id])
