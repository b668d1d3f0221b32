"""The people of a storm: clients who signed up by themselves, two clinicians, one practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import db
from core.accounts import passwords
from core.accounts import service as accounts
from core.appointments import service as appointments
from core.appointments.models import TypeMember
from core.tenancy import Scope
from tests.support.house import open_app
from tests.support.place import Place
from vestibule.testing import people
from vestibule.testing.people import PASSWORD

SLUG = "ortiz"
MORE = 1  # clinicians beside Dr Ortiz
BRINGS = "What brings you here?"


@dataclass(frozen=True)
class Someone:
    """One client before anything happened to them."""

    number: int
    email: str
    chart: str

    @property
    def address(self) -> str:
        """Where they sit: each at their own, as behind a proxy."""
        return f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"


def add_people(place: Place, count: int) -> list[Someone]:
    """Add clients to the small practice, and another clinician beside Dr Ortiz."""
    with open_app(place) as house:
        scope = Scope.system("a storm", house.provider_id(SLUG))
        session = next(each for each in appointments.types_of(scope) if each.type.title == "Session")
        # One hash for all: making one is slow on purpose.
        hashed = passwords.hashed(PASSWORD)
        with db.transaction():
            for number in range(MORE):
                account = people.new_account(f"clinician{number}@storms.test", f"Clinician {number}", hashed)
                people.new_member(scope, account, "clinician", account.name)
        members = [house.member(f"clinician{number}@storms.test", SLUG).id for number in range(MORE)]
        people.open_calendar(scope, members, ())
        _offer(scope, session.type.id, members)
        found = []
        for begin in range(0, count, 200):
            with db.transaction():
                found += [_add(scope, hashed, number) for number in range(begin, min(begin + 200, count))]
        return found


def _offer(scope: Scope, type_id: UUID, members: Sequence[UUID]) -> None:
    with db.transaction():
        for member_id in members:
            scope.add(TypeMember, type_id=type_id, member_id=member_id)


def _add(scope: Scope, hashed: str, number: int) -> Someone:
    email = f"person{number}@storms.test"
    account = accounts.add_account(email=email, name=f"Storm Person{number}", password_hash=hashed)
    return Someone(number, email, str(people.new_client(scope, account, "self")))
