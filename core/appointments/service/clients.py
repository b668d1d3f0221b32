"""Finding a client by name, for members who book for somebody."""

from __future__ import annotations

from core.spec.types import ClientRecord
from core.tenancy import Client, Scope

CLIENTS_SHOWN = 20


def find_clients(scope: Scope, name: str) -> tuple[list[ClientRecord], bool]:
    """Charts whose names hold every word of `name`, and whether that was all of them."""
    query = scope.rows(Client).where(Client.erased_at.is_null())
    for word in name.split()[:4]:
        query = query.where(
            Client.family_name.contains(word)
            | Client.given_name.contains(word)
            | Client.preferred_name.contains(word)
        )
    rows = query.order_by(Client.family_name, Client.given_name, Client.id)
    found = [row.record() for row in rows.limit(CLIENTS_SHOWN + 1)]
    return found[:CLIENTS_SHOWN], len(found) <= CLIENTS_SHOWN
