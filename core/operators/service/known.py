"""The plugins that were ever here: written down at each start, so that one that is gone is missed."""

from __future__ import annotations

from core import audit, clock, db, hooks
from core.hooks import Plugin
from core.operators.service import failures
from core.spec.errors import NotFound
from core.subscriptions import KnownPlugin
from core.tenancy import Scope

START = Scope.system("start")


def here() -> dict[str, Plugin]:
    """The plugins found at this start, by name, quarantined ones too."""
    found: dict[str, Plugin] = {}
    for plugin in hooks.plugins():
        if not plugin.is_core:
            found.setdefault(plugin.name, plugin)
    return found


def known_plugins() -> dict[str, KnownPlugin]:
    """Every plugin ever seen, by name."""
    return {row.name: row for row in db.house_rows(KnownPlugin).order_by(KnownPlugin.name)}


def require_known(name: str) -> None:
    """Raises NotFound for a name that no plugin ever had here."""
    if name not in here() and name not in known_plugins():
        raise NotFound


def note_seen() -> None:
    """Write down what is here now, and tell the hooks what is gone."""
    with db.connection(), db.transaction():
        known = known_plugins()
        for plugin in here().values():
            _note(plugin, known.get(plugin.name))
    note_absent()


def note_absent() -> None:
    """Tell the hooks which plugins are gone and not forgotten: their gates count as closed.

    One that is here with a manifest that can't be read counts by what is known of it.
    """
    with db.connection():
        known = known_plugins()
    found = here()
    is_read = {name for name, plugin in found.items() if plugin.version}
    hooks.note_absent([absent(row) for name, row in known.items() if name not in is_read])


def absent(row: KnownPlugin) -> Plugin:
    """A plugin as it was when it was last seen."""
    return Plugin(row.name, row.title, row.version, frozenset(row.needs), gates=tuple(row.gates))


def _note(plugin: Plugin, row: KnownPlugin | None) -> None:
    now = clock.now()
    told = {
        "title": plugin.title,
        "version": plugin.version,
        "needs": sorted(plugin.needs),
        "gates": [*plugin.gates, *plugin.connectors],
    }
    if row is None:
        db.house_add(KnownPlugin, name=plugin.name, first_seen_at=now, last_seen_at=now, **told)
        _tell("operators.plugin_seen", plugin)
    elif not plugin.version:
        db.house_change(row, last_seen_at=now)
    else:
        event = _event_of(plugin, row)
        if event:
            failures.clear(plugin.name)
        db.house_change(row, last_seen_at=now, forgotten_at=None, **told)
        if event:
            _tell(event, plugin)


def _event_of(plugin: Plugin, row: KnownPlugin) -> str:
    if row.forgotten_at is not None:
        return "operators.plugin_returned"
    return "operators.plugin_upgraded" if row.version != plugin.version else ""


def _tell(event: str, plugin: Plugin) -> None:
    # A version may hold signs that are no code; the row of the plugin tells it in full.
    version = "".join(sign for sign in plugin.version if sign.isalnum() or sign in "._-")[:40]
    audit.note(START, event, plugin=plugin.name, version=version or None)
