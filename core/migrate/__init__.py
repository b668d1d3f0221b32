"""Tables and their guards: plain SQL files for both databases, each applied once and in order."""

from core.migrate.files import GUARDS_FILE, MigrationRefused, Source
from core.migrate.guards import missing_guards
from core.migrate.run import forget, migrate, pending

__all__ = [
    "GUARDS_FILE",
    "MigrationRefused",
    "Source",
    "forget",
    "migrate",
    "missing_guards",
    "pending",
]
