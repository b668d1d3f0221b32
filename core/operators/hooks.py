"""Everything that the operator's side adds."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks import hookimpl
from core.i18n import gettext as _
from core.operators import service, views
from core.operators.words import access_words
from core.spec.slots import Attention, NavItem
from core.spec.types import AuditEvent, Route
from core.tenancy import Scope

NOTHING: frozenset[str] = frozenset()
HOME = "/operator/"
PROVIDER = f"{HOME}providers/<uuid:provider_id>/"
PLUGIN = f"{HOME}plugins/<plugin>/"
GET, POST, FORM = ("GET",), ("POST",), ("GET", "POST")


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route(HOME, views.health, "operator", None, GET, NOTHING),
        Route(f"{HOME}deliveries/<uuid:row_id>/again/", views.try_again, "operator", None, POST, NOTHING),
        Route(f"{HOME}providers/", views.providers, "operator", None, GET, NOTHING),
        Route(PROVIDER, views.provider, "operator", None, GET, NOTHING),
        Route(f"{PROVIDER}subscriptions/<feature>/", views.subscription, "operator", None, FORM, NOTHING),
        Route(f"{PROVIDER}access/", views.access, "operator", None, FORM, NOTHING, proven=True),
        Route(f"{PROVIDER}access/end/", views.end_access, "operator", None, POST, NOTHING),
        Route(f"{HOME}subscriptions/", views.subscriptions, "operator", None, GET, NOTHING),
        Route(f"{HOME}plugins/", views.plugins, "operator", None, GET, NOTHING),
        *_plugin_routes(),
        Route(f"{HOME}audit/", views.audit, "operator", None, GET, NOTHING),
    ]


def _plugin_routes() -> Sequence[Route]:
    one = f"{PLUGIN}switch/<uuid:provider_id>/"
    return [
        Route(PLUGIN, views.plugin, "operator", None, GET, NOTHING),
        Route(f"{PLUGIN}switch/", views.switch_plugin, "operator", None, FORM, NOTHING),
        Route(one, views.switch_plugin_for, "operator", None, FORM, NOTHING),
        Route(f"{PLUGIN}forget/", views.forget, "operator", None, FORM, NOTHING),
    ]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    if scope.kind != "operator":
        return []
    return [
        NavItem(_("Health"), "operators.health", 10, "operator"),
        NavItem(_("Providers"), "operators.providers", 20, "operator"),
        NavItem(_("Subscriptions"), "operators.subscriptions", 30, "operator"),
        NavItem(_("Plugins"), "operators.plugins", 40, "operator"),
        NavItem(_("Audit"), "operators.audit", 50, "operator"),
    ]


@hookimpl
def needs_attention(scope: Scope) -> Sequence[Attention]:
    if len(scope.providers) != 1:
        return []
    return [
        Attention(access_words(row), "practice.practice_log", row.began_at)
        for row in service.open_accesses(scope, scope.provider_id)
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("operators.provider_added", _("Added a provider")),
        AuditEvent("operators.subscription_switched", _("Switched a subscription")),
        AuditEvent("operators.plugin_switched", _("Switched a plugin off or on")),
        AuditEvent("operators.plugin_seen", _("A plugin was installed")),
        AuditEvent("operators.plugin_upgraded", _("A plugin has another version")),
        AuditEvent("operators.plugin_returned", _("A forgotten plugin is here again")),
        AuditEvent("operators.plugin_forgotten", _("Forgot a plugin that is gone")),
        AuditEvent("operators.delivery_resumed", _("Let a parked delivery be tried again")),
        AuditEvent("operators.access_begun", _("Began an hour of reading in the practice")),
        AuditEvent("operators.access_ended", _("Ended the hour of reading")),
        AuditEvent("operators.page_read", _("Opened a page of the practice")),
        AuditEvent("operators.operator_added", _("Added an operator")),
    ]
