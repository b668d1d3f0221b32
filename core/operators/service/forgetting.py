"""Forgetting a plugin that is gone: its gates open, and where asked its data is deleted."""

from __future__ import annotations

from core import audit, clock, db, migrate, outbox
from core.jobs import JobPeriodic
from core.operators.service import failures
from core.operators.service.known import here, known_plugins, note_absent
from core.plugin_settings import PluginSetting
from core.spec.errors import NotFound, Refused
from core.tenancy import Scope


def forget(scope: Scope, name: str, *, delete_data: bool = False) -> list[str]:
    """Let a plugin that is gone count no longer; returns the names of the tables deleted.

    Its data stays for another day unless `delete_data`. Raises NotFound for a plugin never seen,
    Refused `plugin_is_here` for one that is installed.
    """
    row = known_plugins().get(name)
    if row is None:
        raise NotFound
    if name in here():
        raise Refused("plugin_is_here", plugin=name)
    with db.transaction():
        db.house_change(row, forgotten_at=row.forgotten_at or clock.now())
        failures.clear(name)
        outbox.drop_all(name, "plugin_forgotten")
        deleted = _delete_data(name) if delete_data else []
        audit.note(scope, "operators.plugin_forgotten", plugin=name, is_deleted=delete_data)
    note_absent()
    return deleted


def tables_of(name: str) -> list[str]:
    """The plugin's own tables, children before their parents."""
    own = {table for table in db.database.get_tables() if table.startswith(f"{name}_")}
    parents = {table: {key.dest_table for key in db.database.get_foreign_keys(table)} for table in own}
    ordered: list[str] = []
    while own:
        free = {
            table for table in own if not any(table in parents[other] - {other} for other in own - {table})
        }
        # Tables that refer to each other in a circle have no order; the database says so, if it minds.
        ordered += sorted(free or own)
        own -= free or own
    return ordered


def _delete_data(name: str) -> list[str]:
    """Tables, settings, the history of migrations and of jobs; the audit and what was sent stay."""
    tables = tables_of(name)
    for table in tables:
        db.database.execute_sql(f'DROP TABLE "{table}"')
    settings = PluginSetting.key.startswith(f"{name}.")
    Scope.system("forget a plugin").delete(PluginSetting).where(settings).execute()
    db.house_delete(JobPeriodic).where(JobPeriodic.name.startswith(f"{name}.")).execute()
    migrate.forget(name)
    return tables
