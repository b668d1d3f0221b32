"""What every command begins with: settings read, the house opened, and why not in plain sentences."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

import click
import peewee

from core import app, db, migrate
from core.operators import service
from core.settings import Settings, SettingsError, load
from core.spec.errors import PluginRefused
from core.vault import KeysRefused

LOCK = "server.lock"


def read_settings() -> Settings:
    """The settings, or every fault in them at once."""
    try:
        return load()
    except SettingsError as error:
        raise click.ClickException("\n".join(["These settings can't be used:", *error.lines])) from error


@contextmanager
def reasons() -> Iterator[None]:
    """Turn what can go wrong at a start into one sentence with what to do."""
    try:
        yield
    except KeysRefused as error:
        mend = "A new installation begins with `vestibule migrate`."
        raise click.ClickException(f"{error} {mend}") from error
    except (PluginRefused, migrate.MigrationRefused) as error:
        raise click.ClickException(str(error)) from error
    except (peewee.OperationalError, peewee.InterfaceError) as error:
        said = " ".join(str(error).split())
        raise click.ClickException(
            f"The database can't be used: {said} (`vestibule check` says more)."
        ) from error


@contextmanager
def opened() -> Iterator[Settings]:
    """The house open for a command that may run beside the server; its tables are up to date."""
    settings = read_settings()
    with reasons():
        app.open_house(settings)
        app.leave_out_old(settings)
        service.note_absent()
        try:
            with db.connection():
                yield settings
        finally:
            db.close()


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """With SQLite one server process owns the file; with PostgreSQL there may be many."""
    if settings.database_url:
        yield
        return
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.data / LOCK).open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"Another server already serves {settings.sqlite_file}, and a SQLite file takes one."
                " Stop that one first, or use PostgreSQL for several."
            ) from None
        yield
