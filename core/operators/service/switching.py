"""Switching subscriptions and plugins, always with a reason; it acts at everybody's next click."""

from __future__ import annotations

from uuid import UUID

from core import audit, db, outbox, subscriptions
from core.operators.service.known import require_known
from core.spec.errors import Invalid
from core.subscriptions import ALWAYS, Period
from core.tenancy import Provider, Scope

LONGEST_REASON = 300


def switch(
    scope: Scope, provider_id: UUID, feature: str, *, is_on: bool, reason: str, period: Period = ALWAYS
) -> None:
    """Switch a subscription, at once or from and until a moment; nothing is deleted.

    Raises NotFound, and Invalid for an unknown feature, a missing reason or a period that ends
    before it begins.
    """
    why = _reason(reason)
    row: Provider = scope.one(Provider, provider_id)
    with db.transaction():
        subscriptions.switch(scope, row.id, feature, is_on=is_on, period=period, reason=why)
        audit.note(scope, "operators.subscription_switched", provider_id=row.id, feature=feature, is_on=is_on)


def switch_plugin(scope: Scope, plugin: str, provider_id: UUID | None, *, is_on: bool, reason: str) -> None:
    """Switch a plugin off or on again, for one provider or with None everywhere.

    What waited for it because it was off is delivered. Raises NotFound and Invalid.
    """
    why = _reason(reason)
    require_known(plugin)
    if provider_id is not None:
        scope.one(Provider, provider_id)
    with db.transaction():
        subscriptions.switch_plugin(scope, plugin, provider_id, is_on=is_on, reason=why)
        audit.note(scope, "operators.plugin_switched", provider_id=provider_id, plugin=plugin, is_on=is_on)
        if is_on:
            outbox.resume_all(plugin, provider_id)


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not reason:
        raise Invalid({"reason": "missing"})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": "too_long"})
    return reason
