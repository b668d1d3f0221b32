"""A client who can't answer the questions: the practice confirms who it is, and sends a fresh link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import audit, clock, db, limits
from core.accounts.models import Recovery
from core.accounts.service.people import account_with_id, system
from core.accounts.service.resetting import account_of_reset, mail_reset
from core.spec.errors import Refused
from core.tenancy import Client, Scope

HOLDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RecoveryRecord:
    """A wish that waits for the practice."""

    id: UUID
    client_id: UUID
    client_name: str
    created_at: datetime


def ask_practice(scope: Scope, token: str) -> None:
    """Put the wish before every practice that the holder of the mailed link is a client of.

    Asking again changes nothing. Raises Refused("link_gone").
    """
    account, now = account_of_reset(token), clock.now()
    charts: Any = system.rows(Client, Client.id, Client.provider_id).where(
        Client.account_id == account.id, Client.joined_at.is_null(False), Client.ended_at.is_null()
    )
    acting = Scope(scope.kind, account_id=account.id, address=scope.address)
    with db.transaction():
        there = {row.client_id for row in system.rows(Recovery).where(_open(account.id))}
        for chart in charts:
            if chart.id in there:
                continue
            row = system.add(
                Recovery,
                provider_id=chart.provider_id,
                client_id=chart.id,
                account_id=account.id,
                created_at=now,
                expires_at=now + HOLDS,
            )
            audit.note(acting, "accounts.recovery_asked", row)


def open_recoveries(scope: Scope, client_ids: frozenset[UUID] | None = None) -> list[RecoveryRecord]:
    """The wishes that wait for a member's practice, oldest first."""
    rows = (
        scope.rows(Recovery, Recovery, Client)
        .join(Client, on=(Recovery.client_id == Client.id), attr="client")
        .where(Recovery.settled_at.is_null(), Recovery.expires_at > clock.now())
    )
    if client_ids is not None:
        rows = rows.where(Recovery.client_id.in_(sorted(client_ids)))
    return [
        RecoveryRecord(row.id, row.client_id, row.client.full_name, row.created_at)
        for row in rows.order_by(Recovery.created_at)
    ]


def recovery_of(scope: Scope, client_id: UUID) -> RecoveryRecord | None:
    """The wish of one client, if one waits."""
    return next(iter(open_recoveries(scope, frozenset({client_id}))), None)


def vouch_for(scope: Scope, client_id: UUID) -> None:
    """A member confirmed who it is: the client gets a link that asks no questions.

    The link goes to the client's own address and nowhere else. Raises Refused("gone") where no wish waits.
    """
    row = _waiting(scope, client_id)
    account, now = account_with_id(row.account_id), clock.now()
    with db.transaction():
        # One practice's word is enough for all of them.
        settled = system.update(Recovery, settled_at=now, settled_by=scope.member.id)
        if settled.where(_open(account.id)).execute() < 1:
            raise Refused("gone")
        mail_reset(account, is_vouched=True)
        audit.note(scope, "accounts.recovery_confirmed", row, client_id=client_id)
    limits.clear("recovery_answers", account.id)


def decline_recovery(scope: Scope, client_id: UUID) -> None:
    """It wasn't the client, or they got in: nothing is sent. Raises Refused("gone")."""
    row = _waiting(scope, client_id)
    with db.transaction():
        scope.change(row, settled_at=clock.now(), settled_by=scope.member.id)
        audit.note(scope, "accounts.recovery_declined", row, client_id=client_id)


def _waiting(scope: Scope, client_id: UUID) -> Recovery:
    mine = (Recovery.client_id == client_id) & Recovery.settled_at.is_null()
    row = scope.rows(Recovery).where(mine, Recovery.expires_at > clock.now()).first()
    if row is None:
        raise Refused("gone")
    found: Recovery = row
    return found


def _open(account_id: UUID) -> Any:
    mine = (Recovery.account_id == account_id) & Recovery.settled_at.is_null()
    return mine & (Recovery.expires_at > clock.now())
