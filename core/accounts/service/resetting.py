"""A forgotten password, replaced by whoever can read the account's mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import audit, clock, db, limits, mail
from core.accounts import passwords
from core.accounts.models import Recovery, Reset
from core.accounts.service.entering import forget_tries
from core.accounts.service.people import account_with_email, email_blind, system
from core.accounts.service.questions import check_answers, question_codes
from core.accounts.service.tokens import new_token
from core.spec.errors import Refused, TooManyTries
from core.tenancy import Account, Scope, standing
from core.tenancy.logins import end_logins, token_hash

HOLDS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenReset:
    """A good link: whose it is, and the security questions that have to be answered."""

    account_id: UUID
    questions: Sequence[str]


def ask_for_reset(scope: Scope, email: str) -> None:
    """Mail a link to the account of this address; nothing tells whether there is one.

    Raises TooManyTries by the asker's address only: the fourth letter in an hour is just not sent.
    """
    limits.spend("forgot_address", scope.address)
    try:
        limits.spend("forgot_account", email_blind(email).hex())
    except TooManyTries:
        return
    account = account_with_email(email)
    with db.transaction():
        mail_reset(account if account is not None and account.disabled_at is None else None)


def mail_reset(account: Account | None, *, is_vouched: bool = False) -> None:
    """Mail a link that replaces the password. Stands in a transaction.

    A letter to nobody costs as much as one to somebody, and is dropped when it is due.
    """
    token, now = new_token(), clock.now()
    row = system.add(
        Reset,
        account_id=None if account is None else account.id,
        is_vouched=is_vouched,
        token_hash=token.hash,
        created_at=now,
        expires_at=now + HOLDS,
    )
    mail.queue(
        system,
        "accounts/reset",
        key=f"accounts.reset:{row.id}",
        to_account_id=db.new_id() if account is None else account.id,
        token=token.raw,
    )


def open_reset(token: str) -> OpenReset:
    """What the link asks for besides a password. Raises Refused("link_gone"); uses nothing up."""
    row = _row(token)
    return OpenReset(_account_of(row).id, _asked(row))


def replace_password(scope: Scope, token: str, password: str, answers: Sequence[str] = ()) -> Account:
    """Give the account another password and end all its logins.

    Raises Invalid for a weak password, Refused("link_gone") for a used, older or expired link, and
    where the account chose security questions Refused("wrong_answers") and TooManyTries.
    """
    row = _row(token)
    account = _account_of(row)
    passwords.refuse_weak(password, email=account.email)
    if _asked(row):
        check_answers(account.id, answers)
    password_hash = passwords.hashed(password)
    now = clock.now()
    with db.transaction():
        is_first = system.update(Reset, used_at=now).where(
            Reset.token_hash == token_hash(token), Reset.used_at.is_null()
        )
        if is_first.execute() != 1:
            raise Refused("link_gone")
        system.update(Reset, used_at=now).where(
            Reset.account_id == account.id, Reset.used_at.is_null()
        ).execute()
        system.change(account, password_hash=password_hash, password_changed_at=now)
        waiting = (Recovery.account_id == account.id) & Recovery.settled_at.is_null()
        system.update(Recovery, settled_at=now).where(waiting).execute()
        end_logins(account.id)
        acting = Scope(scope.kind, account_id=account.id, address=scope.address)
        audit.note(acting, "accounts.password_replaced")
        mail.queue(
            system,
            "accounts/password_changed",
            key=f"accounts.password_changed:{account.id}:{now.isoformat()}",
            to_account_id=account.id,
        )
    forget_tries(scope, account)
    return account


def account_of_reset(token: str) -> Account:
    """Whose password the link would replace. Raises Refused("link_gone")."""
    return _account_of(_row(token))


def _asked(row: Reset) -> list[str]:
    """The questions of this link; none where a practice vouched, or where no practice could help."""
    if row.is_vouched or row.account_id is None or not standing.has_joined_chart(row.account_id):
        return []
    return question_codes(row.account_id)


def _row(token: str) -> Reset:
    row = system.rows(Reset).where(Reset.token_hash == token_hash(token)).first()
    if row is None or row.account_id is None or row.used_at or row.expires_at <= clock.now():
        raise Refused("link_gone")
    newer = (Reset.account_id == row.account_id) & (Reset.created_at > row.created_at)
    if system.rows(Reset, Reset.id).where(newer).first() is not None:
        raise Refused("link_gone")
    found: Reset = row
    return found


def _account_of(row: Reset) -> Account:
    account = None if row.account_id is None else system.maybe(Account, row.account_id)
    if account is None or account.disabled_at is not None:
        raise Refused("link_gone")
    found: Account = account
    return found
