"""`vestibule keys`: turning the master key, and the pair of keys for backups."""

from pathlib import Path

import click

from core import vault
from core.vault import rotating, sealed_file
from vestibule.commands.opening import opened, read_settings

BACKUP_KEY = "backup.pub"


@click.group(epilog="Example: vestibule keys rotate")
def keys() -> None:
    """Turn the keys that data and backups are sealed with."""


@keys.command(epilog="Example: vestibule keys rotate")
@click.option(
    "--prepare", is_flag=True, help="Only add the new key; copy the file to all machines, then rotate."
)
def rotate(prepare: bool) -> None:  # noqa: FBT001 -- click's way
    """Make a new master key current, seal everything under it, and retire the old one.

    The portal may serve meanwhile and needs no restart. After a kill run it again: it goes on. Where several
    machines share one database, each has a copy of the key file: begin with --prepare.
    """
    with opened() as settings:
        file = settings.master_key_file
        if prepare:
            ring = rotating.prepare(file)
            click.echo(f"Key {ring.next.hex()} is added to {file} and seals nothing yet.")
            click.echo("Copy that file to every machine, then run `vestibule keys rotate` on one of them.")
            return
        try:
            done = rotating.rotate(file, click.echo)
        except rotating.StillBusy as error:
            raise click.ClickException(
                "A transaction has been open for minutes. Nothing is lost: run `vestibule keys rotate` again."
            ) from error
    if done.unreadable:
        raise click.ClickException(
            "\n".join(
                [
                    "The old key stays, because these values can't be opened:",
                    *(f"  {column}: {count}" for column, count in sorted(done.unreadable.items())),
                ]
            )
        )
    if not done.retired and len(vault.keys_from(file).keys) > 1:
        raise click.ClickException("Something was written under the old key meanwhile: run it again.")
    click.echo(f"{done.resealed} values are sealed anew, the old key is retired. Keep a new copy of {file},")
    click.echo("and the copies of the old one for as long as you keep backups from before today.")


@keys.command(epilog="Example: vestibule keys backup /media/stick/vestibule-backup.key")
@click.argument("private", type=click.Path(path_type=Path, dir_okay=False))
def backup(private: Path) -> None:
    """Make the pair of keys for backups: PRIVATE opens them and leaves this machine.

    The public half goes to the data folder as backup.pub; `vestibule backup` needs nothing else, so
    nothing on this machine can open its backups.
    """
    settings = read_settings()
    public = settings.data / BACKUP_KEY
    if public.exists():
        raise click.ClickException(f"{public} is there already: remove it to begin a new pair.")
    try:
        sealed_file.make_pair(private, public)
    except FileExistsError as error:
        raise click.ClickException(f"{private} exists already: name another file.") from error
    except OSError as error:
        raise click.ClickException(f"{private} can't be written: {error.strerror}.") from error
    click.echo(f"Wrote {public} and {private}.")
    click.echo(f"Take {private} off this machine, twice: without it no backup can be opened.")
