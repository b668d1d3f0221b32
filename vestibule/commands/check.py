"""`vestibule check`: a doctor for an installation."""

import os
import resource
import smtplib
from collections.abc import Iterator

import click
import peewee

from core import app, db, hooks, mail, migrate, outbox
from core.settings import Settings, SettingsError, load, unsafe
from core.spec.errors import PluginRefused
from core.vault import Keyring, KeysRefused, Vault, keys_from, resealing

DESCRIPTORS = 4096
Finding = tuple[bool, str]


@click.command(epilog="Example: VESTIBULE_CONFIG=/etc/vestibule.toml vestibule check")
@click.pass_context
def check(context: click.Context) -> None:
    """Look whether everything is as it must be: a line each, `ok` or `problem` with the mend.

    Changes nothing and may run while the server does. Exits with 1 if there is a problem.
    """
    is_well = True
    for is_good, line in _findings():
        click.echo(f"{'ok     ' if is_good else 'problem'}  {line}")
        is_well &= is_good
    db.close()
    context.exit(0 if is_well else 1)


def _findings() -> Iterator[Finding]:
    try:
        settings = load()
    except SettingsError as error:
        yield from ((False, line) for line in error.lines)
        return
    yield True, f"settings are read, mode {settings.mode}"
    yield from _safety(settings)
    yield from _descriptors()
    try:
        ring = keys_from(settings.master_key_file)
    except KeysRefused as error:
        yield False, str(error)
        yield from _all_lost(settings)
        return
    yield True, f"master key {settings.master_key_file} is there, for its owner only"
    try:
        app.open_house(settings)
    except PluginRefused as error:
        yield False, f"plugin {error}"
        return
    yield from _plugins()
    yield from _database(ring)
    yield from _health()
    yield _mail_server(settings)


def _safety(settings: Settings) -> Iterator[Finding]:
    faults = unsafe(settings) if settings.is_production else []
    yield from ((False, fault) for fault in faults)
    if not faults:
        yield True, "no setting is unsafe" if settings.is_production else "not in production mode"
    is_writable = os.access(settings.data, os.W_OK)
    mend = "" if is_writable else f": make it, owned by who runs the server, and `chmod 700 {settings.data}`"
    yield is_writable, f"data folder {settings.data} {'is' if is_writable else 'is not'} writable{mend}"


def _descriptors() -> Iterator[Finding]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= DESCRIPTORS:
        yield True, f"file descriptors: {hard}"
    else:
        yield False, f"only {hard} file descriptors: set LimitNOFILE=65536 for the service"


def _all_lost(settings: Settings) -> Iterator[Finding]:
    """What the missing keys cost; the database is asked without any."""
    nobody = Keyring(b"", {}, b"")
    db.bind(settings, Vault(nobody))
    try:
        with db.connection():
            yield from _readable(nobody)
    except peewee.PeeweeException as error:
        yield False, f"database: {' '.join(str(error).split())}"


def _readable(ring: Keyring) -> Iterator[Finding]:
    lost = resealing.lost(frozenset(ring.keys))
    for (column, key_id), count in sorted(lost.items()):
        yield (
            False,
            f"{column}: {count} values can't be read, their key {key_id.hex()} is not in the key file",
        )
    if not lost:
        yield True, "every sealed value has its key"
    if len(ring.keys) > 1:
        yield False, "a rotation of the keys was begun and not finished: run `vestibule keys rotate`"


def _database(ring: Keyring) -> Iterator[Finding]:
    try:
        with db.connection():
            db.database.execute_sql("SELECT 1")
            yield True, f"database answers ({db.dialect()})"
            yield from _tables()
            yield from _readable(ring)
            yield from map(_durable, DURABLE[db.dialect()])
    except (peewee.PeeweeException, migrate.MigrationRefused) as error:
        yield False, f"database: {' '.join(str(error).split())}"


def _tables() -> Iterator[Finding]:
    sources = app.sources()
    if pending := migrate.pending(sources):
        yield False, f"{len(pending)} migrations are missing: run `vestibule migrate`"
        return
    yield True, "tables are those of this version"
    missing = migrate.missing_guards(sources)
    mend = f"guards are missing ({', '.join(missing)}): run `vestibule migrate`"
    yield not missing, mend if missing else "guards are in place"
    counts = outbox.counts()
    yield not counts.parked, f"outbox: {counts.waiting} waiting, {counts.parked} given up after many tries"


# Statement, name, what it must answer, and how to get there.
DURABLE: dict[str, tuple[tuple[str, str, tuple[object, ...], str], ...]] = {
    "sqlite": (
        ("PRAGMA journal_mode", "journal_mode", ("wal",), "put the file on a local disk"),
        ("PRAGMA synchronous", "synchronous", (2, 3), "a power cut could lose what was acknowledged"),
    ),
    "postgresql": (
        ("SHOW fsync", "fsync", ("on",), "set it on in postgresql.conf"),
        ("SHOW full_page_writes", "full_page_writes", ("on",), "set it on in postgresql.conf"),
        (
            "SHOW synchronous_commit",
            "synchronous_commit",
            ("on", "local", "remote_write", "remote_apply"),
            "set it on: a power cut could lose what was acknowledged",
        ),
    ),
}


def _durable(asked: tuple[str, str, tuple[object, ...], str]) -> Finding:
    statement, name, wanted, mend = asked
    (value,) = db.database.execute_sql(statement).fetchone()
    return value in wanted, f"{name} is {value}" + ("" if value in wanted else f": {mend}")


def _plugins() -> Iterator[Finding]:
    for plugin in hooks.plugins():
        if not plugin.is_core:
            said = f"is left out: {plugin.refused}" if plugin.refused else f"{plugin.version} is loaded"
            yield not plugin.refused, f"plugin {plugin.name} {said}"


def _health() -> Iterator[Finding]:
    """What plugins say of themselves; where the database is away, nothing can be asked."""
    try:
        found = hooks.check_health()
    except (peewee.PeeweeException, migrate.MigrationRefused):
        return
    for one in found:
        said = {
            "well": "well",
            "idle": "on for nobody",
            "failed": "could not be asked: its log line says why",
        }
        yield (
            one.state in ("well", "idle"),
            f"plugin {one.plugin}: {one.title}: {said.get(one.state, one.said)}",
        )


def _mail_server(settings: Settings) -> Finding:
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    if not settings.smtp_host:
        return (
            not settings.is_production,
            "no mail server is set, so no mail goes out: VESTIBULE_SMTP_HOST is missing",
        )
    if "@" not in settings.mail_from:
        return False, "no sender is set, so no mail goes out: VESTIBULE_MAIL_FROM is missing"
    try:
        mail.check_server(settings)
    except (OSError, smtplib.SMTPException) as error:
        return False, f"mail server {place} can't be used ({type(error).__name__}): check VESTIBULE_SMTP_…"
    return True, f"mail server {place} answers"
