"""The rows of links and codes by which people get in."""

from __future__ import annotations

from typing import Any

import peewee

from core.db import Blind, Flag, HouseModel, Id, Moment, Number, Sealed, TenantModel, Words


class Invitation(TenantModel):
    """A link by which a person joins the chart that a provider keeps of them."""

    client_id = Id()
    email = Sealed()
    token_hash = Blind()
    invited_by = Id(null=True)
    created_at = Moment()
    expires_at = Moment()
    accepted_at = Moment(null=True)
    revoked_at = Moment(null=True)

    class Meta:
        table_name = "accounts_invitation"


class Welcome(TenantModel):
    """A link by which a person joins a provider's team."""

    email = Sealed()
    name = Words()
    role = Words()
    token_hash = Blind()
    invited_by = Id(null=True)
    created_at = Moment()
    expires_at = Moment()
    accepted_at = Moment(null=True)
    revoked_at = Moment(null=True)

    class Meta:
        table_name = "accounts_welcome"


class Signup(TenantModel):
    """Somebody who signed up and has not yet shown that the e-mail address is theirs."""

    given_name = Words()
    family_name = Words()
    email = Sealed()
    password_hash = Words()
    locale = Words(default="en")
    page_hash = Blind()
    mail_hash = Blind()
    code_hash = Blind()
    created_at = Moment()
    expires_at = Moment()
    proven_at = Moment(null=True)
    confirmed_at = Moment(null=True)

    class Meta:
        table_name = "accounts_signup"


class Reset(HouseModel):
    """A link by which a forgotten password is replaced; one that a practice vouched for asks no questions."""

    account_id = Id(null=True)
    is_vouched = Flag(default=False)
    token_hash = Blind()
    created_at = Moment()
    expires_at = Moment()
    used_at = Moment(null=True)

    class Meta:
        table_name = "accounts_reset"


class EmailChange(HouseModel):
    """Another address for an account: confirmed at the new one, undone from the old one."""

    account_id = Id()
    old_email = Sealed()
    new_email = Sealed()
    confirm_hash = Blind()
    undo_hash = Blind(null=True)
    created_at = Moment()
    expires_at = Moment()
    confirmed_at = Moment(null=True)
    undo_until_at = Moment(null=True)
    ended_at = Moment(null=True)

    class Meta:
        table_name = "accounts_email_change"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        return None if scope.is_unlimited else cls.account_id == scope.account_id


class Question(HouseModel):
    """A security question that an account chose; of the answer there is only a hash."""

    account_id = Id()
    code = Words()
    place = Number()
    answer_hash = Words()
    created_at = Moment()

    class Meta:
        table_name = "accounts_question"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        return None if scope.is_unlimited else cls.account_id == scope.account_id


class Recovery(TenantModel):
    """A client's wish that the practice confirm who they are, so that they get in again."""

    client_id = Id()
    account_id = Id()
    created_at = Moment()
    expires_at = Moment()
    settled_at = Moment(null=True)
    settled_by = Id(null=True)

    class Meta:
        table_name = "accounts_recovery"
