"""`vestibule migrate`: the keys of a new installation, and the tables of this version."""

import click
import psycopg

from core import app, db, hooks
from core.settings import Settings, make_secret_key
from core.vault import make_keys
from vestibule.commands.opening import read_settings, reasons


@click.command(epilog="Example: VESTIBULE_CONFIG=/etc/vestibule.toml vestibule migrate")
def migrate() -> None:
    """Bring the database up to this version; makes the keys of a new installation.

    Runs once however many are started, and may run while the server does. The house's own tables change
    all or nothing, and then each plugin's: one that can't be changed is left out and said, with exit 1.
    """
    settings = read_settings()
    with reasons():
        _make_keys(settings)
        app.open_house(settings)
        applied = app.bring_up_to_date(settings)
        db.close()
    click.echo("\n".join(applied) or "Nothing to do.")
    if refused := [plugin.refused for plugin in hooks.plugins() if plugin.refused]:
        raise click.ClickException("\n".join(["These plugins are left out:", *refused]))


def _make_keys(settings: Settings) -> None:
    """Only for an empty database: a new key could open nothing of what an old one sealed."""
    make_secret_key(settings)
    if settings.master_key_file.exists() or not _is_new(settings):
        return
    make_keys(settings.master_key_file)
    click.echo(
        f"Made the master key {settings.master_key_file}. Keep a copy of it in another place than the"
        " database's backups: without it nothing sealed can be read again."
    )


def _is_new(settings: Settings) -> bool:
    if not settings.database_url:
        return not settings.sqlite_file.exists()
    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            found = connection.execute("SELECT to_regclass('migration')").fetchone()
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split())
        raise click.ClickException(f"The database can't be reached: {said}") from error
    return found == (None,)
