"""Logins are rows: a copied cookie is worth nothing once its row has ended."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import peewee

from core import clock, db
from core.tenancy import changes
from core.tenancy.models import Account, Login

IDLE_CLIENT = timedelta(minutes=60)
IDLE_STAFF = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
TOUCHED_EVERY = timedelta(minutes=1)
# By so much two clocks may differ; what is later was written by one that was ahead and came back.
SLACK = timedelta(minutes=5)
# A password counts as just given for so long.
PROOF_HOLDS = timedelta(minutes=10)
# Long after that nobody comes back to a page that was left open.
LAPSED_KNOWN = timedelta(days=7)


class Visit(NamedTuple):
    """A login that still holds, with its account."""

    login: Login
    account: Account


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def start_login(account: Account, *, is_staff: bool, address: str, agent: str) -> str:
    """Add a login and return its token, which is nowhere else."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    idle = IDLE_STAFF if is_staff else IDLE_CLIENT
    with db.transaction():
        db.house_add(
            Login,
            account_id=account.id,
            token_hash=token_hash(token),
            idle_seconds=int(idle.total_seconds()),
            created_at=now,
            seen_at=now,
            proven_at=now,
            address=address,
            agent=agent[:200],
        )
    return token


def visit_of(token: str, *, is_activity: bool = True) -> Visit | None:
    """The login of this token, if it was neither ended nor left idle for too long.

    What a page does by itself is no activity: it must not keep an empty chair logged in.
    """
    row = _row(token)
    if row is None or not _is_whole(row) or has_lapsed(row):
        return None
    if is_activity:
        _touch(row)
    account: Account = row.account
    return Visit(row, account)


def accounts_of(login_ids: Iterable[UUID]) -> Mapping[UUID, Account]:
    """The accounts of those of the logins that still hold, by the login's id."""
    rows = (
        db.house_rows(Login, Login, Account)
        .join(Account, on=(Login.account_id == Account.id), attr="account")
        .where(Login.id.in_(list(login_ids)))
    )
    return {row.id: row.account for row in rows if _is_whole(row) and not has_lapsed(row)}


def lapsed_account_id(token: str) -> UUID | None:
    """Whose login this was, if it only ran out: idle or aged, and nobody ended it."""
    row = _row(token)
    if row is None or not _is_whole(row) or not has_lapsed(row):
        return None
    account_id: UUID = row.account_id
    return account_id if clock.now() - row.seen_at < LAPSED_KNOWN else None


def has_lapsed(login: Login) -> bool:
    """Whether a login was left idle for too long, or has come of age; one of a wrong clock's never would."""
    now = clock.now()
    if max(login.created_at, login.seen_at) > now + SLACK:
        return True
    is_idle = now - login.seen_at >= timedelta(seconds=login.idle_seconds)
    return bool(is_idle or now - login.created_at >= LONGEST)


def is_proven(login: Login) -> bool:
    """Whether the password was given just now."""
    return bool(clock.now() - (login.proven_at or login.created_at) < PROOF_HOLDS)


def renew_login(login_id: UUID) -> str:
    """Mark a login as proven now, and give it another token; the one before is worth nothing."""
    token = secrets.token_urlsafe(32)
    with db.transaction():
        renewed = db.house_update(Login, token_hash=token_hash(token), proven_at=clock.now())
        renewed.where(Login.id == login_id).execute()
    return token


_of_token = db.Prepared(
    lambda: (
        db.house_rows(Login, Login, Account)
        .join(Account, on=(Login.account_id == Account.id), attr="account")
        .where(Login.token_hash == db.blank(Login.token_hash, "token_hash"))
    )
)


def _row(token: str) -> Any:
    return next(iter(_of_token(token_hash=token_hash(token))), None)


def _is_whole(login: Any) -> bool:
    return login.ended_at is None and login.account.disabled_at is None


def _touch(login: Login) -> None:
    now = clock.now()
    if now - login.seen_at < TOUCHED_EVERY:
        return
    # Where nothing can be written people still read; then the login's last moment stays the one before.
    db.in_passing(
        "login_seen", lambda: db.house_update(Login, seen_at=now).where(Login.id == login.id).execute()
    )


def end_login(login_id: UUID) -> None:
    """End one login; its cookie leads to /login from now on."""
    with db.transaction():
        _end(Login.id == login_id)
        changes.announce("login", login_id)


def end_logins(account_id: UUID, *, but: UUID | None = None) -> None:
    """End every login of an account, save the one that acts."""
    others = Login.account_id == account_id
    with db.transaction():
        _end(others if but is None else others & (Login.id != but))
        changes.announce("account", account_id)


def _end(which: peewee.Expression) -> None:
    ended = db.house_update(Login, ended_at=clock.now())
    ended.where(which & Login.ended_at.is_null()).execute()
