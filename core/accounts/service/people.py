"""Accounts by their e-mail address, and where each of them belongs."""

from __future__ import annotations

import unicodedata
from typing import Any, Literal
from uuid import UUID

import peewee

from core import clock, db, subscriptions
from core.spec.errors import NotFound, Refused
from core.spec.types import ProviderRecord
from core.tenancy import Account, Client, Provider, Scope, standing

Standing = Literal["client", "member", "operator", "closed"]
PORTAL = frozenset({"CP"})

system = Scope.system("accounts")


def email_blind(email: str) -> bytes:
    """By what an account is found; the address is brought into one form first."""
    return db.vault().blind(one_form(email), "account.email", None)


def client_email_blind(email: str, provider_id: UUID) -> bytes:
    """By what a provider finds its own charts; of no use for another provider's."""
    return db.vault().blind(one_form(email), "client.email", provider_id)


def one_form(email: str) -> str:
    return unicodedata.normalize("NFC", email).strip().lower()


def masked(email: str) -> str:
    """Enough to recognise one's own address by."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}…@{domain[:1]}…"


def account_with_email(email: str) -> Account | None:
    """The account of this address, disabled ones too."""
    found: Account | None = system.rows(Account).where(Account.email_blind == email_blind(email)).first()
    return found


def account_with_id(account_id: UUID) -> Account:
    """Raises NotFound for a missing or disabled account."""
    account: Account = system.one(Account, account_id)
    if account.disabled_at is not None:
        raise NotFound
    return account


def add_account(
    *,
    email: str,
    name: str,
    password_hash: str,
    locale: str = "en",
    zone: str = "",
    is_operator: bool = False,
) -> Account:
    """A new account, inside the transaction of what it is for. Raises Refused("has_account")."""
    now = clock.now()
    values: dict[str, Any] = {
        "email": one_form(email),
        "email_blind": email_blind(email),
        "password_hash": password_hash,
        "name": name,
        "is_operator": is_operator,
        "locale": locale,
        "zone": zone,
        "created_at": now,
        "password_changed_at": now,
    }
    try:
        with db.attempt():
            account: Account = system.add(Account, **values)
    except peewee.IntegrityError as error:
        raise Refused("has_account") from error
    return account


def is_staff(account: Account) -> bool:
    """Whether a login of this account ends after a shorter pause."""
    return bool(account.is_operator) or standing.is_member_anywhere(account.id)


def standing_of(account: Account) -> Standing:
    """Where the account belongs first: an open portal, a practice, the house, or a closed door."""
    scope = standing.client_scope(account, subscriptions.of)
    if subscriptions.narrowed(scope, PORTAL) is not None:
        return "client"
    if standing.is_member_anywhere(account.id):
        return "member"
    return "operator" if account.is_operator else "closed"


def closed_portals(account_id: UUID) -> list[ProviderRecord]:
    """The providers that the account has a chart with but no open portal now, by name."""
    charts: Any = system.rows(Client, Client.provider_id, Client.ended_at).where(
        Client.account_id == account_id
    )
    ended = {chart.provider_id: chart.ended_at is not None for chart in charts}
    held = subscriptions.of(ended)
    closed = [key for key, is_ended in ended.items() if is_ended or not held[key] >= PORTAL]
    rows: Any = system.rows(Provider).where(Provider.id.in_(closed)).order_by(Provider.name)
    return [row.record() for row in rows] if closed else []


def open_provider(slug: str) -> ProviderRecord:
    """A provider whose portal is open, by the name in its address. Raises NotFound otherwise."""
    row = system.rows(Provider).where(Provider.slug == slug).first()
    if row is None or not subscriptions.on(row.id, PORTAL):
        raise NotFound
    record: ProviderRecord = row.record()
    return record


def require_open(provider_id: UUID) -> None:
    """Raises Refused("portal_closed") unless the provider holds the Client Portal now."""
    if not subscriptions.on(provider_id, PORTAL):
        raise Refused("portal_closed")
