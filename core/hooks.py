"""Loads plugins and calls their hooks by kind, so that a failing one harms nobody else."""

from __future__ import annotations

import importlib
import inspect
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar
from uuid import UUID

import gevent
import pluggy
import structlog

from core import db, subscriptions
from core.spec import hooks as specs
from core.spec import types
from core.spec.carrying import packed, unpacked
from core.spec.errors import PluginRefused
from core.spec.types import FEATURES, Obstacle
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
hookimpl = pluggy.HookimplMarker("vestibule")
PutEvent = Callable[..., Any]


@dataclass
class Plugin:
    """A core room or a plugin, as its manifest tells; `refused` says why it is quarantined."""

    name: str
    title: str
    version: str
    needs: frozenset[str]
    gates: tuple[str, ...] = ()
    folder: Path | None = None
    is_core: bool = False
    refused: str = ""
    faults: dict[str, int] = field(default_factory=dict)


class _House:
    manager = pluggy.PluginManager("vestibule")
    plugins: ClassVar[dict[str, Plugin]] = {}
    put_event: PutEvent | None = None


def load(rooms: Mapping[str, ModuleType], folders: Sequence[Path], required: Sequence[str] = ()) -> None:
    """Load the core rooms, then every plugin in the folders, by name.

    A plugin that breaks the contract is quarantined. Raises PluginRefused for a core room
    or a required plugin.
    """
    _House.manager = pluggy.PluginManager("vestibule")
    _House.manager.add_hookspecs(specs)
    _House.plugins = {}
    for name, module in rooms.items():
        plugin = Plugin(name, name, "core", frozenset({"CP"}), is_core=True)
        _House.plugins[name] = plugin
        _register(plugin, module)
    for folder in _plugin_folders(folders):
        _load_plugin(folder)
    for name in required:
        if name not in _House.plugins:
            raise PluginRefused(name, "is required and not there")
        if _House.plugins[name].refused:
            raise PluginRefused(name, _House.plugins[name].refused)


def bind(put_event: PutEvent) -> None:
    """Take the outbox's `put`, which stands above this file."""
    _House.put_event = put_event


def plugins() -> list[Plugin]:
    """Every room and plugin that was found, quarantined ones too."""
    return list(_House.plugins.values())


def is_plugin(name: str) -> bool:
    """Whether this is a plugin's name, and no core room's."""
    return name in _House.plugins and not _House.plugins[name].is_core


def needs_of(name: str) -> frozenset[str]:
    return _House.plugins[name].needs


def _plugin_folders(folders: Sequence[Path]) -> list[Path]:
    found = [path.parent for folder in folders for path in folder.glob("*/plugin.toml")]
    return sorted(found, key=lambda path: path.name)


def _load_plugin(folder: Path) -> None:
    plugin = Plugin(folder.name, folder.name, "", frozenset(), folder=folder)
    _House.plugins[plugin.name] = plugin
    try:
        _read_manifest(plugin, folder)
        _register(plugin, importlib.import_module(f"plugins.{plugin.name}.hooks"))
    except FAULTS as error:
        quarantine(plugin.name, error)


def _read_manifest(plugin: Plugin, folder: Path) -> None:
    told = tomllib.loads((folder / "plugin.toml").read_text(encoding="utf-8"))
    unknown = frozenset(told["needs"]) - frozenset(FEATURES)
    if told["name"] != folder.name:
        raise PluginRefused(folder.name, f"plugin.toml names it {told['name']!r}")
    if unknown:
        raise PluginRefused(folder.name, f"plugin.toml needs unknown {sorted(unknown)}")
    if told["api"] != specs.API_VERSION:
        raise PluginRefused(folder.name, f"wants API {told['api']}, this is {specs.API_VERSION}")
    plugin.title, plugin.version = told["title"], told["version"]
    plugin.needs, plugin.gates = frozenset(told["needs"]), tuple(told.get("gates", ()))


