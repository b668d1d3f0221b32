"""Another password, chosen by who knows the present one."""

from __future__ import annotations

from uuid import UUID

from core import audit, clock, db, mail
from core.accounts import passwords
from core.accounts.models import Reset
from core.accounts.service.people import system
from core.accounts.service.proving import prove_password
from core.tenancy import Account, Scope
from core.tenancy.logins import end_logins


def change_password(scope: Scope, login_id: UUID, *, current: str, new: str) -> None:
    """Replace the password; other logins end, links to reset it die, and the owner is told by mail.

    Raises Refused("wrong_password"), TooManyTries, and Invalid for a weak or unchanged password.
    """
    account = prove_password(scope, login_id, current)
    passwords.refuse_weak(new, email=account.email, before=current)
    password_hash, now = passwords.hashed(new), clock.now()
    with db.transaction():
        system.change(account, password_hash=password_hash, password_changed_at=now)
        end_logins(account.id, but=login_id)
        kill_resets(account)
        audit.note(scope, "accounts.password_changed")
        mail.queue(
            system,
            "accounts/password_renewed",
            key=f"accounts.password_renewed:{account.id}:{now.isoformat()}",
            to_account_id=account.id,
        )


def kill_resets(account: Account) -> None:
    """No link that was mailed before opens anything now. Stands in a transaction."""
    mine = (Reset.account_id == account.id) & Reset.used_at.is_null()
    system.update(Reset, used_at=clock.now()).where(mine).execute()
