"""What a practice says of itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core import audit, db
from core.spec.types import Address
from core.tenancy import Provider, Scope


def provider_of(scope: Scope) -> Provider:
    """The scope's one provider, as its row."""
    row: Provider = scope.one(Provider, scope.provider_id)
    return row


def change_profile(scope: Scope, *, address: Address, **values: Any) -> None:
    """Keep name, phone, zone, answer time, neutral name and crisis line; acts at once."""
    with db.transaction():
        row = provider_of(scope)
        scope.change(row, address=asdict(address), **values)
        audit.note(scope, "practice.profile_changed", provider_id=row.id)
