"""The password, given again in the middle of a login (step-up)."""

from __future__ import annotations

from uuid import UUID

import structlog

from core import limits
from core.accounts import passwords
from core.accounts.service.people import account_with_id
from core.spec.errors import Refused
from core.tenancy import Account, Scope

_log = structlog.get_logger()


def prove_password(scope: Scope, login_id: UUID, password: str) -> Account:
    """The account of the scope, if this is its password.

    Raises Refused("wrong_password") and, from the sixth wrong try of a login on, TooManyTries.
    """
    if scope.account_id is None:
        raise Refused("wrong_password")
    account = account_with_id(scope.account_id)
    limits.spend("proof_login", login_id)
    if not passwords.matches(account.password_hash, password):
        _log.warning("proof_refused", account=str(account.id), address=scope.address)
        raise Refused("wrong_password")
    limits.clear("proof_login", login_id)
    return account
