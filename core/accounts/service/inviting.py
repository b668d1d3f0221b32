"""Inviting clients: a link by mail to the chart that the provider keeps of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from core import audit, clock, db, limits, mail
from core.accounts.models import Invitation
from core.accounts.service.people import (
    PORTAL,
    client_email_blind,
    one_form,
    require_open,
    system,
)
from core.accounts.service.tokens import new_token
from core.spec.errors import Invalid, Refused, TooManyTries
from core.tenancy import Client, Scope
from core.tenancy.charts import hold_chart
from core.tenancy.logins import token_hash

HOLDS = timedelta(days=14)

State = Literal["waiting", "accepted", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class InvitationRecord:
    """The newest invitation to a chart, as a member sees it."""

    id: UUID
    client_id: UUID
    state: State
    created_at: datetime
    expires_at: datetime


def invite_client(
    scope: Scope, client_id: UUID, *, email: str = "", needs_intake_first: bool = False
) -> InvitationRecord:
    """Send the client a link that holds for 14 days; earlier ones stop working.

    Raises NotFound, Invalid({"email": "missing"}), Refused("already_joined", "portal_closed").
    """
    client = scope.one(Client, client_id)
    address = one_form(email or client.email or "")
    if not address:
        raise Invalid({"email": "missing"})
    if client.account_id is not None and client.ended_at is None:
        raise Refused("already_joined")
    with db.transaction():
        hold_chart(scope, client_id)
        require_open(client.provider_id)
        _void(scope, client_id)
        scope.change(
            client,
            email=address,
            email_blind=client_email_blind(address, client.provider_id),
            needs_intake_first=needs_intake_first,
        )
        return _send(scope, client, "accounts.invited")


def resend_invitation(scope: Scope, client_id: UUID) -> InvitationRecord:
    """Another letter to the same address, under the same terms.

    Raises what `invite_client` raises, and TooManyTries after three in an hour.
    """
    limits.spend("invitation_resend", client_id)
    client = scope.one(Client, client_id)
    return invite_client(scope, client_id, needs_intake_first=client.needs_intake_first)


def revoke_invitation(scope: Scope, client_id: UUID) -> None:
    """No link to this chart works any more. Raises NotFound outside the scope."""
    client = scope.one(Client, client_id)
    with db.transaction():
        if _void(scope, client_id):
            audit.note(scope, "accounts.invitation_revoked", client)


def invitation_of(scope: Scope, client_id: UUID) -> InvitationRecord | None:
    """The newest invitation to the chart, None if there never was one."""
    return invitations_of(scope, [client_id]).get(client_id)


def invitations_of(scope: Scope, client_ids: Iterable[UUID]) -> Mapping[UUID, InvitationRecord]:
    """The newest invitation of each chart that has one."""
    wanted = list(client_ids)
    if not wanted:
        return {}
    rows: Any = scope.rows(Invitation).where(Invitation.client_id.in_(wanted))
    return {row.client_id: _record(row) for row in rows.order_by(Invitation.created_at)}


def ask_again(scope: Scope, token: str) -> None:
    """Whoever holds an expired link gets a new one, at the address first invited; others nothing.

    Nothing tells which it was. Raises TooManyTries by the asker's address only.
    """
    limits.spend("token_address", scope.address)
    row = system.rows(Invitation).where(Invitation.token_hash == token_hash(token)).first()
    if row is None or row.accepted_at or row.revoked_at or row.expires_at > clock.now():
        return
    provider = Scope.system("invitation", row.provider_id)
    try:
        resend_invitation(provider, row.client_id)
    except (Refused, TooManyTries):
        return


def _send(scope: Scope, client: Client, event: str) -> InvitationRecord:
    token, now = new_token(), clock.now()
    row = scope.add(
        Invitation,
        provider_id=client.provider_id,
        client_id=client.id,
        email=client.email,
        token_hash=token.hash,
        invited_by=scope.member.id if scope.kind == "member" else None,
        created_at=now,
        expires_at=now + HOLDS,
    )
    audit.note(scope, event, row, client_id=client.id)
    mail.queue(
        scope,
        "accounts/invitation",
        key=f"accounts.invitation:{row.id}",
        to_address=client.email,
        provider_id=client.provider_id,
        needs=PORTAL,
        token=token.raw,
        expires_at=row.expires_at,
    )
    return _record(row)


def _void(scope: Scope, client_id: UUID) -> int:
    waiting = Invitation.accepted_at.is_null() & Invitation.revoked_at.is_null()
    query = scope.update(Invitation, revoked_at=clock.now())
    count: int = query.where(Invitation.client_id == client_id, waiting).execute()
    return count


def _record(row: Invitation) -> InvitationRecord:
    state: State = "waiting"
    if row.accepted_at is not None:
        state = "accepted"
    elif row.revoked_at is not None:
        state = "revoked"
    elif row.expires_at <= clock.now():
        state = "expired"
    return InvitationRecord(row.id, row.client_id, state, row.created_at, row.expires_at)
