"""`vestibule restore`: a backup put into an empty place, and looked through before it counts."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import click
import psycopg

from core import app, audit, db, vault
from core.migrate.files import migrations_of
from core.settings import Settings, secret_files
from core.vault import resealing, sealed_file
from vestibule.commands import dumping
from vestibule.commands.backup import FORMAT, refusing
from vestibule.commands.opening import alone, read_settings, reasons


@click.command(
    epilog="Example: vestibule restore /backups/vestibule-2026-12-03.backup --key /media/stick/backup.key"
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--key",
    "private",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The private half that `vestibule keys backup` made.",
)
@click.option(
    "--master-key",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file of `backup --master-key-to`; without it master.key has to be in its place already.",
)
def restore(source: Path, private: Path, master_key: Path | None) -> None:
    """Put the backup SOURCE into an empty place and verify it; refuses to touch what is there.

    All of it is opened and proven before anything is put in place: an altered or cut file, a newer version's
    or one whose master key is not at hand restores nothing. Then run `vestibule migrate`.
    """
    settings = read_settings()
    with alone(settings), refusing(), reasons():
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_occupied(settings)
        key = sealed_file.private_from(private)
        with _opened(settings, source, key) as (dump, told):
            _refuse_newer(told["migrations"])
            made = _take_master_key(settings, master_key, key)
            try:
                _put(settings, dump, told)
            except BaseException:
                for file in made:
                    file.unlink(missing_ok=True)
                raise
    click.echo(f"Restored {sum(told['counts'].values())} rows in {len(told['counts'])} tables, all verified.")
    click.echo("Now run `vestibule migrate`, then `vestibule check`, then serve.")


def _refuse_occupied(settings: Settings) -> None:
    if not settings.database_url:
        for name in ("", "-wal", "-shm"):
            there = settings.sqlite_file.with_name(settings.sqlite_file.name + name)
            if there.exists():
                raise click.ClickException(f"{there} is there: a backup goes into an empty place only.")
    else:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            asked = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"
            found = connection.execute(asked).fetchone()
        if found:
            raise click.ClickException(
                f"The database holds tables ({found[0]}, …): a backup goes into an empty place only."
            )
    anchor = settings.data / audit.ANCHOR
    if anchor.exists():
        raise click.ClickException(
            f"{anchor} belongs to what was here before. Move it away;"
            " `vestibule audit verify --anchor` reads it."
        )


@contextmanager
def _opened(settings: Settings, source: Path, key: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The dump, opened to its last byte, and the list of what it must hold."""
    with NamedTemporaryFile(prefix=".restore-", dir=settings.data) as draft:
        with source.open("rb") as file:
            header, _ = sealed_file.header_of(file)
            _refuse_kind(settings, header)
            file.seek(0)
            told = _unpack(sealed_file.opened(file, key), draft)
        draft.flush()
        os.fsync(draft.fileno())
        yield Path(draft.name), told


def _refuse_kind(settings: Settings, header: dict[str, Any]) -> None:
    dialect = "postgresql" if settings.database_url else "sqlite"
    if header.get("content") != "database":
        raise click.ClickException(f"This file holds no database but: {header.get('content')}.")
    if header.get("format") != FORMAT:
        raise click.ClickException(f"A newer version wrote this backup (format {header.get('format')}).")
    if header.get("dialect") != dialect:
        raise click.ClickException(
            f"The backup is one of {header.get('dialect')}, and VESTIBULE_DATABASE_URL leads to {dialect}."
        )


def _unpack(parts: Iterator[bytes], draft: Any) -> dict[str, Any]:
    kept, told = b"", None
    for part in parts:
        if told is not None:
            draft.write(part)
            continue
        kept += part
        length = dumping.LENGTH.unpack(kept[:4])[0]
        if len(kept) >= length + 4:
            told = json.loads(kept[4 : length + 4])
            draft.write(kept[length + 4 :])
    if told is None:
        raise sealed_file.SealedFileRefused("The file ends before its data begins.")
    found: dict[str, Any] = told
    return found


def _refuse_newer(applied: list[list[str]]) -> None:
    """A migration of ours that we don't have was made by a newer version."""
    known = {name: {one.name for one in migrations_of((name, folder))} for name, folder in _sources()}
    for source, name in applied:
        if source in known and name not in known[source]:
            raise click.ClickException(
                f"A newer version made this backup: {source}/{name} is not among the files here."
                " Install that one."
            )


def _sources() -> list[tuple[str, Path]]:
    return app.sources()


def _take_master_key(settings: Settings, sealed: Path | None, key: Any) -> list[Path]:
    """The master key in its place; returns what was made for it."""
    place = settings.master_key_file
    if sealed is None:
        if not place.exists():
            raise click.ClickException(
                f"The backup holds no master key. Put its copy at {place} (mode 600), or give --master-key."
            )
        return []
    if place.exists():
        raise click.ClickException(f"{place} is there already: leave out --master-key, or move it away.")
    with sealed.open("rb") as file:
        text = b"".join(sealed_file.opened(file, key)).decode()
    secret_files.write_once(place, text)
    return [place]


def _put(settings: Settings, dump: Path, told: dict[str, Any]) -> None:
    if settings.database_url:
        dumping.into_postgresql(settings, dump)
    else:
        with closing(sqlite3.connect(f"{dump.as_uri()}?mode=ro", uri=True)) as copy:
            try:
                dumping.check(copy)
            except sqlite3.Error as error:
                raise click.ClickException(f"The backup's database is damaged: {error}.") from error
        os.link(dump, settings.sqlite_file)
    try:
        _verify(settings, told)
    except BaseException:
        db.close()
        _take_back(settings)
        raise


def _verify(settings: Settings, told: dict[str, Any]) -> None:
    """Counts, keys and the audit's chain, as they were when the copy was taken."""
    counts = _counts(settings)
    if counts != told["counts"]:
        wrong = sorted(
            name for name in {*counts, *told["counts"]} if counts.get(name) != told["counts"].get(name)
        )
        raise click.ClickException(
            f"The tables hold other numbers of rows than were saved: {', '.join(wrong)}."
        )
    app.open_house(settings)
    with db.connection():
        lost = resealing.lost(frozenset(vault.keys_from(settings.master_key_file).keys))
        if lost:
            said = [
                f"  {column}: {count} under key {key.hex()}" for (column, key), count in sorted(lost.items())
            ]
            raise click.ClickException(
                "\n".join(
                    [f"{settings.master_key_file} does not open this backup; give the key of its day:", *said]
                )
            )
        # The chain is of the backup's day; its anchor begins here anew.
        audit.write_anchor()
        finding = audit.verify()
    if not finding.is_well:
        rows = ", ".join(str(fault.seq) for fault in finding.faults[:5])
        raise click.ClickException(
            f"The audit in this backup was changed (rows {rows}): it is not to be trusted."
        )
    db.close()


def _counts(settings: Settings) -> dict[str, int]:
    if settings.database_url:
        with psycopg.connect(settings.database_url) as connection:
            return dumping.held_by_postgresql(connection)[0]
    with closing(sqlite3.connect(settings.sqlite_file)) as database:
        return dumping.held(database)[0]


def _take_back(settings: Settings) -> None:
    """Leave the place as empty as it was found."""
    (settings.data / audit.ANCHOR).unlink(missing_ok=True)
    if settings.database_url:
        with psycopg.connect(settings.database_url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return
    for name in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            settings.sqlite_file.with_name(settings.sqlite_file.name + name).unlink()
