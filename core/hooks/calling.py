"""Calling hooks by kind, each plugin by itself, so that a failing one harms nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import gevent
import structlog

from core import db, subscriptions
from core.hooks.failing import quarantine
from core.hooks.plugin import House, needs_of, plugins
from core.spec import types
from core.spec.carrying import packed, unpacked
from core.spec.errors import PluginRefused
from core.spec.types import Obstacle
from core.tenancy import Scope

GATE_SECONDS = 0.2
RETURNED: Mapping[str, type] = {
    "register_routes": types.Route,
    "register_settings": types.Setting,
    "register_jobs": types.Job,
    "register_audit_events": types.AuditEvent,
    "nav_items": types.NavItem,
    "home_cards": types.Card,
    "chart_tabs": types.ChartTab,
    "settings_sections": types.SettingsSection,
    "setup_steps": types.SetupStep,
    "client_marks": types.Mark,
    "needs_attention": types.Attention,
    "booking_obstacles": types.Obstacle,
}
# A closed portal leaves the charts readable to the practice, with their tabs.
KEPT_WHEN_CLOSED: Mapping[str, frozenset[str]] = {"chart_tabs": frozenset({"CP"})}
FAULTS = (Exception, SystemExit, gevent.Timeout)

_log = structlog.get_logger()


def implementations(name: str) -> Iterator[tuple[str, Any]]:
    """Who implements a hook, as (room or plugin, implementation), in the order of loading."""
    order = list(House.plugins)
    impls = getattr(House.manager.hook, name).get_hookimpls()
    for impl in sorted(impls, key=lambda impl: order.index(impl.plugin_name)):
        yield impl.plugin_name, impl


def _call(impl: Any, values: Mapping[str, Any]) -> Any:
    return impl.function(*[values[name] for name in impl.argnames])


def _checked(hook: str, returned: Any) -> list[Any]:
    values = list(returned)
    for value in values:
        if not isinstance(value, RETURNED[hook]):
            msg = f"{hook} returned {type(value).__name__}"
            raise TypeError(msg)
    return values


def _note_fault(plugin: str, hook: str, error: BaseException) -> None:
    faults = House.plugins[plugin].faults
    faults[hook] = faults.get(hook, 0) + 1
    _log.warning("plugin failed", plugin=plugin, hook=hook, kind=type(error).__name__)


def declared(hook: str) -> list[tuple[str, Any]]:
    """What all loaded plugins declare, as (plugin, value); a failing one is quarantined."""
    found = []
    for plugin, impl in list(implementations(hook)):
        try:
            found += [(plugin, value) for value in _checked(hook, _call(impl, {}))]
        except FAULTS as error:
            quarantine(plugin, error)
    return found


def contributed(hook: str, scope: Scope, **values: Any) -> list[tuple[str, Any]]:
    """What plugins that are on contribute, as (plugin, value); a failing one is skipped."""
    found = []
    for plugin, impl in implementations(hook):
        narrowed = _where_on(scope, plugin, hook)
        if narrowed is None:
            continue
        try:
            returned = _call(impl, {"scope": narrowed, **values})
            found += [(plugin, value) for value in _checked(hook, returned)]
        except FAULTS as error:
            _note_fault(plugin, hook, error)
    return found


def _where_on(scope: Scope, plugin: str, hook: str) -> Scope | None:
    if House.plugins[plugin].is_core:
        return scope
    if scope.kind == "operator":
        return None if subscriptions.is_off_everywhere(plugin) else scope
    needs = needs_of(plugin) - KEPT_WHEN_CLOSED.get(hook, frozenset())
    return subscriptions.narrowed(scope, needs, plugin)


def obstacles(hook: str, scope: Scope, **values: Any) -> list[Obstacle]:
    """What stands before an act for the scope's one provider; a failing gate is closed."""
    found = []
    for plugin, impl in implementations(hook):
        if not subscriptions.on(scope.provider_id, needs_of(plugin), plugin):
            continue
        try:
            with gevent.Timeout(GATE_SECONDS):
                returned = _checked(hook, _call(impl, {"scope": scope, **values}))
            found += [replace(obstacle, plugin=plugin) for obstacle in returned]
        except FAULTS as error:
            _note_fault(plugin, hook, error)
            found.append(Obstacle("gate_failed", plugin=plugin))
            if isinstance(error, gevent.Timeout) and not db.in_transaction():
                db.discard()
    return found + _closed_gates(hook, scope.provider_id)


def _closed_gates(hook: str, provider_id: UUID) -> list[Obstacle]:
    """Gates of plugins that could not be loaded, or are gone, count as closed."""
    broken = [plugin for plugin in plugins() if plugin.refused]
    return [
        Obstacle("gate_failed", plugin=plugin.name)
        for plugin in broken + House.absent
        if hook in plugin.gates and subscriptions.on(provider_id, plugin.needs, plugin.name)
    ]


def tell(scope: Scope, hook: str, *, key: str, **records: Any) -> None:
    """Queue an event, one outbox row for each plugin that is on; stands in a transaction."""
    if House.put_event is None:
        msg = "hooks.bind was not called"
        raise RuntimeError(msg)
    provider_id = scope.provider_id
    payload = {name: packed(record) for name, record in records.items()}
    for plugin, _impl in implementations(hook):
        if subscriptions.on(provider_id, needs_of(plugin), plugin):
            House.put_event(
                scope,
                "event",
                f"{plugin}:{hook}",
                f"{hook}:{key}:{plugin}",
                payload,
                provider_id=provider_id,
            )


def deliver_event(scope: Scope, target: str, payload: Any, provider_id: UUID | None) -> None:
    """The outbox's receiver of events: calls one plugin; what it raises is retried there.

    Raises PluginRefused while the plugin is quarantined: its events wait and are not lost.
    """
    plugin, _, hook = target.partition(":")
    if House.plugins[plugin].refused:
        raise PluginRefused(plugin, "is quarantined; its events wait")
    inner = Scope.system(f"event {hook}", provider_id)
    values = {name: unpacked(carried) for name, carried in payload.items()}
    for name, impl in implementations(hook):
        if name == plugin:
            _call(impl, {"scope": inner, **values})
