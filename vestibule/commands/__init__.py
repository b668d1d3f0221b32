"""The command line: a module for each command, each with an example in its help."""

import click

from vestibule.commands.audit import audit
from vestibule.commands.backup import backup
from vestibule.commands.check import check
from vestibule.commands.demo import demo
from vestibule.commands.forms import forms
from vestibule.commands.keys import keys
from vestibule.commands.migrate import migrate
from vestibule.commands.of_plugins import WithPlugins
from vestibule.commands.operators import operators
from vestibule.commands.plugins import plugins
from vestibule.commands.providers import providers
from vestibule.commands.restore import restore
from vestibule.commands.serve import serve
from vestibule.commands.subscriptions import subscriptions
from vestibule.commands.worker import worker

FIRST_START = (
    "A first start: vestibule migrate; then vestibule providers add (its --help shows how);"
    " then vestibule serve."
)


@click.group(
    cls=WithPlugins,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=FIRST_START,
)
def cli() -> None:
    """Vestibule: a client portal for therapists and other behavioural-health providers.

    Settings come from VESTIBULE_… variables or from a TOML file named by VESTIBULE_CONFIG. A plugin's own
    commands stand under its name: vestibule webhooks --help.
    """


for command in (
    serve,
    demo,
    migrate,
    worker,
    check,
    providers,
    subscriptions,
    operators,
    plugins,
    audit,
    keys,
    forms,
    backup,
    restore,
):
    cli.add_command(command)
