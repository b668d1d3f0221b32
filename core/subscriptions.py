"""What each provider holds: data, asked at each request and again inside transactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from core import clock, db
from core.db import Flag, Id, Moment, TenantModel, Words
from core.spec.errors import Invalid
from core.spec.types import FEATURES
from core.tenancy import Scope

Needs = Iterable[str]


class Subscription(TenantModel):
    """Whether a provider holds a feature now, and who changed that last."""

    feature = Words()
    is_on = Flag()
    changed_at = Moment()
    changed_by = Id(null=True)

    class Meta:
        table_name = "subscription"


def of(providers: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
    """The features that each of these providers holds."""
    wanted = list(providers)
    held: dict[UUID, set[str]] = {provider_id: set() for provider_id in wanted}
    if wanted:
        rows = db.house_rows(Subscription, Subscription.provider_id, Subscription.feature)
        for row in rows.where(Subscription.provider_id.in_(wanted) & Subscription.is_on):
            held[row.provider_id].add(row.feature)
    return {provider_id: frozenset(features) for provider_id, features in held.items()}


def on(provider_id: UUID, needs: Needs) -> bool:
    """Whether the provider holds all of `needs` at this moment."""
    return frozenset(needs) <= of([provider_id])[provider_id]


def narrowed(scope: Scope, needs: Needs) -> Scope | None:
    """The scope for those of its providers that hold `needs`; None when there is none."""
    wanted = frozenset(needs)
    features = scope.features if scope.features.keys() >= scope.providers else of(scope.providers)
    kept = frozenset(key for key in scope.providers if wanted <= features[key])
    return scope.within(kept) if kept else None


def switch(scope: Scope, provider_id: UUID, feature: str, *, is_on: bool) -> None:
    """Switch a feature for a provider; acts at everybody's next click.

    Raises Invalid for a feature that does not exist.
    """
    if feature not in FEATURES:
        raise Invalid({"feature": "unknown"})
    system = Scope.system("subscriptions", provider_id)
    values = {"is_on": is_on, "changed_at": clock.now(), "changed_by": scope.account_id}
    with db.transaction():
        mine = Subscription.feature == feature
        if system.update(Subscription, **values).where(mine).execute() == 0:
            system.add(Subscription, feature=feature, **values)
