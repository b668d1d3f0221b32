"""Failures of plugins' hooks, counted in memory where they happen and kept for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import clock, db, hooks
from core.db import HouseModel, Moment, Number, Words
from core.hooks import Plugin


class PluginFailure(HouseModel):
    """One hook of one plugin: how often it failed, and the type and place of the last time."""

    plugin = Words()
    hook = Words()
    times = Number()
    kind = Words(default="")
    place = Words(default="")
    last_at = Moment()

    class Meta:
        table_name = "plugin_failure"


@dataclass(frozen=True, slots=True)
class FailureLine:
    """A hook that failed since this version of the plugin came; never what the error said."""

    hook: str
    times: int
    last_at: datetime
    kind: str
    place: str


def keep() -> None:
    """Add what failed in this process since the last time; each process does so by itself."""
    plugins = [plugin for plugin in hooks.plugins() if not plugin.is_core]
    fresh = [(plugin, hook, _fresh(plugin, hook)) for plugin in plugins for hook in plugin.faults]
    told = [(plugin, hook, times) for plugin, hook, times in fresh if times]
    if not told:
        return
    # Counted as kept first: writing lets other greenlets run, and one may come here too.
    _count(told, 1)
    is_kept = False
    try:
        with db.transaction():
            for plugin, hook, times in told:
                _add(plugin, hook, times)
        is_kept = True
    finally:
        if not is_kept:
            _count(told, -1)


def _count(told: list[tuple[Plugin, str, int]], sign: int) -> None:
    for plugin, hook, times in told:
        plugin.faults_kept[hook] = plugin.faults_kept.get(hook, 0) + sign * times


def failures_of(plugin: str) -> list[FailureLine]:
    """Hooks that failed, the latest first; what this process has not kept yet is kept now."""
    keep()
    rows: Any = db.house_rows(PluginFailure).where(PluginFailure.plugin == plugin)
    return [
        FailureLine(row.hook, row.times, row.last_at, row.kind, row.place)
        for row in rows.order_by(PluginFailure.last_at.desc(), PluginFailure.hook)
    ]


def clear(plugin: str) -> None:
    """Begin anew: another version came, or the plugin is forgotten. Stands in a transaction."""
    db.house_delete(PluginFailure).where(PluginFailure.plugin == plugin).execute()


def _fresh(plugin: Plugin, hook: str) -> int:
    return plugin.faults[hook] - plugin.faults_kept.get(hook, 0)


def _add(plugin: Plugin, hook: str, times: int) -> None:
    last: Any = getattr(plugin, "last_failure", None)
    told: dict[str, Any] = {"last_at": clock.now()}
    if last is not None and last.hook == hook:
        told = {"last_at": last.at, "kind": last.kind, "place": f"{last.file}:{last.line}"}
    mine = (PluginFailure.plugin == plugin.name) & (PluginFailure.hook == hook)
    query = db.house_update(PluginFailure, times=PluginFailure.times + times, **told)
    if query.where(mine).execute() == 0:
        db.house_add(PluginFailure, plugin=plugin.name, hook=hook, times=times, **told)
