"""`vestibule backup`: a whole copy of the database, sealed, while the server runs."""

import os
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

import click

from core.settings import Settings
from core.vault import sealed_file
from vestibule.commands import dumping
from vestibule.commands.keys import BACKUP_KEY
from vestibule.commands.opening import read_settings

FORMAT = 1
MASTER_KEY = {"content": "master key"}
LENGTH = struct.Struct(">I")


@click.command(epilog="Example: vestibule backup /backups/vestibule-2026-12-03.backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--master-key-to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Seal the master key too, into this file of its own; keep it in another place.",
)
def backup(target: Path, master_key_to: Path | None) -> None:
    """Write a sealed copy of the whole database to TARGET, which must not exist; the server may run.

    It is sealed for the key that `vestibule keys backup` made, and `vestibule restore` opens it. The
    master key is never in it.
    """
    settings = read_settings()
    targets = [path.absolute() for path in (target, master_key_to) if path is not None]
    _refuse(settings, targets)
    with refusing():
        recipient = sealed_file.public_from(settings.data / BACKUP_KEY)
        with dumping.taken(settings) as copy:
            _write(targets[0], lambda file: sealed_file.seal(file, recipient, _header(copy), copy.parts()))
        for path in targets[1:]:
            kept = [settings.master_key_file.read_bytes()]
            _write(path, partial(sealed_file.seal, recipient=recipient, header=MASTER_KEY, parts=kept))
    click.echo(f"Wrote {targets[0]}, {targets[0].stat().st_size / 1e6:.1f} MB, {copy.rows} rows.")
    if master_key_to is not None:
        click.echo(f"The master key is sealed in {targets[1]}: keep it in another place than the backup.")
        return
    click.echo(
        f"The master key is not in it. It is {settings.master_key_file}: keep a copy of that file in"
        " another place than this one; without it nothing sealed in this backup can be read."
    )


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what a sealed file or a dump refuses into one sentence."""
    try:
        yield
    except (sealed_file.SealedFileRefused, dumping.DumpFailed) as error:
        raise click.ClickException(str(error)) from error


def _refuse(settings: Settings, targets: list[Path]) -> None:
    for target in targets:
        if target.exists() or targets.count(target) > 1:
            raise click.ClickException(f"{target} exists already: name another file.")
        if not target.parent.is_dir():
            raise click.ClickException(f"There is no folder {target.parent}.")
    if not settings.database_url and not settings.sqlite_file.is_file():
        raise click.ClickException(f"There is no database {settings.sqlite_file}.")
    if not (settings.data / BACKUP_KEY).is_file():
        raise click.ClickException(
            "There is no key to seal backups for: run `vestibule keys backup` once, which says what to do."
        )


def _header(copy: dumping.Copy) -> dict[str, Any]:
    try:
        own = version("vestibule")
    except PackageNotFoundError:
        own = "checkout"
    return {
        "content": "database",
        "format": FORMAT,
        "dialect": copy.dialect,
        "version": own,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _write(target: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Make the file whole or not at all: it gets its name once all of it is on the disk."""
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    # Made empty first, so that nobody else can read it at any moment.
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"The backup failed, nothing was written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
