"""An operator's hour in a practice: asked for with a reason, told to its owners, ended by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from core import audit, clock, db, mail
from core.spec.errors import NotFound
from core.tenancy import Member, OperatorAccess, Provider, Scope
from core.tenancy.standing import is_access_open

LASTS = timedelta(hours=1)
LONGEST_REASON = 300


def open_accesses(scope: Scope, provider_id: UUID) -> list[OperatorAccess]:
    """The hours that run now at a provider, the latest first; for operators and its members."""
    rows = db.house_rows(OperatorAccess).where(
        is_access_open(clock.now()) & (OperatorAccess.provider_id == provider_id)
    )
    if scope.kind != "operator" and provider_id not in scope.providers:
        raise NotFound
    return list(rows.order_by(OperatorAccess.began_at.desc()))


def own_access(scope: Scope, provider_id: UUID) -> OperatorAccess | None:
    """The operator's own hour at a provider, if one runs."""
    mine = [row for row in open_accesses(scope, provider_id) if row.account_id == scope.account_id]
    return mine[0] if mine else None


def begin_access(scope: Scope, provider_id: UUID, reason: str) -> OperatorAccess:
    """One hour of reading at a provider, which its owners are told at once. Raises NotFound.

    While an hour runs, asking again changes nothing.
    """
    if scope.kind != "operator" or scope.account_id is None:
        raise NotFound
    provider: Provider = scope.one(Provider, provider_id)
    running = own_access(scope, provider.id)
    if running is not None:
        return running
    system, now = Scope.system("operator access", provider.id), clock.now()
    with db.transaction():
        row: OperatorAccess = system.add(
            OperatorAccess,
            account_id=scope.account_id,
            reason=reason,
            began_at=now,
            until_at=now + LASTS,
        )
        audit.note(scope, "operators.access_begun", row, provider_id=provider.id)
        _tell_owners(system, row, provider)
    return row


def end_access(scope: Scope, provider_id: UUID) -> None:
    """End the operator's own hour now; one that is over already stays so."""
    row = own_access(scope, provider_id)
    if row is None:
        return
    with db.transaction():
        Scope.system("operator access", provider_id).change(row, ended_at=clock.now())
        audit.note(scope, "operators.access_ended", row, provider_id=provider_id)


def _tell_owners(system: Scope, row: OperatorAccess, provider: Provider) -> None:
    owners: Any = system.rows(Member).where((Member.role == "owner") & Member.removed_at.is_null())
    for member in owners:
        mail.queue(
            system,
            "operators/access_begun",
            to_account_id=member.account_id,
            key=f"operators.access:{row.id}:{member.id}",
            provider_id=provider.id,
            completes=True,
            until_at=row.until_at,
        )
