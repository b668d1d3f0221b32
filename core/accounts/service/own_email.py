"""Another e-mail address: confirmed at the new one, told to the old one, which can undo it for a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import peewee

from core import audit, clock, db, limits, mail
from core.accounts.models import EmailChange, Question
from core.accounts.service.own_password import kill_resets
from core.accounts.service.people import (
    account_with_email,
    account_with_id,
    client_email_blind,
    email_blind,
    one_form,
    system,
)
from core.accounts.service.resetting import mail_reset
from core.accounts.service.tokens import new_token
from core.spec.errors import Invalid, Refused, TooManyTries
from core.tenancy import Account, Client, Scope
from core.tenancy.logins import end_logins, token_hash

HOLDS = timedelta(hours=24)
UNDO_HOLDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PendingEmail:
    """An address that waits for its link to be opened."""

    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenEmailChange:
    """What the holder of a good link may see; the address itself only as the account's own."""

    email: str
    is_for_viewer: bool


def ask_for_email(scope: Scope, email: str) -> None:
    """Send a link to the new address; an earlier wish is dropped.

    An address that somebody else has gets another letter, and nothing tells which it was. Raises
    Invalid("unchanged") for the present address and TooManyTries.
    """
    account = _own(scope)
    if one_form(email) == one_form(account.email):
        raise Invalid({"email": "unchanged"})
    limits.spend("email_change", account.id)
    may_write = _may_write(email)
    token, now = new_token(), clock.now()
    with db.transaction():
        _end_waiting(account)
        row = system.add(
            EmailChange,
            account_id=account.id,
            old_email=account.email,
            new_email=one_form(email),
            confirm_hash=token.hash,
            created_at=now,
            expires_at=now + HOLDS,
        )
        audit.note(scope, "accounts.email_change_asked", row)
        if may_write:
            is_taken = account_with_email(email) is not None
            mail.queue(
                system,
                "accounts/email_taken" if is_taken else "accounts/email_confirm",
                key=f"accounts.email_confirm:{row.id}",
                to_address=row.new_email,
                locale=account.locale,
                zone=account.zone,
                token="" if is_taken else token.raw,
            )


def pending_email(scope: Scope) -> PendingEmail | None:
    """The address that waits to be confirmed, if one does."""
    rows: Any = scope.rows(EmailChange).where(_waiting(scope.account_id))
    row = rows.where(EmailChange.expires_at > clock.now()).first()
    return None if row is None else PendingEmail(row.new_email, row.expires_at)


def cancel_email(scope: Scope) -> None:
    """The address stays as it is; the link that was sent works no longer."""
    account = _own(scope)
    with db.transaction():
        if _end_waiting(account):
            audit.note(scope, "accounts.email_change_cancelled")


def open_email_change(scope: Scope, token: str) -> OpenEmailChange:
    """What a link at the new address leads to. Raises Refused("link_gone"); uses nothing up."""
    row = _to_confirm(token)
    return OpenEmailChange(row.new_email, row.account_id == scope.account_id)


@db.retrying
def confirm_email(scope: Scope, token: str, login_id: UUID) -> None:
    """Give the account its new address; other logins end, the charts and the old address are told.

    Only the account itself does so: a letter to a mistyped address must not open it to a stranger.
    Raises Refused("other_account", "link_gone"), and "taken" if somebody else was quicker.
    """
    row = _to_confirm(token)
    if row.account_id != scope.account_id:
        raise Refused("other_account")
    account, now, undo = account_with_id(row.account_id), clock.now(), new_token()
    with db.transaction():
        is_first = system.update(
            EmailChange, confirmed_at=now, undo_hash=undo.hash, undo_until_at=now + UNDO_HOLDS
        ).where(EmailChange.id == row.id, _waiting(account.id))
        if is_first.execute() != 1:
            raise Refused("link_gone")
        _move(account, row.new_email)
        end_logins(account.id, but=login_id)
        kill_resets(account)
        audit.note(scope, "accounts.email_changed", row)
        mail.queue(
            system,
            "accounts/email_changed",
            key=f"accounts.email_changed:{row.id}",
            to_address=row.old_email,
            locale=account.locale,
            zone=account.zone,
            token=undo.raw,
            until_at=now + UNDO_HOLDS,
        )


def open_undo(token: str) -> None:
    """Whether a link at the old address still works. Raises Refused("link_gone"); uses nothing up."""
    _to_undo(token)


@db.retrying
def undo_email(scope: Scope, token: str) -> None:
    """Bring the old address back, as if every change since had not been.

    Whoever made them knew the password, so it is void and all logins end; a link to choose another
    goes to the old address. Questions chosen since are gone too. Raises Refused("link_gone", "taken").
    """
    row, now = _to_undo(token), clock.now()
    account = account_with_id(row.account_id)
    with db.transaction():
        # Earlier changes stay open: their links went to addresses that were the owner's before.
        since = (EmailChange.account_id == account.id) & (EmailChange.created_at >= row.created_at)
        ended = system.update(EmailChange, ended_at=now).where(since, EmailChange.ended_at.is_null())
        if ended.execute() < 1:
            raise Refused("link_gone")
        _move(account, row.old_email)
        system.change(account, password_hash=None, password_changed_at=now)
        chosen = (Question.account_id == account.id) & (Question.created_at >= row.created_at)
        system.delete(Question).where(chosen).execute()
        end_logins(account.id)
        kill_resets(account)
        acting = Scope(scope.kind, account_id=account.id, address=scope.address)
        audit.note(acting, "accounts.email_change_undone", row)
        mail_reset(account)


def _own(scope: Scope) -> Account:
    row: Account = scope.one(Account, scope.account_id)  # type: ignore[arg-type]
    return row


def _move(account: Account, email: str) -> None:
    """The account and its joined charts get the address; the database alone says who has it."""
    try:
        with db.attempt():
            system.change(account, email=one_form(email), email_blind=email_blind(email))
    except peewee.IntegrityError as error:
        raise Refused("taken") from error
    charts: Any = system.rows(Client, Client.id, Client.provider_id).where(
        Client.account_id == account.id, Client.joined_at.is_null(False), Client.ended_at.is_null()
    )
    for chart in charts:
        blind = client_email_blind(email, chart.provider_id)
        system.change(chart, email=one_form(email), email_blind=blind)


def _may_write(email: str) -> bool:
    """Three letters a day to one address; asking more often looks the same on the page."""
    try:
        limits.spend("email_notice", email_blind(email).hex())
    except TooManyTries:
        return False
    return True


def _waiting(account_id: UUID | None) -> peewee.Expression:
    mine = EmailChange.account_id == account_id
    return mine & EmailChange.confirmed_at.is_null() & EmailChange.ended_at.is_null()


def _end_waiting(account: Account) -> bool:
    ended = system.update(EmailChange, ended_at=clock.now()).where(_waiting(account.id))
    return bool(ended.execute())


def _to_confirm(token: str) -> EmailChange:
    row = system.rows(EmailChange).where(EmailChange.confirm_hash == token_hash(token)).first()
    if row is None or row.confirmed_at or row.ended_at or row.expires_at <= clock.now():
        raise Refused("link_gone")
    found: EmailChange = row
    return found


def _to_undo(token: str) -> EmailChange:
    row = system.rows(EmailChange).where(EmailChange.undo_hash == token_hash(token)).first()
    if row is None or row.ended_at or row.undo_until_at is None or row.undo_until_at <= clock.now():
        raise Refused("link_gone")
    found: EmailChange = row
    return found
