"""Where an account is logged in, and ending it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import audit, clock, db
from core.tenancy import Login, Scope
from core.tenancy.logins import LONGEST, end_login, end_logins, has_lapsed


@dataclass(frozen=True, slots=True)
class OwnLogin:
    """One browser that is logged in; `agent` is what it says of itself."""

    id: UUID
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def own_logins(scope: Scope, login_id: UUID) -> list[OwnLogin]:
    """The logins that hold now: this one first, then the last used."""
    young = Login.created_at > clock.now() - LONGEST
    rows: Any = scope.rows(Login).where(Login.ended_at.is_null() & young)
    found = [
        OwnLogin(row.id, row.agent, row.address, row.created_at, row.seen_at, row.id == login_id)
        for row in rows.order_by(Login.seen_at.desc(), Login.id)
        if not has_lapsed(row)
    ]
    return sorted(found, key=lambda one: not one.is_this)


def end_own_login(scope: Scope, login_id: UUID) -> None:
    """Log one browser out. Raises NotFound for somebody else's."""
    row = scope.one(Login, login_id)
    with db.transaction():
        end_login(row.id)
        audit.note(scope, "accounts.login_ended", row)


def end_other_logins(scope: Scope, login_id: UUID) -> None:
    """Log every browser out but this one."""
    if scope.account_id is None:
        return
    with db.transaction():
        end_logins(scope.account_id, but=login_id)
        audit.note(scope, "accounts.other_logins_ended")