def _register(plugin: Plugin, module: ModuleType) -> None:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        options = getattr(function, "vestibule_impl", None)
        if options is None:
            continue
        where = f"{name} (line {function.__code__.co_firstlineno} of hooks.py)"
        if name not in specs.KINDS:
            raise PluginRefused(plugin.name, f"{where} is no hook; see the list of hooks")
        if any(options[key] for key in ("wrapper", "hookwrapper", "tryfirst", "specname")):
            raise PluginRefused(plugin.name, f"{where} must be a plain hook")
        if function.__defaults__ or function.__kwdefaults__:
            raise PluginRefused(plugin.name, f"{where} must not have defaults")
    _House.manager.register(module, plugin.name)


def quarantine(name: str, error: BaseException) -> None:
    """Leave a plugin out, keep why. A core room is never left out: its error goes up."""
    plugin = _House.plugins[name]
    if plugin.is_core:
        raise error
    plugin.refused = str(error) if isinstance(error, PluginRefused) else type(error).__name__
    _log.error("plugin quarantined", plugin=name, why=plugin.refused)
    if _House.manager.has_plugin(name):
        _House.manager.unregister(name=name)


def _calls(name: str) -> Iterator[tuple[str, Any]]:
    order = list(_House.plugins)
    impls = getattr(_House.manager.hook, name).get_hookimpls()
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
    faults = _House.plugins[plugin].faults
    faults[hook] = faults.get(hook, 0) + 1
    _log.warning("plugin failed", plugin=plugin, hook=hook, kind=type(error).__name__)


def declared(hook: str) -> list[tuple[str, Any]]:
    """What all loaded plugins declare, as (plugin, value); a failing one is quarantined."""
    found = []
    for plugin, impl in list(_calls(hook)):
        try:
            found += [(plugin, value) for value in _checked(hook, _call(impl, {}))]
        except FAULTS as error:
            quarantine(plugin, error)
    return found


def contributed(hook: str, scope: Scope, **values: Any) -> list[tuple[str, Any]]:
    """What plugins that are on contribute, as (plugin, value); a failing one is skipped."""
    found = []
    for plugin, impl in _calls(hook):
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
    if _House.plugins[plugin].is_core:
        return scope
    if scope.kind == "operator":
        return None if subscriptions.is_off_everywhere(plugin) else scope
    needs = needs_of(plugin) - KEPT_WHEN_CLOSED.get(hook, frozenset())
    return subscriptions.narrowed(scope, needs, plugin)


def obstacles(hook: str, scope: Scope, **values: Any) -> list[Obstacle]:
    """What stands before an act for the scope's one provider; a failing gate is closed."""
    found = []
    for plugin, impl in _calls(hook):
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
    """Gates of plugins that could not be loaded count as closed."""
    return [
        Obstacle("gate_failed", plugin=plugin.name)
        for plugin in plugins()
        if plugin.refused
        and hook in plugin.gates
        and subscriptions.on(provider_id, plugin.needs, plugin.name)
    ]


def tell(scope: Scope, hook: str, *, key: str, **records: Any) -> None:
    """Queue an event, one outbox row for each plugin that is on; stands in a transaction."""
    if _House.put_event is None:
        msg = "hooks.bind was not called"
        raise RuntimeError(msg)
    provider_id = scope.provider_id
    payload = {name: packed(record) for name, record in records.items()}
    for plugin, _impl in _calls(hook):
        if subscriptions.on(provider_id, needs_of(plugin), plugin):
            _House.put_event(
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
    if _House.plugins[plugin].refused:
        raise PluginRefused(plugin, "is quarantined; its events wait")
    inner = Scope.system(f"event {hook}", provider_id)
    values = {name: unpacked(carried) for name, carried in payload.items()}
    for name, impl in _calls(hook):
        if name == plugin:
            _call(impl, {"scope": inner, **values})
