"""Declarations: asked of all loaded once, judged whole, and a plugin with a wrong one is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
import gevent

from core.hooks.addresses import Taken, claim, wrong_address
from core.hooks.calling import RETURNED, ask, implementations
from core.hooks.failing import leave_out, place_of, quarantine
from core.hooks.plugin import House, Implementation, Plugin
from core.hooks.shapes import checked
from core.spec import types
from core.spec.errors import PluginRefused
from core.spec.hooks import KINDS
from core.spec.running import Command, HealthCheck
from core.spec.types import FEATURES, ROLES, AuditEvent, Job, Route, Setting

# Who can hold a socket open: its owner is looked at again and again.
LOGGED_IN = frozenset({"client", "member", "operator"})
DECLARATIONS = tuple(name for name, kind in KINDS.items() if kind == "declaration")
# What `vestibule` answers to by itself.
COMMANDS = frozenset(
    "serve demo migrate worker check providers subscriptions operators plugins audit keys forms backup"
    " restore".split()
)
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
VALUES: Mapping[str, type] = {"flag": bool, "text": str, "number": int, "choice": str}
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")
Told = list[tuple[Implementation, Any]]


def declared(hook: str) -> list[tuple[str, Any]]:
    """What all loaded plugins declare, as (plugin, value); a plugin with a wrong one is quarantined.

    All declarations are asked for at the first call after a load, so that a plugin which is left out for
    one of them brings none of the others. Raises PluginRefused for a core room's.
    """
    if not House.declarations:
        _gather()
    return [(name, value) for name, value in House.declarations[hook] if not House.plugins[name].refused]


def _gather() -> None:
    House.declarations.update({hook: [] for hook in DECLARATIONS})
    taken: list[Taken] = []
    for plugin in list(House.plugins.values()):
        if not plugin.refused:
            told = _told_by(plugin)
            if plugin.refused or _is_refused(plugin, told, taken):
                continue
            for implementation, value in told:
                House.declarations[implementation.hook].append((plugin.name, value))


def _told_by(plugin: Plugin) -> Told:
    """What one plugin declares; one that fails to is quarantined."""
    found: Told = []
    for hook in DECLARATIONS:
        for implementation in [one for one in implementations(hook) if one.plugin is plugin]:
            try:
                values = checked(hook, ask(implementation, {}), RETURNED[hook])
            except gevent.GreenletExit:
                raise
            except BaseException as error:  # noqa: BLE001 -- whatever comes out, the plugin is left out
                _quarantine(implementation, error)
                return []
            found += [(implementation, value) for value in values]
    return found


def _quarantine(implementation: Implementation, error: BaseException) -> None:
    plugin = implementation.plugin
    if plugin.is_core:
        raise error
    file, line = place_of(plugin, error, implementation.function)
    words = str(error) if type(error).__module__.startswith("core.") else f"raises {type(error).__name__}"
    quarantine(
        plugin.name, PluginRefused(plugin.name, f"{file} line {line}: {words}: mend `{implementation.hook}`.")
    )


def _is_refused(plugin: Plugin, told: Told, taken: list[Taken]) -> bool:
    """Judge what a plugin declares; its addresses are claimed when all of it is right."""
    wrong = []
    for implementation, value in told:
        wrong += [_said(implementation, words) for words in _JUDGES[type(value)](plugin, value)]
    wrong += _twice(told) or _missing_settings(plugin, told)
    routes = [(implementation, value) for implementation, value in told if isinstance(value, Route)]
    if routes and not wrong:
        clashes = claim(taken, plugin.name, [route for _implementation, route in routes])
        wrong += [_said(routes[0][0], words) for words in clashes]
    if wrong and plugin.is_core:
        raise PluginRefused(plugin.name, wrong[0])
    if wrong:
        leave_out(plugin, wrong)
    return bool(wrong)


def _said(implementation: Implementation, words: str) -> str:
    """A sentence about what a hook declared, with the place of the hook."""
    file, line = place_of(implementation.plugin, AssertionError(), implementation.function)
    return f"{file} line {line}: {words}"


def _twice(told: Told) -> list[str]:
    named = [(one, type(value).__name__, _name_of(value)) for one, value in told]
    return [
        _said(one, f"two of {kind} are named {name}: rename one.")
        for number, (one, kind, name) in enumerate(named)
        if any((kind, name) == before[1:] for before in named[:number])
    ]


def _name_of(value: Any) -> str:
    return str(value.view_name if isinstance(value, Route) else getattr(value, "name", "") or value.key)


def _missing_settings(plugin: Plugin, told: Told) -> list[str]:
    keys = {value.key for _implementation, value in told if isinstance(value, Setting)}
    missing = [key for key in plugin.required_settings if key not in keys]
    return [f"plugin.toml line 1: requires the setting {key}: declare it." for key in missing]


def _wrong_route(plugin: Plugin, route: Route) -> Iterator[str]:
    kinds = route.kinds
    if not route.view_name.isidentifier():
        yield f"the Route {route.rule} has the endpoint {route.view_name!r}: use letters, digits and _."
    if not kinds or ({"client", "member"} & set(kinds) and route.of is None):
        yield f'the Route {route.rule} does not say whose data it shows: add of= "one" or "all".'
    if not route.methods or not METHODS.issuperset(route.methods):
        yield f"the Route {route.rule} has other methods than {', '.join(sorted(METHODS))}."
    if route.kind == "socket" and not (LOGGED_IN.issuperset(kinds) and route.methods == ("GET",)):
        yield f"the Route {route.rule} is a socket: it is for client, member or operator, by GET."
    if not set(route.roles) <= set(ROLES) or not (route.needs or frozenset()) <= set(FEATURES):
        yield f"the Route {route.rule} has a role or a need that there isn't."
    if not plugin.is_core and (words := wrong_address(plugin.name, route.rule)):
        yield f"the Route {route.rule} {words}"


def _wrong_setting(_plugin: Plugin, setting: Setting) -> Iterator[str]:
    if not _PLAIN.fullmatch(setting.key):
        yield f"the setting {setting.key!r} is outside its own name: write small letters, digits and _."
    elif not isinstance(setting.default, VALUES[setting.kind]):
        yield f"the setting {setting.key} has a default that is no {setting.kind}."
    elif setting.kind == "choice" and setting.default not in dict(setting.choices):
        yield f"the setting {setting.key} has a default that is none of its choices."


def _wrong_job(_plugin: Plugin, job: Job) -> Iterator[str]:
    if not _PLAIN.fullmatch(job.name):
        yield f"the job {job.name!r} is outside its own name: write small letters, digits and _."
    if job.every_seconds < 1:
        yield f"the job {job.name} must run every second or less often."


def _wrong_event(plugin: Plugin, event: AuditEvent) -> Iterator[str]:
    if not plugin.is_core and not event.name.startswith(f"{plugin.name}."):
        yield f"the audit event {event.name!r} is outside its own name: begin it with `{plugin.name}.`."


def _wrong_check(_plugin: Plugin, check: HealthCheck) -> Iterator[str]:
    if not _PLAIN.fullmatch(check.name):
        yield f"the health check {check.name!r} is outside its own name: write small letters, digits and _."


def _wrong_command(plugin: Plugin, command: Command) -> Iterator[str]:
    if plugin.name in COMMANDS:
        yield f"`vestibule {plugin.name}` is a command of Vestibule's own: call the plugin otherwise."
    if not _PLAIN.fullmatch(command.name):
        yield f"the command {command.name!r} is outside its own name: write small letters, digits and _."
    if not all(isinstance(one, click.Parameter) for one in command.options):
        yield f"the command {command.name} has an option that is no click.Option or click.Argument."
    elif {"provider", "help"} & {one.name for one in command.options}:
        yield f"the command {command.name} has an option provider or help, which each command has already."


_JUDGES: Mapping[type, Callable[[Plugin, Any], Iterator[str]]] = {
    types.Route: _wrong_route,
    types.Setting: _wrong_setting,
    types.Job: _wrong_job,
    types.AuditEvent: _wrong_event,
    HealthCheck: _wrong_check,
    Command: _wrong_command,
}
