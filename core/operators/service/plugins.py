"""What there is to say of each plugin, for the operator's page and for `vestibule plugins list --json`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core import hooks, jobs, migrate, plugin_settings, subscriptions
from core.hooks import Plugin
from core.operators.service.failures import FailureLine, failures_of
from core.operators.service.forgetting import tables_of
from core.operators.service.known import absent, here, known_plugins
from core.spec.errors import NotFound
from core.spec.hooks import KINDS
from core.spec.types import Route
from core.subscriptions import KnownPlugin
from core.tenancy import Provider, Scope

State = Literal["loaded", "off", "quarantined", "absent", "forgotten"]
Declared = Iterable[tuple[str, Route]]


@dataclass(frozen=True, slots=True)
class Contributions:
    """What a plugin adds to the house; all of it by name."""

    routes: list[dict[str, str]] = field(default_factory=list)
    hooks: list[dict[str, str]] = field(default_factory=list)
    jobs: list[dict[str, str | int]] = field(default_factory=list)
    health_checks: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PluginFacts:
    """One plugin; `why` says why it is not loaded, providers are slugs, moments are UTC."""

    name: str
    title: str
    version: str
    state: State
    why: str
    needs: list[str]
    gates: list[str]
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    forgotten_at: datetime | None
    contributes: Contributions
    migrations_pending: list[str]
    migrations_refused: str
    is_off_everywhere: bool
    off_for: list[str]
    on_for: list[str]
    failures: list[FailureLine]


def facts(scope: Scope, declared: Declared) -> list[PluginFacts]:
    """Every plugin that is here or was; `declared` are all Routes, as (room or plugin, Route)."""
    routes, found, known = list(declared), here(), known_plugins()
    return [
        _facts(scope, name, found.get(name), known.get(name), routes) for name in sorted({*found, *known})
    ]


def facts_of(scope: Scope, name: str, declared: Declared) -> PluginFacts:
    """One plugin. Raises NotFound for a name that was never here."""
    found, known = here().get(name), known_plugins().get(name)
    if found is None and known is None:
        raise NotFound
    return _facts(scope, name, found, known, list(declared))


def _facts(
    scope: Scope, name: str, found: Plugin | None, known: KnownPlugin | None, routes: list[tuple[str, Route]]
) -> PluginFacts:
    plugin = found or absent(_there(known))
    off_everywhere = subscriptions.is_off_everywhere(name)
    off_for, on_for = _where(scope, plugin)
    pending, refused = _migrations(found)
    return PluginFacts(
        name=name,
        title=plugin.title,
        version=plugin.version,
        state=_state(found, known, off_everywhere),
        why=plugin.refused,
        needs=sorted(plugin.needs),
        gates=list(plugin.gates),
        first_seen_at=None if known is None else known.first_seen_at,
        last_seen_at=None if known is None else known.last_seen_at,
        forgotten_at=None if known is None else known.forgotten_at,
        contributes=_contributions(name, routes),
        migrations_pending=pending,
        migrations_refused=refused,
        is_off_everywhere=off_everywhere,
        off_for=off_for,
        on_for=on_for if found is not None and not found.refused else [],
        failures=failures_of(name),
    )


def _there(known: KnownPlugin | None) -> KnownPlugin:
    if known is None:
        raise NotFound
    return known


def _state(found: Plugin | None, known: KnownPlugin | None, is_off: bool) -> State:  # noqa: FBT001 -- a fact
    if found is None:
        return "forgotten" if known is not None and known.forgotten_at is not None else "absent"
    if found.refused:
        return "quarantined"
    return "off" if is_off else "loaded"


def _where(scope: Scope, plugin: Plugin) -> tuple[list[str], list[str]]:
    """The slugs of providers for which the operator switched it off, and of those that have it on."""
    providers = list(scope.rows(Provider).order_by(Provider.slug))
    held = subscriptions.of(row.id for row in providers)
    switched = subscriptions.providers_without(plugin.name)
    off = [row.slug for row in providers if row.id in switched]
    return off, [row.slug for row in providers if held[row.id].covers(plugin.needs, plugin.name)]


def _migrations(found: Plugin | None) -> tuple[list[str], str]:
    if found is None or found.folder is None:
        return [], ""
    try:
        return migrate.pending([(found.name, found.folder / "migrations")]), ""
    except migrate.MigrationRefused as refused:
        return [], str(refused)


def _contributions(name: str, routes: list[tuple[str, Route]]) -> Contributions:
    return Contributions(
        routes=[_route(name, route) for plugin, route in routes if plugin == name],
        hooks=[
            {"name": hook, "kind": kind}
            for hook, kind in KINDS.items()
            if any(each.plugin.name == name for each in hooks.implementations(hook))
        ],
        jobs=[
            {"name": job.name, "every_seconds": job.every_seconds}
            for owner, job in jobs.declared()
            if owner == name
        ],
        health_checks=[
            each.name for owner, each in hooks.declared("register_health_checks") if owner == name
        ],
        commands=[each.name for owner, each in hooks.declared("register_commands") if owner == name],
        settings=[key for key in plugin_settings.declared() if key.startswith(f"{name}.")],
        tables=tables_of(name),
    )


def _route(name: str, route: Route) -> dict[str, str]:
    return {
        "endpoint": f"{name}.{route.view_name}",
        "address": route.rule,
        "methods": " ".join(route.methods),
        "who": " ".join(route.kinds),
        "needs": "manifest" if route.needs is None else "+".join(sorted(route.needs)),
    }
