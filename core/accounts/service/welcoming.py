"""Members join a provider's team by a link, the owner first of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import peewee

from core import audit, clock, db, limits, mail
from core.accounts import passwords
from core.accounts.models import Welcome
from core.accounts.service.people import (
    account_with_email,
    account_with_id,
    add_account,
    masked,
    one_form,
    system,
)
from core.accounts.service.tokens import new_token
from core.spec.errors import Invalid, Refused
from core.spec.scope import Role
from core.spec.types import ROLES, ProviderRecord
from core.tenancy import Account, Member, Scope
from core.tenancy.logins import token_hash
from core.tenancy.standing import provider_record

HOLDS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class WaitingMember:
    """Somebody who was invited to the team and has not come yet."""

    id: UUID
    name: str
    email: str
    role: str
    created_at: datetime
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True, slots=True)
class OpenWelcome:
    """What the holder of a good link may see."""

    provider: ProviderRecord
    name: str
    email: str
    role: str
    has_account: bool
    is_for_viewer: bool

    @property
    def masked_email(self) -> str:
        """Enough to recognise one's own address by."""
        return masked(self.email)


def invite_owner(scope: Scope, email: str, name: str) -> UUID:
    """Invite the first person of a provider; `scope` is a system's for that provider."""
    return invite_member(scope, email, name, "owner")


def invite_member(scope: Scope, email: str, name: str, role: Role) -> UUID:
    """Send somebody a link to the team that holds for 14 days; returns the invitation's id.

    Raises Invalid for an unknown role and Refused("already_member").
    """
    if role not in ROLES:
        raise Invalid({"role": "unknown"})
    account = account_with_email(email)
    if account is not None and _is_member(scope, account.id):
        raise Refused("already_member")
    token, now = new_token(), clock.now()
    with db.transaction():
        for waiting in _waiting(scope):
            if one_form(waiting.email) == one_form(email):
                scope.change(waiting, revoked_at=now)
        row = scope.add(
            Welcome,
            email=one_form(email),
            name=name,
            role=role,
            token_hash=token.hash,
            invited_by=scope.member.id if scope.kind == "member" else None,
            created_at=now,
            expires_at=now + HOLDS,
        )
        audit.note(scope, "accounts.member_invited", row, role=role)
        mail.queue(
            scope,
            "accounts/welcome",
            key=f"accounts.welcome:{row.id}",
            to_address=row.email,
            provider_id=row.provider_id,
            token=token.raw,
            expires_at=row.expires_at,
        )
    found: UUID = row.id
    return found


def resend_welcome(scope: Scope, welcome_id: UUID) -> UUID:
    """Another letter in place of the earlier. Raises NotFound, Refused("link_gone"), TooManyTries."""
    row = scope.one(Welcome, welcome_id)
    if row.accepted_at is not None or row.revoked_at is not None:
        raise Refused("link_gone")
    limits.spend("invitation_resend", row.provider_id, row.email)
    return invite_member(scope, row.email, row.name, row.role)


def revoke_welcome(scope: Scope, welcome_id: UUID) -> None:
    """The link works no longer. Raises NotFound outside the scope."""
    row = scope.one(Welcome, welcome_id)
    with db.transaction():
        mine = (Welcome.id == welcome_id) & Welcome.accepted_at.is_null()
        scope.update(Welcome, revoked_at=clock.now()).where(mine).execute()
        audit.note(scope, "accounts.member_invitation_revoked", row)


def waiting_members(scope: Scope) -> list[WaitingMember]:
    """Who was invited to the team and has not come yet, oldest first."""
    now = clock.now()
    return [
        WaitingMember(
            row.id, row.name, row.email, row.role, row.created_at, row.expires_at, row.expires_at <= now
        )
        for row in _waiting(scope)
    ]


def open_welcome(scope: Scope, token: str) -> OpenWelcome:
    """What the link leads to. Raises Refused("invitation_expired") or Refused("link_gone")."""
    row = _row(token)
    return OpenWelcome(
        provider=provider_record(row.provider_id),
        name=row.name,
        email=row.email,
        role=row.role,
        has_account=account_with_email(row.email) is not None,
        is_for_viewer=_is_for(scope, row),
    )


def join_with_password(scope: Scope, token: str, password: str, locale: str = "en") -> Account:
    """Make an account of the invited address and put it on the team.

    Raises Invalid for a weak password, Refused("has_account", "other_account") and what
    `open_welcome` raises.
    """
    row = _row(token)
    if scope.account_id is not None:
        raise Refused("other_account")
    passwords.refuse_weak(password, email=row.email)
    password_hash = passwords.hashed(password)
    with db.transaction():
        account = add_account(email=row.email, name=row.name, password_hash=password_hash, locale=locale)
        _join(scope, row, account)
    return account


def join_as_viewer(scope: Scope, token: str) -> Account:
    """Put the account that is logged in on the team, if the link was sent to its address.

    Raises Refused("other_account", "already_member") and what `open_welcome` raises.
    """
    row = _row(token)
    if scope.account_id is None or not _is_for(scope, row):
        raise Refused("other_account")
    account = account_with_id(scope.account_id)
    with db.transaction():
        _join(scope, row, account)
    return account


def _join(scope: Scope, row: Welcome, account: Account) -> None:
    now = clock.now()
    unused = Welcome.accepted_at.is_null() & Welcome.revoked_at.is_null()
    query = system.update(Welcome, accepted_at=now)
    if query.where(Welcome.id == row.id, unused).execute() != 1:
        raise Refused("link_gone")
    values = {"account_id": account.id, "name": row.name, "role": row.role, "joined_at": now}
    try:
        with db.attempt():
            member = system.add(Member, provider_id=row.provider_id, **values)
    except peewee.IntegrityError as error:
        raise Refused("already_member") from error
    acting = Scope(scope.kind, account_id=account.id, address=scope.address)
    audit.note(acting, "accounts.member_joined", member, role=row.role)


def _is_member(scope: Scope, account_id: UUID) -> bool:
    mine = (Member.account_id == account_id) & Member.removed_at.is_null()
    return scope.rows(Member, Member.id).where(mine).first() is not None


def _is_for(scope: Scope, row: Welcome) -> bool:
    if scope.account_id is None:
        return False
    return one_form(account_with_id(scope.account_id).email) == one_form(row.email)


def _waiting(scope: Scope) -> list[Welcome]:
    waiting = Welcome.accepted_at.is_null() & Welcome.revoked_at.is_null()
    rows: Any = scope.rows(Welcome).where(waiting).order_by(Welcome.created_at)
    return list(rows)


def _row(token: str) -> Welcome:
    row = system.rows(Welcome).where(Welcome.token_hash == token_hash(token)).first()
    if row is None or row.accepted_at is not None or row.revoked_at is not None:
        raise Refused("link_gone")
    if row.expires_at <= clock.now():
        raise Refused("invitation_expired")
    found: Welcome = row
    return found
