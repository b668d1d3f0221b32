"""The rows of people and providers."""

from __future__ import annotations

from typing import Any, ClassVar

import peewee

from core.db import (
    Blind,
    Day,
    Flag,
    HouseModel,
    Id,
    Json,
    Moment,
    Number,
    Sealed,
    SealedJson,
    TenantModel,
    Words,
)
from core.db.models import one_of
from core.spec.types import Address, ClientRecord, ProviderRecord


class Account(HouseModel):
    """Who logs in; found by a blind index of the e-mail address."""

    email = Sealed()
    email_blind = Blind()
    password_hash = Words(null=True)
    name = Words()
    is_operator = Flag(default=False)
    locale = Words(default="en")
    zone = Words(default="")
    created_at = Moment()
    password_changed_at = Moment(null=True)
    disabled_at = Moment(null=True)

    class Meta:
        table_name = "account"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        return None if scope.is_unlimited else cls.id == scope.account_id


class Login(HouseModel):
    """One browser that is logged in; the cookie holds a token, the row its hash."""

    account_id = Id()
    token_hash = Blind()
    idle_seconds = Number()
    created_at = Moment()
    seen_at = Moment()
    proven_at = Moment(null=True)
    ended_at = Moment(null=True)
    address = Words(default="")
    agent = Words(default="")

    class Meta:
        table_name = "login"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        return None if scope.is_unlimited else cls.account_id == scope.account_id


class KeptForm(HouseModel):
    """What was typed into a form that could not be taken; `place` is blind: its page and address."""

    account_id = Id()
    place = Blind()
    body = SealedJson()
    kept_at = Moment()
    expires_at = Moment()

    class Meta:
        table_name = "kept_form"


class Provider(HouseModel):
    """The tenant and subscriber: one therapist, or a group with one portal."""

    slug = Words()
    name = Words()
    outside_name = Words(default="")
    phone = Words(default="")
    address = Json(default=dict)
    zone = Words()
    locale = Words(default="en")
    answer_days = Number(default=2)
    crisis_line = Words(default="")
    created_at = Moment()

    class Meta:
        table_name = "provider"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        if scope.is_unlimited or scope.kind == "operator":
            return None
        return one_of(cls.id, scope.providers)

    def record(self) -> ProviderRecord:
        return ProviderRecord(
            id=self.id,
            slug=self.slug,
            name=self.name,
            outside_name=self.outside_name,
            zone=self.zone,
            locale=self.locale,
            phone=self.phone,
            answer_days=self.answer_days,
            address=Address(**self.address).lines,
            crisis_line=self.crisis_line,
        )


class Member(TenantModel):
    """A person of a provider; `name` is what clients see."""

    account_id = Id()
    name = Words()
    role = Words()
    joined_at = Moment()
    removed_at = Moment(null=True)

    class Meta:
        table_name = "member"


class Client(TenantModel):
    """One chart: a person at one provider, with an account once they joined."""

    owner_column: ClassVar[str] = "id"

    account_id = Id(null=True)
    given_name = Words()
    family_name = Words()
    preferred_name = Words(default="")
    pronouns = Words(default="")
    birth_on = Day(null=True)
    email = Sealed(null=True)
    email_blind = Blind(null=True)
    phone = Sealed(null=True)
    address = SealedJson(null=True)
    emergency_contact = SealedJson(null=True)
    origin = Words()
    needs_intake_first = Flag(default=False)
    zone = Words(default="")
    joined_at = Moment(null=True)
    ended_at = Moment(null=True)
    erased_at = Moment(null=True)
    created_at = Moment()

    class Meta:
        table_name = "client"

    @property
    def full_name(self) -> str:
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()

    def record(self) -> ClientRecord:
        return ClientRecord(
            id=self.id,
            provider_id=self.provider_id,
            account_id=self.account_id,
            given_name=self.given_name,
            family_name=self.family_name,
            preferred_name=self.preferred_name,
            pronouns=self.pronouns,
            birth_on=self.birth_on,
            origin=self.origin,
            needs_intake_first=self.needs_intake_first,
            zone=self.zone,
            is_joined=self.joined_at is not None and self.ended_at is None,
            is_erased=self.erased_at is not None,
        )


class ErasurePart(TenantModel):
    """What one room or plugin did when a chart's data was erased; `told` are its words and counts."""

    client_id = Id()
    plugin = Words()
    title = Words()
    state = Words()
    told = SealedJson(null=True)
    asked_at = Moment()

    class Meta:
        table_name = "client_erasure"


class OperatorAccess(TenantModel):
    """An operator's hour of reading at a provider, with the reason for it."""

    account_id = Id()
    reason = Sealed()
    began_at = Moment()
    until_at = Moment()
    ended_at = Moment(null=True)

    class Meta:
        table_name = "operator_access"


# What `record()` reads: a scope is made for each request, and needs nothing of what is sealed.
CHART_COLUMNS = (
    Client.id,
    Client.provider_id,
    Client.account_id,
    Client.given_name,
    Client.family_name,
    Client.preferred_name,
    Client.pronouns,
    Client.birth_on,
    Client.origin,
    Client.needs_intake_first,
    Client.zone,
    Client.joined_at,
    Client.ended_at,
    Client.erased_at,
)
