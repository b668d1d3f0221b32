"""The rows of links and codes by which people get in."""

from __future__ import annotations

from core.db import Blind, HouseModel, Id, Moment, Sealed, TenantModel, Words


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
    """A link by which a forgotten password is replaced."""

    account_id = Id(null=True)
    token_hash = Blind()
    created_at = Moment()
    expires_at = Moment()
    used_at = Moment(null=True)

    class Meta:
        table_name = "accounts_reset"
