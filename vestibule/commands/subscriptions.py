"""`vestibule subscriptions`: what each provider holds, from when until when, and why."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from core import db, i18n
from core.forms.times import read_day, read_time
from core.operators import service
from core.operators.forms import NoSuchTime, moment_of
from core.spec.errors import Invalid
from core.spec.types import FEATURES
from core.subscriptions import Period
from core.tenancy import Provider, Scope
from core.web.words import change_words, moment_in_full, standing_words
from vestibule.commands.opening import opened

SYSTEM = Scope.system("command line")
EXAMPLE = (
    'Example: vestibule subscriptions on ortiz RS --reason "A trial"'
    ' --from "2026-12-01 9:00" --until 2027-01-01 --zone America/Chicago'
)
SENTENCES = {
    ("reason", "missing"): "--reason is empty: say why, it is kept with the change.",
    ("reason", "too_long"): "--reason is longer than 300 signs.",
    ("until_at", "before_from"): "--until must be after --from.",
}


@click.group(epilog=EXAMPLE)
def subscriptions() -> None:
    """Show and switch what providers hold: CP, MA, RS, MCP."""


@subscriptions.command("list", epilog="Example: vestibule subscriptions list --zone America/Chicago")
@click.option("--zone", default="UTC", help="Zone of the times shown, like America/Chicago.")
def show(zone: str) -> None:
    """List every provider with its subscriptions and their times."""
    with opened(), i18n.reading("en", _zone(zone)):
        for provider, held in service.providers(SYSTEM):
            on = [feature for feature, standing in held.items() if standing.is_on]
            click.echo(f"{provider.slug}\t{' '.join(sorted(on)) or '-'}")
            for feature, standing in held.items():
                if standing.state != "off":
                    click.echo(f"\t{feature}: {standing_words(standing)}")


@subscriptions.command(epilog="Example: vestibule subscriptions history ortiz")
@click.argument("slug")
@click.option("--zone", default="UTC", help="Zone of the times shown, like America/Chicago.")
def history(slug: str, zone: str) -> None:
    """Show who switched what for the provider SLUG, when and why, newest first."""
    with opened(), i18n.reading("en", _zone(zone)):
        for change in service.changes_of_provider(SYSTEM, provider_id(slug)):
            who, when = change.who or "command line", moment_in_full(change.row.changed_at)
            click.echo(f"{when}\t{change_words(change.row)}\t{change.row.reason or '-'}\t{who}")


@subscriptions.command(epilog=EXAMPLE)
@click.argument("slug")
@click.argument("feature", type=click.Choice(FEATURES))
@click.option("--reason", required=True, help="Why; kept with the change, the provider's owner can read it.")
@click.option("--from", "begin", default="", help="Day and time to begin, at once if left out.")
@click.option("--until", default="", help="Day and time to end, never if left out.")
@click.option("--zone", default="UTC", help="Zone of both times, like America/Chicago.")
def on(slug: str, feature: str, reason: str, begin: str, until: str, zone: str) -> None:
    """Switch FEATURE on for the provider SLUG, at everybody's next click or at the minutes given."""
    zone = _zone(zone)
    period = Period(_moment("--from", begin, zone), _moment("--until", until, zone))
    _switch(slug, feature, reason, is_on=True, period=period)


@subscriptions.command(epilog='Example: vestibule subscriptions off ortiz RS --reason "They asked for it"')
@click.argument("slug")
@click.argument("feature", type=click.Choice(FEATURES))
@click.option("--reason", required=True, help="Why; kept with the change, the provider's owner can read it.")
def off(slug: str, feature: str, reason: str) -> None:
    """Switch FEATURE off for the provider SLUG; nothing is deleted, what was begun is finished."""
    _switch(slug, feature, reason, is_on=False, period=Period())


def provider_id(slug: str) -> UUID:
    """The id of a provider by its slug, or a sentence that there is none."""
    row = SYSTEM.rows(Provider).where(Provider.slug == slug).first()
    if row is None:
        raise click.ClickException(f"There is no provider {slug!r}: see `vestibule providers list`.")
    found: UUID = row.id
    return found


def _switch(slug: str, feature: str, reason: str, *, is_on: bool, period: Period) -> None:
    with opened(), db.transaction():
        try:
            service.switch(SYSTEM, provider_id(slug), feature, is_on=is_on, reason=reason, period=period)
        except Invalid as error:
            said = [SENTENCES.get(fault, ": ".join(fault)) for fault in error.fields.items()]
            raise click.ClickException("\n".join(said)) from error
    times = [f"{word} {at.isoformat()}" for word, at in _ends(period) if at is not None]
    click.echo(" ".join([f"{feature} is {'on' if is_on else 'off'} for {slug}", *times]) + ".")


def _ends(period: Period) -> list[tuple[str, datetime | None]]:
    return [("from", period.from_at), ("until", period.until_at)]


def _zone(name: str) -> str:
    if not i18n.is_zone(name):
        raise click.ClickException("--zone is unknown: take a name like America/Chicago.")
    return ZoneInfo(name).key


def _moment(option: str, typed: str, zone: str) -> datetime | None:
    if not typed:
        return None
    day_text, _, time_text = typed.strip().partition(" ")
    day, at = read_day(day_text), read_time(time_text.strip().lower()) if time_text else time()
    if day is None or at is None:
        raise click.ClickException(f'{option} is no day and time: write it like "2026-12-01 9:00".')
    try:
        return moment_of(datetime.combine(day, at), zone)
    except NoSuchTime as error:
        raise click.ClickException(f"{option}: the clocks skip this time on that day.") from error
