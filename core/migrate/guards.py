"""Guards: triggers and constraints that keep the data true, so they must not go missing.

SQLite silently drops a table's triggers when the table is rebuilt. So they stand in each source's
`guards.sql`, apart from the migrations, and are put in place again at the end of every migrate.
A line `-- guard: name` declares what a start then looks for.
"""

import re
from collections.abc import Sequence

from core.db import connection, database, dialect
from core.migrate.files import GUARDS_FILE, MigrationRefused, Source, section, statements
from core.migrate.statements import execute

_DECLARED = re.compile(r"^\s*--\s*guard:\s*(\w+)\s*$", re.MULTILINE)
_TRIGGER = re.compile(r"\bCREATE\s+TRIGGER\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)", re.IGNORECASE)
_PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index')",
    "postgresql": """
        SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
         WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)
        UNION ALL
        SELECT conname FROM pg_constraint
         WHERE convalidated AND conrelid <> 0 AND pg_table_is_visible(conrelid)
        UNION ALL
        SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indisvalid AND pg_table_is_visible(indexrelid)
    """,
}


def missing_guards(sources: Sequence[Source]) -> list[str]:
    """The names of declared guards that the database doesn't hold; a start refuses if there are any."""
    with connection():
        present = {name for (name,) in database.execute_sql(_PRESENT[dialect()]).fetchall()}
    return [name for source in sources for name in _declared(source) if name not in present]


def apply_guards(sources: Sequence[Source]) -> None:
    """Put all guards in place, inside the transaction of a migrate."""
    for name, folder in sources:
        path = folder / GUARDS_FILE
        for statement in statements(path, dialect()) if path.is_file() else ():
            trigger = _TRIGGER.search(statement)
            if trigger and dialect() == "sqlite":
                # Made anew, or a changed body would never arrive: IF NOT EXISTS keeps the old one.
                execute(f"DROP TRIGGER IF EXISTS {trigger[1]}", f"{name}/{GUARDS_FILE}")
            execute(statement, f"{name}/{GUARDS_FILE}")
    if missing := missing_guards(sources):
        raise MigrationRefused(f"These guards are declared but not made: {', '.join(missing)}.")


def refuse_triggers(statement: str, named: str) -> None:
    """A trigger made by a migration would be lost with the next rebuild of its table."""
    if _TRIGGER.search(statement):
        raise MigrationRefused(f"{named} makes a trigger: move it to {GUARDS_FILE} beside it.")


def _declared(source: Source) -> list[str]:
    path = source[1] / GUARDS_FILE
    return _DECLARED.findall(section(path, dialect())) if path.is_file() else []
