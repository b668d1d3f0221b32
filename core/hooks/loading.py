"""Loading: rooms first, then plugins by name; one that breaks the contract is quarantined."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
from gevent import GreenletExit

from core.hooks import finding, manifest
from core.hooks.checking import faults_of
from core.hooks.failing import leave_out, place_of, quarantine
from core.hooks.finding import Found
from core.hooks.plugin import FIRST_LINE, Fault, House, Plugin, PutEvent
from core.hooks.reading import hooks_written
from core.spec import hooks as specs
from core.spec.errors import PluginRefused

OPTIONS = ("wrapper", "hookwrapper", "tryfirst", "trylast", "specname", "optionalhook")


def load(rooms: Mapping[str, ModuleType], folders: Sequence[Path], required: Sequence[str] = ()) -> None:
    """Load the core rooms, then every plugin in the folders and the environment, by name.

    A plugin that breaks the contract is quarantined. Raises PluginRefused for a core room
    or a required plugin.
    """
    House.manager = pluggy.PluginManager("vestibule")
    House.manager.add_hookspecs(specs)
    House.plugins.clear()
    House.nameless.clear()
    House.implementations.clear()
    House.declarations.clear()
    for name, module in rooms.items():
        plugin = Plugin(name, name, "core", frozenset({"CP"}), is_core=True)
        House.plugins[name] = plugin
        _register(plugin, module)
    found = finding.find(folders)
    for one in found:
        others = {other.package.split(".")[0] for other in found if other.origin == "distribution"}
        _load_plugin(one, frozenset(others - {one.package.split(".")[0]}))
    for name in required:
        if name not in House.plugins:
            raise PluginRefused(name, "is required and not there")
        if House.plugins[name].refused:
            raise PluginRefused(name, House.plugins[name].refused)


def bind(put_event: PutEvent) -> None:
    """Take the outbox's `put`, which stands above this file."""
    House.put_event = put_event


def _load_plugin(found: Found, others: frozenset[str]) -> None:
    told, faults = manifest.read(found.folder, found.called)
    if found.fault:
        faults = [found.fault]
    else:
        faults += faults_of(found.folder, told, found.package, others)
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
        plugin.written = hooks_written(found.folder)
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
        plugin.written = hooks_written(found.folder)
        quarantine(plugin.name, error)


def _register(plugin: Plugin, module: ModuleType) -> None:
    """Register what is marked as a hook; what reading alone could not see shows here."""
    for name, function in inspect.getmembers(module, inspect.isroutine):
        options = getattr(function, "vestibule_impl", None)
        if options is None:
            continue
        words = _wrong_function(name, function, options)
        if words:
            file, line = place_of(plugin, AssertionError(), function)
            raise PluginRefused(plugin.name, f"{file} line {line}: `{name}` {words}")
    House.manager.register(module, plugin.name)


def _wrong_function(name: str, function: Any, options: Mapping[str, Any]) -> str:
    if not inspect.isfunction(function):
        return "must be a plain function."
    if name not in specs.KINDS:
        return "is no hook; docs/reference/hooks.md lists them."
    if any(options[key] for key in OPTIONS):
        return "must be marked with `@hookimpl` alone."
    given = inspect.signature(function).parameters.values()
    expected = list(inspect.signature(getattr(specs, name)).parameters)
    if any(one.default is not one.empty or one.kind is not one.POSITIONAL_OR_KEYWORD for one in given):
        return "must have plain arguments without defaults."
    if not {one.name for one in given} <= set(expected):
        return f"has other arguments than {', '.join(expected) or 'none'}."
    return ""
