"""`vestibule operators`: who may switch subscriptions and plugins by page."""

import click

from core.operators import service
from core.spec.errors import Invalid
from core.tenancy import Scope
from vestibule.commands.opening import opened

SENTENCES = {
    ("email", "malformed"): "--email is no e-mail address.",
    ("email", "taken"): "--email has an account already: an operator needs an address of their own.",
    ("name", "missing"): "--name is empty.",
    ("zone", "unknown"): "--zone is unknown: take a name like America/Chicago.",
}
EXAMPLE = (
    'Example: vestibule operators add --email olu@example.org --name "Olu Adeyemi" --zone America/Chicago'
)


@click.group(epilog=EXAMPLE)
def operators() -> None:
    """Add operators, who see providers and plugins and no client."""


@operators.command(epilog=EXAMPLE)
@click.option("--email", required=True, help="Where the link to choose a password goes.")
@click.option("--name", required=True, help="Name of that person.")
@click.option("--zone", default="", help="Where they are, for times: like America/Chicago; else UTC.")
def add(email: str, name: str, zone: str) -> None:
    """Add an operator; a link to choose a password goes out by mail and is good for an hour."""
    with opened() as settings:
        try:
            service.add_operator(Scope.system("command line"), email, name, zone)
        except Invalid as error:
            said = [SENTENCES.get(fault, ": ".join(fault)) for fault in error.fields.items()]
            raise click.ClickException("\n".join(said)) from error
    click.echo(f"{email} is an operator: {settings.base_url}/operator/")
    click.echo("The link goes out as soon as a server or worker runs. /login offers another one.")
