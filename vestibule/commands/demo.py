"""`vestibule demo`: everything on this machine, with people and mail that are made up."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import click
from gevent.event import Event

from core import app, db
from core.settings import Settings, SettingsError, load
from core.vault import make_keys
from vestibule.commands import logs, serving
from vestibule.commands.opening import alone, reasons

SEED = 2026
PASSWORD = "open-the-door-2026"  # noqa: S105 -- told to everybody who starts the demo
MAILBOX_PORT = 8025
FILLED = "demo.filled"
# What the demo makes in its data folder, and all that a reset removes from it.
MADE = (
    "vestibule.sqlite3",
    "vestibule.sqlite3-wal",
    "vestibule.sqlite3-shm",
    "master.key",
    "secret.key",
    "audit.anchor",
    "mailbox",
    FILLED,
)
WHO = (
    ("client@demo.test", "client of provider 1"),
    ("newclient@demo.test", "signed up by themselves; intake is outstanding"),
    ("twoproviders@demo.test", "client of provider 1 and of provider 2"),
    ("provider@demo.test", "provider 1, holds everything"),
    ("provider2@demo.test", "provider 2, holds Client Portal only"),
    ("operator@demo.test", "operator"),
)


@click.command(epilog="Example: vestibule demo --port 8001 --data var/demo")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to serve."
)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--reset", is_flag=True, help="Make the demo's data anew first.")
def demo(port: int, data: Path, reset: bool) -> None:  # noqa: FBT001 -- click's way
    """Serve a demo with its own database, keys, people and mail box; a second start keeps its data."""
    data = data.absolute()
    settings = _settings(data, port)
    logs.configure("warning")
    with alone(settings):
        # Asked first, so that a taken port costs nobody the wait for the data.
        serving.listen(settings).close()
        if reset or not (data / FILLED).exists():
            _clear(settings)
        with _mailbox(data / "mailbox") as (smtp_port, page):
            settings = replace(settings, smtp_port=smtp_port, mailbox_url=page)
            with reasons():
                _prepare(settings)
            serving.run(settings, Event(), has_worker=True, announce=lambda: _tell(settings))


def _settings(data: Path, port: int) -> Settings:
    """The demo's own settings; what the environment says about others, PostgreSQL say, holds too."""
    own = {
        "VESTIBULE_MODE": "demo",
        "VESTIBULE_DATA": str(data),
        "VESTIBULE_PORT": str(port),
        "VESTIBULE_SMTP_HOST": "127.0.0.1",
        "VESTIBULE_SMTP_SECURITY": "none",
        "VESTIBULE_MAIL_FROM": "portal@demo.test",
        "VESTIBULE_LOG_LEVEL": "warning",
    }
    try:
        return load(os.environ | own)
    except SettingsError as error:
        raise click.ClickException("\n".join(error.lines)) from error


def _clear(settings: Settings) -> None:
    """Remove what an earlier demo made, whole or in part, and nothing else."""
    if settings.database_url:
        raise click.ClickException("The demo starts over on SQLite only: leave VESTIBULE_DATABASE_URL out.")
    for name in MADE:
        path = settings.data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _mailbox(folder: Path) -> Iterator[tuple[int, str]]:
    """The mail box in a process of its own, which ends with this one."""
    command = [sys.executable, "-m", "rehearsal.mailbox", str(folder), "--http-port", str(MAILBOX_PORT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin is not None
        assert process.stdout is not None
        with closing(process.stdin):
            told = process.stdout.readline()
            if not told:
                raise click.ClickException(
                    "The demo's mail box did not start: run `make setup`, or install vestibule[demo]."
                )
            ports = json.loads(told)
            yield ports["smtp_port"], f"http://127.0.0.1:{ports['http_port']}/"


def _prepare(settings: Settings) -> None:
    if not settings.master_key_file.exists():
        make_keys(settings.master_key_file)
    app.open_house(settings)
    app.bring_up_to_date(settings)
    marker = settings.data / FILLED
    if not marker.exists():
        click.echo("Making the demo's people, appointments and messages …")
        # By name: the product itself never imports the stand-ins.
        importlib.import_module("rehearsal.demo_data").fill(SEED)
        marker.write_text(f"{SEED}\n", encoding="utf-8")
    db.close()


def _tell(settings: Settings) -> None:
    base = settings.base_url
    lines = [
        "",
        f"Vestibule's demo is open:  {base}/login",
        f"The mail that it sends:    {settings.mailbox_url}",
        "",
        f"Password of all accounts:  {PASSWORD}",
        *(f"  {email:<24} {who}" for email, who in WHO),
        "",
        "Ctrl+C ends it; the next start keeps the data (make demo-reset starts over).",
    ]
    click.echo("\n".join(lines))
