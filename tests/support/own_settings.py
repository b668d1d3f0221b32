"""A client in the middle of things: another address waits, and the practice is asked to confirm who it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import clock, db
from core.accounts.models import EmailChange, Recovery
from core.tenancy import Scope
from core.tenancy.logins import token_hash

CONFIRMS, UNDOES = "c" * 43, "u" * 43
TOKENS = {"accounts.confirm_email": CONFIRMS, "accounts.undo_email": UNDOES}


def begin(member: Scope, chart: Any, email: str) -> None:
    """Write what people would have begun at pages; `email` is the client's present address."""
    now = clock.now()
    later = now + timedelta(days=1)
    who: dict[str, Any] = {"account_id": chart.account_id, "created_at": now, "expires_at": later}
    with db.transaction():
        member.add(Recovery, client_id=chart.id, **who)
        Scope.system("test").add(
            EmailChange,
            old_email=email,
            new_email="another.address@journeys.test",
            confirm_hash=token_hash(CONFIRMS),
            undo_hash=token_hash(UNDOES),
            undo_until_at=later,
            **who,
        )
