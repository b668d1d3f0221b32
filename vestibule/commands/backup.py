"""`vestibule backup`: a whole copy of the database while the server runs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import click
import gevent
from psycopg.conninfo import conninfo_to_dict

from core.settings import Settings
from vestibule.commands.opening import read_settings

# libpq reads these, so that no password stands in the list of processes.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


@click.command(epilog="Example: vestibule backup /backups/vestibule-2026-12-03.db")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(target: Path) -> None:
    """Write a copy of the whole database to TARGET, which must not exist; the server may run.

    SQLite gives a database file, PostgreSQL a dump for pg_restore. The master key is not in it.
    """
    settings = read_settings()
    target = target.absolute()
    _refuse_target(settings, target)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    # Made first and empty, so that nobody else can read it at any moment.
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _dump(settings, draft) if settings.database_url else _copy(settings, draft)
        _keep(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"Wrote {target}, {target.stat().st_size / 1e6:.1f} MB.")
    click.echo(
        f"The master key is not in it. It is {settings.master_key_file}: keep a copy of that file in"
        " another place than this one; without it nothing sealed in this backup can be read."
    )


def _refuse_target(settings: Settings, target: Path) -> None:
    if target.exists():
        raise click.ClickException(f"{target} exists already: name another file.")
    if not target.parent.is_dir():
        raise click.ClickException(f"There is no folder {target.parent}.")
    if not settings.database_url and not settings.sqlite_file.is_file():
        raise click.ClickException(f"There is no database {settings.sqlite_file}.")


def _copy(settings: Settings, draft: Path) -> None:
    # A thread of the system's: the copy may take minutes and never yields by itself.
    try:
        gevent.get_hub().threadpool.apply(_vacuum_into, (settings.sqlite_file, draft))
    except sqlite3.Error as error:
        raise click.ClickException(f"The copy failed, nothing was written: {error}.") from error


def _vacuum_into(source: Path, draft: Path) -> None:
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as database:
        database.execute("VACUUM INTO ?", (str(draft),))
    with closing(sqlite3.connect(f"{draft.as_uri()}?mode=ro", uri=True)) as copy:
        found = copy.execute("PRAGMA quick_check").fetchone()
    if found != ("ok",):
        raise sqlite3.DatabaseError(f"the copy is damaged: {found[0]}")


def _dump(settings: Settings, draft: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise click.ClickException("pg_dump is not installed: apt-get install postgresql-client")
    told = conninfo_to_dict(settings.database_url)
    known = {VARIABLES[name]: str(value) for name, value in told.items() if name in VARIABLES}
    done = subprocess.run(  # noqa: S603 -- a fixed command
        [program, "--format=custom", "--no-owner", f"--file={draft}"],
        env=os.environ | known,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise click.ClickException(f"pg_dump failed, nothing was written: {done.stderr.strip()}")


def _keep(draft: Path, target: Path) -> None:
    """Give it its name once all of it is on the disk."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    os.link(draft, target)
