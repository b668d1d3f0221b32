"""From an account to its scope: the charts, memberships and providers that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock, db
from core.spec.scope import MemberRef
from core.spec.scope import Scope as Asker
from core.spec.types import ProviderRecord
from core.tenancy.models import CHART_COLUMNS, Account, Client, Member, OperatorAccess, Provider
from core.tenancy.scope import Scope

Features = Mapping[UUID, frozenset[str]]
FeaturesOf = Callable[[frozenset[UUID]], Features]


_joined_charts = db.Prepared(
    lambda: (
        db.house_rows(Client, *CHART_COLUMNS, Provider)
        .join(Provider, on=(Client.provider_id == Provider.id), attr="provider")
        .where(
            (Client.account_id == db.blank(Client.account_id, "account_id"))
            & Client.joined_at.is_null(False)
            & Client.ended_at.is_null()
        )
        .order_by(Provider.name)
    )
)
_memberships = db.Prepared(
    lambda: (
        db.house_rows(Member, Member, Provider)
        .join(Provider, on=(Member.provider_id == Provider.id), attr="provider")
        .where((Member.account_id == db.blank(Member.account_id, "account_id")) & Member.removed_at.is_null())
        .order_by(Provider.name)
    )
)


def client_scope(account: Account, features_of: FeaturesOf, address: str = "") -> Scope:
    """All charts that the account is joined with; no chart gives an empty scope."""
    charts = _joined_charts(account_id=account.id)
    records = {row.provider_id: row.provider.record() for row in charts}
    providers = frozenset(records)
    return Scope(
        "client",
        account_id=account.id,
        account_name=account.name,
        providers=providers,
        clients={row.provider_id: row.id for row in charts},
        records=records,
        features=features_of(providers),
        charts={row.provider_id: row.record() for row in charts},
        address=address,
    )


def member_scope(account: Account, features_of: FeaturesOf, address: str = "") -> Scope:
    """All memberships of the account."""
    memberships = _memberships(account_id=account.id)
    records: dict[UUID, ProviderRecord] = {row.provider_id: row.provider.record() for row in memberships}
    providers = frozenset(records)
    return Scope(
        "member",
        account_id=account.id,
        account_name=account.name,
        providers=providers,
        members={row.provider_id: MemberRef(row.id, row.role, row.name) for row in memberships},
        records=records,
        features=features_of(providers),
        address=address,
    )


def own_scopes(account: Account, features_of: FeaturesOf, address: str = "") -> list[Scope]:
    """A scope of one provider for each chart that the account ever had, ended ones too; for own data."""
    rows = (
        db.house_rows(Client, *CHART_COLUMNS, Provider)
        .join(Provider, on=(Client.provider_id == Provider.id), attr="provider")
        .where(Client.account_id == account.id)
        .order_by(Provider.name, Client.id)
    )
    return [
        Scope(
            "client",
            account_id=account.id,
            account_name=account.name,
            providers=frozenset({row.provider_id}),
            clients={row.provider_id: row.id},
            records={row.provider_id: row.provider.record()},
            features=features_of(frozenset({row.provider_id})),
            charts={row.provider_id: row.record()},
            address=address,
        )
        for row in rows
    ]


def is_access_open(now: datetime) -> Any:
    """The condition for an operator's hour that runs."""
    return OperatorAccess.ended_at.is_null() & (OperatorAccess.until_at > now)


def access_scope(account: Account, slug: str, features_of: FeaturesOf, address: str = "") -> Scope | None:
    """An operator's scope in a practice while their hour runs: as an owner sees it, for reading only."""
    mine = (OperatorAccess.account_id == account.id) & (Provider.slug == slug)
    rows = (
        db.house_rows(OperatorAccess, OperatorAccess, Provider)
        .join(Provider, on=(OperatorAccess.provider_id == Provider.id), attr="provider")
        .where(mine & is_access_open(clock.now()))
    )
    row = rows.first()
    if row is None:
        return None
    providers = frozenset({row.provider_id})
    return Scope(
        "member",
        account_id=account.id,
        account_name=account.name,
        providers=providers,
        # No member has this id, so nothing of anybody's own is theirs.
        members={row.provider_id: MemberRef(row.id, "owner", account.name)},
        records={row.provider_id: row.provider.record()},
        features=features_of(providers),
        address=address,
        access_id=row.id,
    )


def operator_scope(account: Account, address: str = "") -> Scope:
    """An operator: sees providers and subscriptions, and no client's row."""
    return Scope("operator", account_id=account.id, account_name=account.name, address=address)


def is_member_anywhere(account_id: UUID) -> bool:
    """Whether the account has any membership that was not removed."""
    mine = (Member.account_id == account_id) & Member.removed_at.is_null()
    return db.house_rows(Member, Member.id).where(mine).first() is not None


def has_chart(account_id: UUID) -> bool:
    """Whether the account ever had a chart, joined or ended."""
    mine = Client.account_id == account_id
    return db.house_rows(Client, Client.id).where(mine).first() is not None


def has_joined_chart(account_id: UUID) -> bool:
    """Whether some practice has the account as its client now."""
    mine = (Client.account_id == account_id) & Client.joined_at.is_null(False) & Client.ended_at.is_null()
    return db.house_rows(Client, Client.id).where(mine).first() is not None


def provider_id_of(slug: str) -> UUID | None:
    """The provider of this address, if there is one."""
    row = db.house_rows(Provider, Provider.id).where(Provider.slug == slug).first()
    found: UUID | None = None if row is None else row.id
    return found


def provider_record(provider_id: UUID) -> ProviderRecord:
    """The provider as others may see it; for mail and deliveries, which have no request."""
    row = db.house_rows(Provider).where(Provider.id == provider_id).get()
    record: ProviderRecord = row.record()
    return record


def member_names(scope: Asker) -> dict[UUID, str]:
    """The names of all who are or were members of the scope's providers, for lists that know their ids."""
    return {row.id: row.name for row in scope.rows(Member, Member.id, Member.name)}
