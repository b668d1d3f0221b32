"""Executing one statement of a migration file, with its errors told by the file's name."""

import peewee

from core.db import database, dialect
from core.migrate.files import MigrationRefused


def execute(statement: str, named: str) -> None:
    """Run a statement that takes no parameters; raises `MigrationRefused` with the reason."""
    # psycopg reads a percent sign as a parameter even where none are given.
    text = statement.replace("%", "%%") if dialect() == "postgresql" else statement
    try:
        database.execute_sql(text)
    except peewee.PeeweeException as error:
        reason = str(error).strip()
        raise MigrationRefused(f"{named} can't be applied; nothing was changed: {reason}") from error
