"""What an operator may see and switch: no client's row is among it."""

from __future__ import annotations

from uuid import UUID

from core import audit, db, subscriptions
from core.spec.types import FEATURES
from core.tenancy import Provider, Scope


def providers(scope: Scope) -> list[tuple[Provider, frozenset[str]]]:
    """All providers by name, each with the features that it holds."""
    rows = list(scope.rows(Provider).order_by(Provider.name))
    held = subscriptions.of(row.id for row in rows)
    return [(row, held[row.id]) for row in rows]


def provider(scope: Scope, provider_id: UUID) -> tuple[Provider, dict[str, bool]]:
    """One provider and whether each feature is on. Raises NotFound."""
    row: Provider = scope.one(Provider, provider_id)
    held = subscriptions.of([row.id])[row.id]
    return row, {feature: feature in held for feature in FEATURES}


def switch(scope: Scope, provider_id: UUID, feature: str, *, is_on: bool) -> None:
    """Switch a subscription; acts at everybody's next click. Raises NotFound or Invalid."""
    row: Provider = scope.one(Provider, provider_id)
    with db.transaction():
        subscriptions.switch(scope, row.id, feature, is_on=is_on)
        audit.note(scope, "operators.subscription_switched", provider_id=row.id, feature=feature, is_on=is_on)
