"""Loading: rooms first, then plugins by name; one that breaks the contract is quarantined."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pluggy
from gevent import GreenletExit

from core.hooks import finding, manifest
from core.hooks.failing import leave_out, quarantine
from core.hooks.finding import Found
from core.hooks.plugin import FIRST_LINE, Fault, House, Plugin, PutEvent
from core.spec import hooks as specs
from core.spec.errors import PluginRefused


def load(rooms: Mapping[str, ModuleType], folders: Sequence[Path], required: Sequence[str] = ()) -> None:
    """Load the core rooms, then every plugin in the folders and the environment, by name.

    A plugin that breaks the contract is quarantined. Raises PluginRefused for a core room
    or a required plugin.
    """
    House.manager = pluggy.PluginManager("vestibule")
    House.manager.add_hookspecs(specs)
    House.plugins.clear()
    House.nameless.clear()
    for name, module in rooms.items():
        plugin = Plugin(name, name, "core", frozenset({"CP"}), is_core=True)
        House.plugins[name] = plugin
        _register(plugin, module)
    for found in finding.find(folders):
        _load_plugin(found)
    for name in required:
        if name not in House.plugins:
            raise PluginRefused(name, "is required and not there")
        if House.plugins[name].refused:
            raise PluginRefused(name, House.plugins[name].refused)


def bind(put_event: PutEvent) -> None:
    """Take the outbox's `put`, which stands above this file."""
    House.put_event = put_event


def _load_plugin(found: Found) -> None:
    told, faults = manifest.read(found.folder, found.called)
    if found.fault:
        faults = [found.fault]
    plugin = Plugin(
        name=told.name,
        title=told.title,
        version=told.version,
        needs=told.needs,
        gates=told.gates,
        folder=found.folder,
        connectors=told.connectors,
        required_settings=told.required_settings,
        package=found.package,
        origin=found.origin,
    )
    if taken := House.plugins.get(plugin.name):
        House.nameless.append(plugin)
        faults = [*faults, _name_taken(plugin.name, taken)]
    else:
        House.plugins[plugin.name] = plugin
    if faults:
        leave_out(plugin, [str(fault) for fault in faults])
    else:
        _import(plugin, found)


def _name_taken(name: str, taken: Plugin) -> Fault:
    words = f"the name {name!r} is taken by the plugin of {taken.origin} that was found before: rename one."
    return Fault(manifest.FILE, FIRST_LINE, words)


def _import(plugin: Plugin, found: Found) -> None:
    try:
        finding.make_importable(found)
        _register(plugin, importlib.import_module(f"{found.package}.hooks"))
    except GreenletExit:
        raise
    except BaseException as error:  # noqa: BLE001 -- SystemExit and Ctrl-C out of a plugin are its faults too
        quarantine(plugin.name, error)


def _register(plugin: Plugin, module: ModuleType) -> None:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        options = getattr(function, "vestibule_impl", None)
        if options is None:
            continue
        where = f"hooks.py line {function.__code__.co_firstlineno}: `{name}`"
        if name not in specs.KINDS:
            raise PluginRefused(plugin.name, f"{where} is no hook; see the list of hooks.")
        if any(options[key] for key in ("wrapper", "hookwrapper", "tryfirst", "trylast", "specname")):
            raise PluginRefused(plugin.name, f"{where} must be a plain hook: take the options away.")
        if function.__defaults__ or function.__kwdefaults__:
            raise PluginRefused(plugin.name, f"{where} must not have defaults: take them away.")
    House.manager.register(module, plugin.name)
