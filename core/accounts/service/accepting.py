"""Accepting an invitation: opening it uses nothing up, and it joins one person once."""

from __future__ import annotations

from dataclasses import dataclass

import peewee

from core import audit, clock, db
from core.accounts import passwords
from core.accounts.models import Invitation
from core.accounts.service.people import (
    account_with_email,
    account_with_id,
    add_account,
    masked,
    one_form,
    require_open,
    system,
)
from core.spec.errors import Refused
from core.spec.types import ProviderRecord
from core.tenancy import Account, Client, Scope
from core.tenancy.logins import token_hash
from core.tenancy.standing import provider_record


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What the holder of a good link may see."""

    provider: ProviderRecord
    email: str
    has_account: bool
    is_for_viewer: bool

    @property
    def masked_email(self) -> str:
        """Enough to recognise one's own address by."""
        return masked(self.email)


def open_invitation(scope: Scope, token: str) -> OpenInvitation:
    """What the link invites to. Raises Refused("invitation_expired") or Refused("link_gone")."""
    row = _row(token)
    return OpenInvitation(
        provider=provider_record(row.provider_id),
        email=row.email,
        has_account=account_with_email(row.email) is not None,
        is_for_viewer=_is_for(scope, row),
    )


def accept_with_password(scope: Scope, token: str, password: str, locale: str = "en") -> Account:
    """Make an account of the invited address and join it with the chart.

    Raises Invalid for a weak password, Refused("has_account") and what `open_invitation` raises.
    """
    row = _row(token)
    if scope.account_id is not None:
        raise Refused("other_account")
    passwords.refuse_weak(password, email=row.email)
    password_hash = passwords.hashed(password)
    with db.transaction():
        client = system.one(Client, row.client_id)
        name = f"{client.given_name} {client.family_name}".strip()
        account = add_account(email=row.email, name=name, password_hash=password_hash, locale=locale)
        _join(scope, row, account)
    return account


def accept_as_viewer(scope: Scope, token: str) -> Account:
    """Join the account that is logged in, if the link was sent to its address.

    Raises Refused("other_account", "other_chart") and what `open_invitation` raises.
    """
    row = _row(token)
    if scope.account_id is None or not _is_for(scope, row):
        raise Refused("other_account")
    account = account_with_id(scope.account_id)
    with db.transaction():
        _join(scope, row, account)
    return account


def _join(scope: Scope, row: Invitation, account: Account) -> None:
    require_open(row.provider_id)
    now = clock.now()
    unused = Invitation.accepted_at.is_null() & Invitation.revoked_at.is_null()
    query = system.update(Invitation, accepted_at=now)
    if query.where(Invitation.id == row.id, unused).execute() != 1:
        raise Refused("link_gone")
    client = system.one(Client, row.client_id)
    if client.account_id not in (None, account.id):
        raise Refused("link_gone")
    origin = "invited" if client.origin == "provider" else client.origin
    try:
        with db.attempt():
            system.change(client, account_id=account.id, joined_at=now, ended_at=None, origin=origin)
    except peewee.IntegrityError as error:
        raise Refused("other_chart") from error
    acting = Scope(scope.kind, account_id=account.id, address=scope.address)
    audit.note(acting, "accounts.invitation_accepted", row, client_id=client.id)


def _is_for(scope: Scope, row: Invitation) -> bool:
    if scope.account_id is None:
        return False
    return one_form(account_with_id(scope.account_id).email) == one_form(row.email)


def _row(token: str) -> Invitation:
    row = system.rows(Invitation).where(Invitation.token_hash == token_hash(token)).first()
    if row is None or row.accepted_at is not None or row.revoked_at is not None:
        raise Refused("link_gone")
    if row.expires_at <= clock.now():
        raise Refused("invitation_expired")
    try:
        require_open(row.provider_id)
    except Refused as error:
        raise Refused("link_gone") from error
    found: Invitation = row
    return found
