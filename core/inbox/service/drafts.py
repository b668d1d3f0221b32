"""Drafts: what somebody began to write, kept at the server under their account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core import clock, db
from core.inbox.models import Draft
from core.tenancy import Client, Scope
from core.tenancy.charts import hold_chart


def keep_draft(scope: Scope, client_id: UUID, place: str, *, subject: str, body: str) -> datetime:
    """Keep what was typed; `place` is `new` or a thread's id. Returns when.

    Raises NotFound outside the scope and for an erased chart.
    """
    inner = scope.narrow(scope.one(Client, client_id).provider_id)
    now = clock.now()
    with db.transaction():
        client = hold_chart(inner, client_id)
        draft = draft_of(inner, client.id, place)
        if draft is None:
            inner.add(
                Draft,
                client_id=client.id,
                account_id=scope.account_id,
                place=place,
                subject=subject,
                body=body,
                saved_at=now,
            )
        else:
            inner.change(draft, subject=subject, body=body, saved_at=now)
    return now


def draft_of(scope: Scope, client_id: UUID, place: str) -> Draft | None:
    """The account's own draft for this place."""
    found: Draft | None = (
        scope.rows(Draft)
        .where(
            (Draft.client_id == client_id) & (Draft.account_id == scope.account_id) & (Draft.place == place)
        )
        .first()
    )
    return found


def drop_draft(scope: Scope, client_id: UUID, place: str) -> None:
    """The draft was sent or given up; stands in a transaction."""
    mine = (Draft.client_id == client_id) & (Draft.account_id == scope.account_id)
    scope.delete(Draft).where(mine & (Draft.place == place)).execute()
