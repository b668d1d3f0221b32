"""A provider with a clinician, hours and one type, made by the services; for tests of booking."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, cast
from uuid import UUID

from core import audit, clock, db, hooks, outbox, subscriptions
from core.appointments import hooks as appointments
from core.appointments import service
from core.appointments.service import TypeTerms
from core.spec.scope import MemberRef, Role
from core.spec.types import Obstacle
from core.tenancy import Account, Client, Member, Provider, Scope
from tests.support.ground import LOWER_ROOMS, open_ground
from tests.support.place import Place
from tests.support.run import CHECKOUT

SOURCES = (*LOWER_ROOMS, ("appointments", CHECKOUT / "core/appointments/migrations"))
# A Monday, 7 in the morning in Chicago.
MONDAY = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
SYSTEM = Scope.system("test")


@dataclass
class Office:
    """One provider as tests need it; scopes are made as the guard makes them."""

    provider: Provider
    owner: Member
    type_id: UUID

    def client(self, name: str = "Ana") -> Scope:
        """The scope of a client who is new here."""
        account = new_account(name)
        with db.transaction():
            client = SYSTEM.add(
                Client,
                provider_id=self.provider.id,
                account_id=account.id,
                given_name=name,
                family_name="Silva",
                origin="invited",
                joined_at=clock.now(),
                created_at=clock.now(),
            )
        return Scope(
            "client",
            account_id=account.id,
            providers=frozenset({self.provider.id}),
            clients={self.provider.id: client.id},
            records={self.provider.id: self.provider.record()},
        )

    def member(self, member: Member | None = None) -> Scope:
        """The scope of a member."""
        who = member or self.owner
        return Scope(
            "member",
            account_id=who.account_id,
            providers=frozenset({self.provider.id}),
            members={self.provider.id: MemberRef(who.id, cast("Role", who.role), who.name)},
            records={self.provider.id: self.provider.record()},
        )

    def colleague(self, name: str, role: str = "clinician") -> Member:
        """Another member."""
        return new_member(self.provider.id, name, role)

    def wish(self, scope: Scope, at: datetime, key: bytes = b"", **more: Any) -> service.Wish:
        """A wish for the one type with the owner; the key is the client's and the time's."""
        client_id = more.pop("client_id", None) or scope.client_id
        member_id = more.pop("member_id", self.owner.id)
        made = service.request_key(str(client_id), self.type_id, member_id, at)
        return service.Wish(client_id, self.type_id, member_id, at, key or made, **more)


def new_account(name: str) -> Account:
    with db.transaction():
        account: Account = SYSTEM.add(
            Account,
            email=f"{name}@example.test",
            email_blind=db.new_id().bytes,
            name=name,
            created_at=clock.now(),
        )
    return account


def new_member(provider_id: UUID, name: str, role: str) -> Member:
    account = new_account(name)
    with db.transaction():
        member: Member = SYSTEM.add(
            Member,
            provider_id=provider_id,
            account_id=account.id,
            name=name,
            role=role,
            joined_at=clock.now(),
        )
    return member


def new_office(slug: str = "ortiz", **terms: Any) -> Office:
    """Open Monday to Friday, 9 to 5 in Chicago; a type of 50 minutes at the office."""
    with db.transaction():
        provider = SYSTEM.add(
            Provider, slug=slug, name="Dr Lena Ortiz", zone="America/Chicago", created_at=clock.now()
        )
        subscriptions.switch(SYSTEM, provider.id, "CP", is_on=True)
    owner = new_member(provider.id, "Dr Lena Ortiz", "owner")
    office = Office(provider, owner, db.new_id())
    scope = office.member()
    service.add_hours(scope, owner.id, range(5), 9 * 60, 17 * 60)
    given = {"title": "Session", "minutes": 50, "place": "office", "cancel_notice_hours": 24, **terms}
    office.type_id = service.add_type(scope, TypeTerms(**given), [owner.id]).id
    return office


class Gate(ModuleType):
    """A room with one gate, which a test opens and closes."""

    def __init__(self) -> None:
        super().__init__("gate")
        self.obstacles: list[Obstacle] = []
        self.asked: list[Any] = []
        self.when_asked: Callable[[], None] = lambda: None

        @hooks.hookimpl
        def booking_obstacles(scope: Any, client: Any, slot: Any) -> Sequence[Obstacle]:
            self.asked.append(slot)
            self.when_asked()
            return list(self.obstacles)

        self.booking_obstacles = booking_obstacles


@contextmanager
def open_booking(place: Place) -> Iterator[Gate]:
    """Tables and hooks of appointments, with a gate beside them; the clock stands on a Monday."""
    gate = Gate()
    with open_ground(place, SOURCES), clock.standing_at(MONDAY):
        hooks.load({"appointments": appointments, "gate": gate}, [], [])
        hooks.bind(put_event=outbox.put)
        audit.declare(event for _, event in hooks.declared("register_audit_events"))
        yield gate
