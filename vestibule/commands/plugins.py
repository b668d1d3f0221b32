"""`vestibule plugins`: what is loaded and what isn't, with the reason."""

import click

from core import hooks
from vestibule.commands.opening import opened


@click.group(epilog="Example: vestibule plugins list")
def plugins() -> None:
    """Show plugins."""


@plugins.command("list", epilog="Example: vestibule plugins list")
def show() -> None:
    """List plugins with version and needs; one that could not be loaded says why."""
    with opened():
        found = [plugin for plugin in hooks.plugins() if not plugin.is_core]
    for plugin in found:
        state = f"left out: {plugin.refused}" if plugin.refused else "loaded"
        click.echo("\t".join((plugin.name, plugin.version, " ".join(sorted(plugin.needs)) or "-", state)))
    if not found:
        click.echo("No plugins.")
