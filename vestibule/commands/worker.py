"""`vestibule worker`: mail, events and jobs in a process of their own."""

import click
import gevent
from gevent.event import Event

from core import db, hooks
from vestibule.commands import logs, serving
from vestibule.commands.opening import read_settings, reasons


@click.command(epilog="Example: VESTIBULE_CONFIG=/etc/vestibule.toml vestibule worker")
def worker() -> None:
    """Deliver mail and events and run jobs until told to stop, beside `vestibule serve`.

    Needs PostgreSQL, where any number may run; with SQLite the server does this work itself.
    """
    settings = read_settings()
    if not settings.database_url:
        raise click.ClickException(
            "With SQLite the server delivers and runs jobs itself: nothing to do here."
        )
    logs.configure(settings.log_level)
    stop = Event()
    with reasons():
        serving.open_app(settings, stop)
        watchdog = hooks.watch(settings.watchdog_seconds)
        click.echo("Working")
        watching = gevent.spawn(db.watch, settings.database_url, stop)
        gevent.joinall([*serving.start_work(stop), watching])
        watchdog.stop()
        db.close()
