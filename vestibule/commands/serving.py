"""The life of a server or worker process, from its first check to its orderly end."""

import signal
import socket
from collections.abc import Callable
from contextlib import closing
from typing import Any

import click
import gevent
import psycopg.waiting
from flask import Flask
from gevent.event import Event

from core import app, db, hooks, jobs, live, outbox, server
from core.accounts.service import account_with_email
from core.settings import Settings
from vestibule.commands.opening import reasons

DEMO_ACCOUNTS = tuple(
    f"{name}@demo.test"
    for name in ("client", "newclient", "twoproviders", "provider", "provider2", "operator")
)
WORK_SECONDS = 5


def run(settings: Settings, stop: Event, *, has_worker: bool, announce: Callable[[], None]) -> None:
    """Serve until `stop` is set or the process is told to end."""
    with closing(listen(settings)) as listener, reasons():
        made = open_app(settings, stop)
        workers = start_work(stop) if has_worker else []
        workers.append(gevent.spawn(live.run, stop))
        workers.append(gevent.spawn(db.watch, settings.database_url, stop))
        watchdog = hooks.watch(settings.watchdog_seconds)
        server.serve(
            listener,
            made,
            stop,
            is_behind_proxy=settings.trusted_proxies > 0,
            ready=announce,
            on_stop=live.close_all,
        )
        gevent.joinall(workers, timeout=WORK_SECONDS)
        watchdog.stop()
        db.close()


def listen(settings: Settings) -> socket.socket:
    """The server's listening socket, or one line that says who else may have it."""
    try:
        return server.listen(settings.host, settings.port)
    except server.PortTaken:
        raise click.ClickException(
            f"Port {settings.port} is taken. Choose another one:"
            f" PORT={settings.port + 1} make demo, or VESTIBULE_PORT={settings.port + 1} vestibule serve."
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"Can't listen on {settings.host}:{settings.port}: {error.strerror}."
        ) from None


def open_app(settings: Settings, stop: Event) -> Flask:
    """The application, ready to answer; refuses the demo's accounts in production."""
    # psycopg's compiled wait would stop all greenlets for as long as one query takes.
    assert psycopg.waiting.wait is not getattr(psycopg.waiting, "wait_c", None), "patched too late"
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    made = app.create_app(settings)
    if settings.is_production:
        _refuse_demo_accounts()
    return made


def start_work(stop: Event) -> list[Any]:
    """Mail, events and jobs, each in greenlets of this process."""
    return [gevent.spawn(work, stop) for work in (outbox.run, jobs.run)]


def _refuse_demo_accounts() -> None:
    with db.connection():
        found = [email for email in DEMO_ACCOUNTS if account_with_email(email) is not None]
    if found:
        raise click.ClickException(
            f"This database holds the demo's accounts, whose password everybody knows: {', '.join(found)}."
            " Start production with a database of its own."
        )
