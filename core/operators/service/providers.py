"""Providers and how their subscriptions stand."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from core import subscriptions
from core.subscriptions import Standing
from core.tenancy import Provider, Scope

Standings = Mapping[str, Standing]


def providers(scope: Scope) -> list[tuple[Provider, Standings]]:
    """All providers by name, each with how every feature stands."""
    rows = list(scope.rows(Provider).order_by(Provider.name, Provider.slug))
    held = subscriptions.standings(row.id for row in rows)
    return [(row, held[row.id]) for row in rows]


def provider(scope: Scope, provider_id: UUID) -> tuple[Provider, Standings]:
    """One provider and how every feature stands. Raises NotFound."""
    row: Provider = scope.one(Provider, provider_id)
    return row, subscriptions.standings([row.id])[row.id]
