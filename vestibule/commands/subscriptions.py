"""`vestibule subscriptions`: what each provider holds."""

import click

from core import db
from core.operators import service
from core.spec.types import FEATURES
from core.tenancy import Provider, Scope
from vestibule.commands.opening import opened


@click.group(epilog="Example: vestibule subscriptions on ortiz RS")
def subscriptions() -> None:
    """Show and switch what providers hold: CP, MA, RS, MCP."""


@subscriptions.command("list", epilog="Example: vestibule subscriptions list")
def show() -> None:
    """List every provider with its subscriptions."""
    with opened():
        for provider, held in service.providers(Scope.system("command line")):
            click.echo(f"{provider.slug}\t{' '.join(sorted(held)) or '-'}")


@subscriptions.command(epilog="Example: vestibule subscriptions on ortiz RS")
@click.argument("slug")
@click.argument("feature", type=click.Choice(FEATURES))
def on(slug: str, feature: str) -> None:
    """Switch FEATURE on for the provider SLUG; it acts at everybody's next click."""
    _switch(slug, feature, is_on=True)


@subscriptions.command(epilog="Example: vestibule subscriptions off ortiz RS")
@click.argument("slug")
@click.argument("feature", type=click.Choice(FEATURES))
def off(slug: str, feature: str) -> None:
    """Switch FEATURE off for the provider SLUG; nothing is deleted."""
    _switch(slug, feature, is_on=False)


def _switch(slug: str, feature: str, *, is_on: bool) -> None:
    scope = Scope.system("command line")
    with opened(), db.transaction():
        row = scope.rows(Provider).where(Provider.slug == slug).first()
        if row is None:
            raise click.ClickException(f"There is no provider {slug!r}: see `vestibule providers list`.")
        service.switch(scope, row.id, feature, is_on=is_on)
    click.echo(f"{feature} is {'on' if is_on else 'off'} for {slug}.")
