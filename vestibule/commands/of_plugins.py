"""Plugins' own commands: `vestibule <plugin> <command>`, for the providers that have the plugin on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from core import hooks, subscriptions
from core.hooks import finding
from core.settings import CHECKOUT, SettingsError, load
from core.spec.errors import VestibuleError
from core.spec.running import Command
from core.tenancy import Provider, Scope
from vestibule.commands.opening import opened

HOOK = "register_commands"


class WithPlugins(click.Group):
    """Our own commands, and those of each plugin under its name; plugins are run only when one is named."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or _group(cmd_name)


def _group(name: str) -> click.Command | None:
    """The commands of a plugin that is here and not left out; none for any other word."""
    if not _is_here(name):
        return None
    with opened():
        told = [command for plugin, command in hooks.declared(HOOK) if plugin == name]
        title = hooks.title_of(name)
    group = click.Group(name, help=f"Commands of the plugin {title}.")
    for each in told:
        group.add_command(_command(name, each))
    return group if told else None


def _is_here(name: str) -> bool:
    """Found without running anything, so that a mistyped command opens no house."""
    try:
        folders = [CHECKOUT / "plugins", *load().plugin_folders]
    except SettingsError:
        return False
    return any(found.called == name for found in finding.find(folders))


def _command(plugin: str, told: Command) -> click.Command:
    words = "Slug of one provider; each that has it on if left out."
    slug = click.Option(["--provider"], default="", help=words)

    def run(provider: str, **values: Any) -> None:
        with opened():
            for row, scope in _wanted(plugin, provider):
                click.echo(f"{row.slug}: {_done(told, scope, values)}")

    epilog = f"Example: {told.example}" if told.example else None
    return click.Command(
        told.name, params=[*told.options, slug], callback=run, help=str(told.help), epilog=epilog
    )


def _wanted(plugin: str, slug: str) -> Iterator[tuple[Provider, Scope]]:
    """The providers that have the plugin on, each with a scope of its own, or the one that is named."""
    rows = Scope.system("command line").rows(Provider).order_by(Provider.slug)
    found = [row for row in rows if slug in ("", row.slug)]
    held = subscriptions.of(row.id for row in found)
    on = [row for row in found if held[row.id].covers(hooks.needs_of(plugin), plugin)]
    if not on:
        raise click.ClickException(f"{plugin} is not on for {slug or 'any provider'}.")
    for row in on:
        yield row, Scope.system(f"vestibule {plugin}", row.id)


def _done(told: Command, scope: Scope, values: dict[str, Any]) -> str:
    try:
        said = told.function(scope, **values)
    except VestibuleError as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    if not isinstance(said, str):
        raise click.ClickException(f"The command returned {type(said).__name__}, not words to print.")
    return said
