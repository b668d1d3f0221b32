"""Providers, members and clients for tests, written by services and through scopes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core import clock
from core.accounts import passwords
from core.accounts import service as accounts
from core.appointments import service as appointments
from core.tenancy import Account, Client, Member, Provider, Scope

PASSWORD = "open-the-door-2026"  # noqa: S105 -- of people who don't exist
EVERY_DAY = range(7)
SESSION = appointments.TypeTerms(
    "Session", 50, "office", minutes_after=10, book_notice_hours=1, cancel_notice_hours=24
)


def new_provider(slug: str, name: str, zone: str, street: str) -> Scope:
    """A provider that holds nothing yet; returns the house's scope of it. Stands in a transaction."""
    provider = Scope.system("a world for tests").add(
        Provider,
        slug=slug,
        name=name,
        outside_name="Your appointment office",
        phone="(312) 555-0142",
        address={"line1": f"12 {street}", "line2": "", "city": "Chicago", "state": "IL", "postal": "60601"},
        zone=zone,
        crisis_line="988",
        created_at=clock.now(),
    )
    return Scope.system("a world for tests", provider.id)


def new_account(email: str, name: str, password_hash: str = "", *, is_operator: bool = False) -> Account:
    """An account with the tests' password, unless another hash is given. Stands in a transaction."""
    hashed = password_hash or passwords.hashed(PASSWORD)
    return accounts.add_account(email=email, name=name, password_hash=hashed, is_operator=is_operator)


def new_member(provider: Scope, account: Account, role: str, name: str) -> UUID:
    """Make an account a member; returns the member's id. Stands in a transaction."""
    member = provider.add(Member, account_id=account.id, name=name, role=role, joined_at=clock.now())
    member_id: UUID = member.id
    return member_id


def new_client(provider: Scope, account: Account, origin: str = "invited") -> UUID:
    """A chart that the account is joined with; returns its id. Stands in a transaction.

    `origin` is `invited`, or `self` for who signed up alone and is asked for intake first.
    """
    given, _blank, family = account.name.partition(" ")
    client = provider.add(
        Client,
        account_id=account.id,
        given_name=given,
        family_name=family,
        email=account.email,
        email_blind=accounts.client_email_blind(account.email, provider.provider_id),
        origin=origin,
        needs_intake_first=origin == "self",
        joined_at=clock.now(),
        created_at=clock.now(),
    )
    client_id: UUID = client.id
    return client_id


def open_calendar(
    provider: Scope, member_ids: Sequence[UUID], types: Sequence[appointments.TypeTerms] = (SESSION,)
) -> None:
    """Open each day from 9 to 5, so that a time is found whenever a test runs."""
    for member_id in member_ids:
        appointments.add_hours(provider, member_id, EVERY_DAY, 9 * 60, 17 * 60)
    for terms in types:
        appointments.add_type(provider, terms, member_ids)
