"""Calling hooks in a request: each plugin by itself, so that a failing one harms nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import gevent

from core import db, subscriptions
from core.hooks.failing import note_fault
from core.hooks.patience import Patience
from core.hooks.plugin import House, Implementation, Plugin
from core.hooks.shapes import checked
from core.spec import running, slots, types
from core.spec.scope import Scope as Asker
from core.tenancy import Scope

# How long a plugin may keep a page waiting, and how long it isn't asked again after that.
CONTRIBUTION_SECONDS = 1.0
REST_SECONDS = 60
RETURNED: Mapping[str, type] = {
    "register_routes": types.Route,
    "register_settings": types.Setting,
    "register_jobs": types.Job,
    "register_audit_events": types.AuditEvent,
    "register_health_checks": running.HealthCheck,
    "register_commands": running.Command,
    "nav_items": slots.NavItem,
    "home_cards": slots.Card,
    "chart_tabs": slots.ChartTab,
    "chart_facts": slots.ChartFact,
    "settings_sections": slots.SettingsSection,
    "setup_steps": slots.SetupStep,
    "client_marks": slots.Mark,
    "needs_attention": slots.Attention,
    "latest_news": slots.News,
    "booking_obstacles": types.Obstacle,
}
# A closed portal leaves the charts readable to the practice, with their tabs and facts.
KEPT_WHEN_CLOSED: Mapping[str, frozenset[str]] = {
    "chart_tabs": frozenset({"CP"}),
    "chart_facts": frozenset({"CP"}),
}

_Result = TypeVar("_Result")


def implementations(hook: str) -> list[Implementation]:
    """Who implements a hook, in the order of loading; quarantined plugins are not among them."""
    if hook not in House.implementations:
        order = list(House.plugins)
        found = getattr(House.manager.hook, hook).get_hookimpls()
        House.implementations[hook] = [
            Implementation(House.plugins[impl.plugin_name], hook, impl.function, tuple(impl.argnames))
            for impl in sorted(found, key=lambda impl: order.index(impl.plugin_name))
        ]
    return House.implementations[hook]


def ask(implementation: Implementation, values: Mapping[str, Any]) -> Any:
    """Call one plugin. The watchdog finds this frame and reads here whose hook holds the process."""
    was_inside = db.in_transaction()
    try:
        returned = implementation.function(*[values[name] for name in implementation.arguments])
    except BaseException:
        if not was_inside and db.in_transaction():
            db.abandon()
        raise
    if not was_inside and db.in_transaction():
        db.abandon()
        raise LeftOpen
    return returned


class LeftOpen(Exception):
    """A plugin returned with a transaction open: it was rolled back."""


def contributed(hook: str, scope: Scope, **values: Any) -> list[tuple[str, Any]]:
    """What plugins that are on contribute, as (plugin, value); a failing one is skipped."""
    found: list[tuple[str, Any]] = []
    wanted = RETURNED[hook]
    for implementation in implementations(hook):
        plugin = implementation.plugin
        narrowed = scope if plugin.is_core else _where_on(scope, plugin, hook)
        if narrowed is None or plugin.rests_until.get(hook, 0) > time.monotonic():
            continue
        try:
            with Patience(CONTRIBUTION_SECONDS):
                returned = ask(implementation, {"scope": narrowed, **values})
            found += [(plugin.name, value) for value in checked(hook, returned, wanted)]
        except gevent.GreenletExit:
            raise
        except BaseException as error:  # noqa: BLE001 -- SystemExit and the like out of a plugin are its faults
            _skip(implementation, error)
    return found


def attempted(plugin: str, hook: str, act: Callable[[], _Result]) -> _Result | None:
    """What core makes of a plugin's value, such as a link; None where that fails, which is counted."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 -- a wrong value is the plugin's fault, not the page's
        note_fault(House.plugins[plugin], hook, error)
        return None


def _skip(implementation: Implementation, error: BaseException) -> None:
    plugin, hook = implementation.plugin, implementation.hook
    note_fault(plugin, hook, error, implementation.function)
    if isinstance(error, gevent.Timeout):
        plugin.rests_until[hook] = time.monotonic() + REST_SECONDS
        if not db.in_transaction():
            db.discard()


def _where_on(scope: Scope, plugin: Plugin, hook: str) -> Scope | None:
    if scope.kind == "operator":
        return None if subscriptions.is_off_everywhere(plugin.name) else scope
    key = "where on", plugin.name, hook in KEPT_WHEN_CLOSED, scope.providers
    if key in scope.answers:
        found: Scope | None = scope.answers[key]
        return found
    needs = plugin.needs - KEPT_WHEN_CLOSED[hook] if hook in KEPT_WHEN_CLOSED else plugin.needs
    narrowed = subscriptions.narrowed(scope, needs, plugin.name)
    if scope.features.keys() >= scope.providers:
        # What the scope holds was read when it was made, and so is the answer for as long as it lives.
        scope.answers[key] = narrowed
    return narrowed


def each_on(hook: str, scope: Asker) -> Iterator[Implementation]:
    """The implementations of plugins that are on for the scope's one provider."""
    for implementation in implementations(hook):
        plugin = implementation.plugin
        if plugin.is_core or subscriptions.on(scope.provider_id, plugin.needs, plugin.name):
            yield implementation
