"""`vestibule plugins`: what is loaded and what isn't, checked, begun, switched and forgotten."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from core import hooks
from core.operators import service
from core.operators.service import PluginFacts
from core.spec.errors import Invalid, NotFound, Refused
from vestibule.commands.new_plugin import PluginExists, WrongName, write_plugin
from vestibule.commands.opening import opened
from vestibule.commands.subscriptions import SYSTEM, provider_id

FORMAT = 1
REASON = "Why; kept with the change."


@click.group(epilog="Example: vestibule plugins list --json")
def plugins() -> None:
    """Show, check, begin, switch and forget plugins."""


@plugins.command("list", epilog="Example: vestibule plugins list --json")
@click.option("--json", "as_json", is_flag=True, help="All facts, as docs/reference/plugins.md describes.")
def show(*, as_json: bool) -> None:
    """List plugins with version, needs and state; one that isn't loaded says why."""
    with opened():
        found = service.facts(SYSTEM, hooks.declared("register_routes"))
    if as_json:
        told = {"format": FORMAT, "plugins": [asdict(each) for each in found]}
        click.echo(json.dumps(told, default=_plain, indent=2))
        return
    for each in found:
        click.echo("\t".join((each.name, each.version or "-", " ".join(each.needs) or "-", _state(each))))
    if not found:
        click.echo("No plugins.")


@plugins.command(epilog="Example: vestibule plugins check ./mood")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_context
def check(context: click.Context, folder: Path) -> None:
    """Say everything in FOLDER that keeps it from being loaded, with file, line and mend.

    FOLDER is the one with plugin.toml in it, or a distribution with such a folder. Nothing in it is
    run. Exits with 1 if there is something to mend.
    """
    inner = _plugin_folder(folder.resolve())
    sentences = hooks.check_folder(inner)
    click.echo("\n".join(sentences) or f"{inner.name} is right.")
    context.exit(1 if sentences else 0)


@plugins.command(epilog="Example: vestibule plugins new mood")
@click.argument("name")
@click.option("--title", default="", help='What people read, like "Mood check-in"; else the name.')
@click.option("--into", default=Path(), type=click.Path(path_type=Path), help="Folder to make it in.")
def new(name: str, title: str, into: Path) -> None:
    """Make the folder NAME with a plugin that has one page and a test, to begin with."""
    try:
        made = write_plugin(into, name, title or name.capitalize())
    except (WrongName, PluginExists) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(str(path) for path in made))
    click.echo(f"Its test: pytest {into / name}")


@plugins.command(epilog='Example: vestibule plugins off intake --provider ortiz --reason "It loops"')
@click.argument("name")
@click.option("--provider", default="", help="Slug of one provider; everywhere if left out.")
@click.option("--reason", required=True, help=REASON)
def off(name: str, provider: str, reason: str) -> None:
    """Switch a plugin off: no page, row or job of it, gates open. Its data stays."""
    _switch(name, provider, reason, is_on=False)


@plugins.command(epilog='Example: vestibule plugins on intake --provider ortiz --reason "It is mended"')
@click.argument("name")
@click.option("--provider", default="", help="Slug of one provider; everywhere if left out.")
@click.option("--reason", required=True, help=REASON)
def on(name: str, provider: str, reason: str) -> None:
    """Let a plugin follow the subscriptions again; what waited for it is delivered."""
    _switch(name, provider, reason, is_on=True)


@plugins.command(epilog="Example: vestibule plugins forget mood --delete-data")
@click.argument("name")
@click.option("--delete-data", is_flag=True, help="Delete its tables and settings too. There is no way back.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def forget(name: str, *, delete_data: bool, yes: bool) -> None:
    """Open the gates of a plugin that is gone; its data stays unless --delete-data is given."""
    what = "its gates open, and its data is deleted for good" if delete_data else "its gates open"
    if not yes and click.prompt(f"{name}: {what}. Type the name to confirm", default="") != name:
        raise click.ClickException("Nothing was done.")
    with opened():
        try:
            deleted = service.forget(SYSTEM, name, delete_data=delete_data)
        except NotFound as error:
            raise click.ClickException(f"There was never a plugin {name!r} here.") from error
        except Refused as error:
            raise click.ClickException(f"{name} is installed: take it away first, then forget it.") from error
    click.echo(f"{name} is forgotten.")
    if deleted:
        click.echo(f"Deleted: {', '.join(deleted)}")


def _switch(name: str, slug: str, reason: str, *, is_on: bool) -> None:
    with opened():
        where: UUID | None = provider_id(slug) if slug else None
        try:
            service.switch_plugin(SYSTEM, name, where, is_on=is_on, reason=reason)
        except NotFound as error:
            raise click.ClickException(
                f"There is no plugin {name!r}: see `vestibule plugins list`."
            ) from error
        except Invalid as error:
            raise click.ClickException("--reason is empty or longer than 300 signs.") from error
    click.echo(f"{name} is {'on' if is_on else 'off'} {f'for {slug}' if slug else 'everywhere'}.")


def _state(each: PluginFacts) -> str:
    words = {
        "quarantined": f"left out: {each.why}",
        "absent": "gone; its gates are closed",
        "off": "off everywhere",
    }
    return words.get(each.state, each.state)


def _plugin_folder(folder: Path) -> Path:
    inner = sorted(path.parent for path in folder.glob("*/plugin.toml"))
    return inner[0] if len(inner) == 1 and not (folder / "plugin.toml").exists() else folder


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
