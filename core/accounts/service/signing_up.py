"""Signing up on a provider's page: nothing is made, and nothing told, before the e-mail is proven."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import peewee

from core import audit, clock, db, limits, mail
from core.accounts import passwords
from core.accounts.models import Signup
from core.accounts.service.people import (
    PORTAL,
    account_with_email,
    account_with_id,
    add_account,
    client_email_blind,
    email_blind,
    one_form,
    require_open,
    system,
)
from core.accounts.service.tokens import code_hash, new_code, new_token
from core.spec.errors import Refused, TooManyTries
from core.spec.types import ProviderRecord
from core.tenancy import Account, Client, Scope
from core.tenancy.logins import token_hash
from core.tenancy.standing import provider_record

HOLDS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What a stranger typed."""

    given_name: str
    family_name: str
    email: str
    password: str
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class OpenSignup:
    """A signup that waits: `is_proven` by the letter's link or its code.

    Without `knows_password` whoever came by the link chooses a password now: the one typed at
    the signup may be a stranger's.
    """

    provider: ProviderRecord
    is_proven: bool
    knows_password: bool
    has_account: bool
    is_for_viewer: bool


def sign_up(scope: Scope, provider_id: UUID, person: NewPerson) -> str:
    """Keep what was typed, mail a code and a link, and return the token of the page for the code.

    An address that has an account gets another letter, and the page looks the same. Raises Invalid
    for a weak password, Refused("portal_closed") and TooManyTries by the asker's address.
    """
    passwords.refuse_weak(person.password, email=person.email)
    require_open(provider_id)
    limits.spend("signup_address", scope.address)
    may_write = _may_write(person.email)
    password_hash = passwords.hashed(person.password)
    page, letter, code, now = new_token(), new_token(), new_code(), clock.now()
    provider = Scope.system("signup", provider_id)
    with db.transaction():
        row = provider.add(
            Signup,
            given_name=person.given_name,
            family_name=person.family_name,
            email=one_form(person.email),
            password_hash=password_hash,
            locale=person.locale,
            page_hash=page.hash,
            mail_hash=letter.hash,
            code_hash=code_hash(code, page.hash),
            created_at=now,
            expires_at=now + HOLDS,
        )
        if may_write:
            is_known = account_with_email(person.email) is not None
            mail.queue(
                provider,
                "accounts/signup_known" if is_known else "accounts/signup",
                key=f"accounts.signup:{row.id}",
                to_address=row.email,
                provider_id=provider_id,
                needs=PORTAL,
                locale=person.locale,
                token=letter.raw,
                code=code,
            )
    return page.raw


def open_signup(scope: Scope, token: str, page_token: str = "") -> OpenSignup:
    """What the page of this link shows. Raises Refused("link_gone"); uses nothing up.

    `page_token` is what this browser got when it signed up, if it did.
    """
    row = _row(token)
    is_proven = _is_proven(row, token)
    account = account_with_email(row.email) if is_proven else None
    return OpenSignup(
        provider=provider_record(row.provider_id),
        is_proven=is_proven,
        knows_password=token_hash(page_token) == row.page_hash or token_hash(token) == row.page_hash,
        has_account=account is not None,
        is_for_viewer=account is not None and account.id == scope.account_id,
    )


def prove(token: str, code: str) -> None:
    """Take the code from the letter. Raises Refused("wrong_code", "link_gone") and TooManyTries."""
    row = _row(token)
    limits.spend("code_entry", row.id)
    digits = "".join(character for character in code if character.isdecimal())
    if not hmac.compare_digest(code_hash(digits, row.page_hash), row.code_hash):
        raise Refused("wrong_code")
    with db.transaction():
        system.change(row, proven_at=clock.now())


def confirm(scope: Scope, token: str, *, page_token: str = "", password: str = "") -> Account:
    """Make the account and the chart once the address is proven, and return the account.

    An address that has an account needs that account logged in. Raises Refused("not_proven",
    "has_account", "other_account", "link_gone", "portal_closed"), and Invalid for a weak password.
    """
    row = _row(token)
    seen = open_signup(scope, token, page_token)
    if not seen.is_proven:
        raise Refused("not_proven")
    if scope.account_id is not None and not seen.is_for_viewer:
        raise Refused("other_account")
    if seen.has_account and not seen.is_for_viewer:
        raise Refused("has_account")
    password_hash = row.password_hash
    if not seen.has_account and not seen.knows_password:
        passwords.refuse_weak(password, email=row.email)
        password_hash = passwords.hashed(password)
    with db.transaction():
        _use_up(row)
        account = _account_for(scope, row, password_hash)
        client = _add_chart(row, account)
        acting = Scope(scope.kind, account_id=account.id, address=scope.address)
        audit.note(acting, "accounts.signed_up", client)
    return account


def _may_write(email: str) -> bool:
    """Three letters an hour to one address; asking more often looks the same on the page."""
    try:
        limits.spend("signup_account", email_blind(email).hex())
    except TooManyTries:
        return False
    return True


def _use_up(row: Signup) -> None:
    require_open(row.provider_id)
    query = system.update(Signup, confirmed_at=clock.now())
    if query.where(Signup.id == row.id, Signup.confirmed_at.is_null()).execute() != 1:
        raise Refused("link_gone")


def _account_for(scope: Scope, row: Signup, password_hash: str) -> Account:
    if scope.account_id is not None:
        return account_with_id(scope.account_id)
    name = f"{row.given_name} {row.family_name}".strip()
    return add_account(email=row.email, name=name, password_hash=password_hash, locale=row.locale)


def _add_chart(row: Signup, account: Account) -> Client:
    """A chart of their own, never somebody's earlier one that has the same address."""
    now = clock.now()
    mine = (Client.account_id == account.id) & (Client.provider_id == row.provider_id)
    there = system.rows(Client).where(mine).first()
    if there is not None:
        if there.ended_at is not None:
            raise Refused("join_ended")
        found: Client = there
        return found
    values = {
        "account_id": account.id,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "email": row.email,
        "email_blind": client_email_blind(row.email, row.provider_id),
        "origin": "self",
        "needs_intake_first": True,
        "joined_at": now,
        "created_at": now,
    }
    try:
        with db.attempt():
            client: Client = system.add(Client, provider_id=row.provider_id, **values)
    except peewee.IntegrityError as error:
        raise Refused("link_gone") from error
    return client


def _row(token: str) -> Signup:
    hashed = token_hash(token)
    mine = (Signup.page_hash == hashed) | (Signup.mail_hash == hashed)
    row = system.rows(Signup).where(mine).first()
    if row is None or row.confirmed_at is not None or row.expires_at <= clock.now():
        raise Refused("link_gone")
    found: Signup = row
    return found


def _is_proven(row: Signup, token: str) -> bool:
    return row.mail_hash == token_hash(token) or row.proven_at is not None
