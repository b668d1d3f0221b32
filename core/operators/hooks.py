"""Everything that the operator's side adds."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks import hookimpl
from core.i18n import gettext as _
from core.operators import views
from core.spec.types import AuditEvent, NavItem, Route
from core.tenancy import Scope

NOTHING: frozenset[str] = frozenset()
ONE = "/operator/providers/<uuid:provider_id>/"


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/operator/", views.providers, "operator", needs=NOTHING),
        Route(ONE, views.provider, "operator", needs=NOTHING),
        Route(f"{ONE}subscriptions/", views.switch, "operator", methods=("POST",), needs=NOTHING),
        Route("/operator/plugins/", views.plugins, "operator", needs=NOTHING),
    ]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    if scope.kind != "operator":
        return []
    return [
        NavItem(_("Providers"), "operators.providers", 10, "operator"),
        NavItem(_("Plugins"), "operators.plugins", 20, "operator"),
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("operators.provider_added", "A provider was added"),
        AuditEvent("operators.subscription_switched", "A subscription was switched"),
    ]
