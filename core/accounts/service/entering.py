"""Logging in: who this is, found out at the same cost for known and unknown addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog

from core import audit, clock, db, limits, mail
from core.accounts import passwords
from core.accounts.service.people import account_with_email, email_blind, system
from core.spec.errors import Refused, TooManyTries
from core.tenancy import Account, Login, Scope

KNOWN_PLACE = timedelta(days=90)
TRIES_BEFORE_LETTER = 5

_log = structlog.get_logger()


def recognise(scope: Scope, email: str, password: str) -> Account:
    """The account with this address and password.

    Raises Refused("wrong_login") without saying which of the two is wrong, and TooManyTries.
    """
    account = account_with_email(email)
    key = (email_blind(email).hex(), _place(account, scope.address))
    limits.spend("login_address", scope.address)
    try:
        limits.spend("login_account", *key)
    except TooManyTries:
        _tell_owner(account)
        raise
    is_right = passwords.matches(account.password_hash if account else None, password)
    if account is None or not is_right or account.disabled_at is not None:
        _log.warning("login_refused", account=str(account.id) if account else "", address=scope.address)
        raise Refused("wrong_login")
    limits.clear("login_account", *key)
    limits.give_back("login_address", scope.address)
    limits.clear("recovery_answers", account.id)
    _welcome_back(scope, account, password)
    return account


def note_logout(scope: Scope) -> None:
    """Write down that the login was ended by its owner."""
    with db.transaction():
        audit.note(scope, "accounts.logged_out")


def forget_tries(scope: Scope, account: Account) -> None:
    """Whoever proved the address by mail need not wait for guesses made by others."""
    for place in ("", limits.address_key(scope.address)):
        limits.clear("login_account", email_blind(account.email).hex(), place)


def _place(account: Account | None, address: str) -> str:
    """The address where it is known for this account: guesses from elsewhere don't lock it out."""
    if account is None or not address:
        return ""
    since = clock.now() - KNOWN_PLACE
    mine = (Login.account_id == account.id) & (Login.created_at > since)
    rows: Any = system.rows(Login, Login.address).where(mine)
    known = {limits.address_key(row.address) for row in rows}
    place = limits.address_key(address)
    return place if place in known else ""


def _welcome_back(scope: Scope, account: Account, password: str) -> None:
    renewed = None
    if account.password_hash and passwords.is_outdated(account.password_hash):
        renewed = passwords.hashed(password)
    with db.transaction():
        if renewed:
            system.change(account, password_hash=renewed)
        audit.note(_as(scope, account), "accounts.logged_in")


def _as(scope: Scope, account: Account) -> Scope:
    return Scope(scope.kind, account_id=account.id, address=scope.address)


def _tell_owner(account: Account | None) -> None:
    """One letter a day at most, so that a guesser can't fill a mailbox."""
    if account is None:
        return
    with db.transaction():
        mail.queue(
            system,
            "accounts/tries",
            key=f"accounts.tries:{account.id}:{clock.today('UTC')}",
            to_account_id=account.id,
        )
