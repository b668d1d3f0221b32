"""`vestibule providers`: the first step of every practice."""

import click

from core.operators import providers as service
from core.operators.service import providers as all_providers
from core.spec.errors import Invalid
from core.tenancy import Scope
from vestibule.commands.opening import opened

EXAMPLE = (
    'Example: vestibule providers add --slug ortiz --name "Dr Lena Ortiz" --zone America/Chicago'
    ' --owner-email lena@example.org --owner-name "Dr Lena Ortiz"'
)
SENTENCES = {
    ("slug", "malformed"): "--slug takes 2 to 40 small letters, digits and single hyphens, like lake-street.",
    ("slug", "taken"): "--slug: another provider has this one.",
    ("zone", "unknown"): "--zone is unknown: take a name like America/Chicago.",
    ("locale", "unknown"): "--locale is unknown: take en or es.",
    ("name", "missing"): "--name is empty.",
    ("email", "malformed"): "--owner-email is no e-mail address.",
}


@click.group(epilog="Example: vestibule providers list")
def providers() -> None:
    """Add and list providers, the subscribers of this installation."""


@providers.command("list", epilog="Example: vestibule providers list")
def show() -> None:
    """List providers: slug, name, zone."""
    with opened():
        for provider, _held in all_providers(Scope.system("command line")):
            click.echo(f"{provider.slug}\t{provider.name}\t{provider.zone}")


@providers.command(epilog=EXAMPLE)
@click.option("--slug", required=True, help="Short name for its addresses, like ortiz.")
@click.option("--name", required=True, help='What clients see, like "Dr Lena Ortiz".')
@click.option("--zone", required=True, help="Where its clock is, like America/Chicago.")
@click.option("--owner-email", required=True, help="Who gets the link to begin.")
@click.option("--owner-name", required=True, help="Name of that person, as clients see it.")
@click.option("--outside-name", default="", help="Name in mail; leave it out if the name tells too much.")
@click.option("--phone", default="", help="Phone number for clients.")
@click.option("--locale", default="en", help="Its language, en or es.")
def add(owner_email: str, owner_name: str, **about: str) -> None:
    """Add a provider with Client Portal on; its owner gets a link by mail to begin with."""
    with opened() as settings:
        try:
            provider = service.NewProvider(**about)
            service.add_provider(Scope.system("command line"), provider, owner_email, owner_name)
        except Invalid as error:
            said = [SENTENCES.get(fault, ": ".join(fault)) for fault in error.fields.items()]
            raise click.ClickException("\n".join(said)) from error
    click.echo(f"{about['name']} has {settings.base_url}/p/{about['slug']}/ and Client Portal.")
    click.echo(f"A link for {owner_email} goes out as soon as a server or worker runs.")
