"""`vestibule serve`: the web server, with the outbox and the jobs inside."""

from dataclasses import replace

import click
from gevent.event import Event

from core.settings import Settings, unsafe
from vestibule.commands import logs, serving
from vestibule.commands.opening import alone, read_settings


@click.command(epilog="Example: VESTIBULE_CONFIG=/etc/vestibule.toml vestibule serve")
@click.option("--port", type=click.IntRange(0, 65535), help="Another port than the setting's.")
@click.option("--without-worker", is_flag=True, help="Leave mail, events and jobs to `vestibule worker`.")
def serve(port: int | None, without_worker: bool) -> None:  # noqa: FBT001 -- click's way
    """Serve the portal until it is told to stop; running requests are finished first.

    In production it refuses to start with an unsafe setting and says which.
    """
    settings = read_settings()
    if port is not None:
        settings = replace(settings, port=port)
    _refuse_unsafe(settings)
    logs.configure(settings.log_level)
    with alone(settings):
        serving.run(
            settings,
            Event(),
            has_worker=not (without_worker and settings.database_url),
            announce=lambda: click.echo(f"Serving {settings.base_url} on {settings.host}:{settings.port}"),
        )


def _refuse_unsafe(settings: Settings) -> None:
    if settings.is_production and (faults := unsafe(settings)):
        raise click.ClickException("\n".join(["This would not be safe in production:", *faults]))
