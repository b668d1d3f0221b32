"""`vestibule forms`: all forms of a provider, from and to FHIR R4 Questionnaires."""

import json
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import click

from core import db, questionnaires
from core.spec.errors import NotFound
from core.tenancy import Provider, Scope
from vestibule.commands.opening import opened

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# The parts of the intake itself; all other forms go by their id.
OWN = {"questions": "intake", "record": "My Clients Plus"}
NEW = {"new": False, "new-consent": True}
FORM_HELP = "`questions` of the intake, `record` for My Clients Plus, or an id that `forms list` shows"


@click.group(epilog="Example: vestibule forms import ortiz questions.json")
def forms() -> None:
    """Bring a provider's forms in from FHIR R4, and give them out."""


@forms.command("list", epilog="Example: vestibule forms list ortiz")
@click.argument("slug")
def list_forms(slug: str) -> None:
    """The forms of provider SLUG, a line each: what to call it here, its kind, how it stands, its title."""
    from plugins.intake import service  # noqa: PLC0415 -- the command line starts without plugins

    with opened():
        scope = _scope_of(slug)
        lines = [(name, kind, *_standing_of(scope, name)) for name, kind in OWN.items()]
        for one in service.form_lines(scope):
            states = {(True, True): "changed", (True, False): "published"}
            state = states.get((one.is_published, one.is_changed), "draft")
            lines.append((str(one.series.id), one.series.kind, state, one.series.title))
    for line in lines:
        click.echo("\t".join(line))


def _standing_of(scope: Any, name: str) -> tuple[str, str]:
    from plugins.intake import service  # noqa: PLC0415 -- the command line starts without plugins

    questionnaire, is_draft = service.design(scope, name)
    if service.active_form(scope, name) is None:
        return ("draft" if is_draft else "none"), questionnaire.title
    return ("changed" if is_draft else "published"), questionnaire.title


@forms.command(
    "import", epilog="Example: vestibule forms import ortiz release.json --form new-consent --publish"
)
@click.argument("slug")
@click.argument("file", type=FILE)
@click.option(
    "--form",
    "of",
    default="questions",
    show_default=True,
    help=f"Which: {FORM_HELP}; `new` or `new-consent` for one more.",
)
@click.option("--value-set", "value_sets", type=FILE, multiple=True, help="A ValueSet that it names.")
@click.option("--publish", is_flag=True, help="Ask it from now on, instead of leaving it as the draft.")
def bring_in(slug: str, file: Path, of: str, value_sets: tuple[Path, ...], *, publish: bool) -> None:
    """Make the Questionnaire in FILE the draft of a form of provider SLUG.

    Nothing is changed when something of it can't be asked; each item is named with the reason.
    """
    from plugins.intake import service  # noqa: PLC0415 -- the command line starts without plugins

    with opened():
        scope = _scope_of(slug)
        try:
            raw = questionnaires.load_json(file.read_bytes())
            sets = [questionnaires.load_json(path.read_bytes()) for path in value_sets]
            by_url = {str(one.get("url", "")): one for one in sets if isinstance(one, dict)}
            with db.transaction():
                if of in NEW:
                    made, notes = service.bring_form(scope, raw, by_url, is_consent=NEW[of])
                    of = str(made)
                else:
                    notes = service.import_form(scope, raw, by_url, _known(scope, slug, of))
                if publish:
                    service.publish(scope, "", of)
        except questionnaires.QuestionnaireRefused as error:
            _refuse(error)
    for note in notes:
        click.echo(_line(note.link_id, questionnaires.note_in_words(note)))
    click.echo("Published." if publish else "It stands in the editor as a draft; publish it there.")
    if of not in OWN:
        click.echo(of)


@forms.command("export", epilog="Example: vestibule forms export ortiz > questions.json")
@click.argument("slug")
@click.option("--form", "of", default="questions", show_default=True, help=f"Which: {FORM_HELP}.")
def give_out(slug: str, of: str) -> None:
    """Write a form that provider SLUG asks now as a FHIR R4 Questionnaire."""
    from plugins.intake import service  # noqa: PLC0415 -- the command line starts without plugins

    with opened():
        scope = _scope_of(slug)
        written = service.export_form(scope, _known(scope, slug, of))
    if written is None:
        raise click.ClickException(f"{slug} has published nothing there: see `vestibule forms list {slug}`.")
    click.echo(json.dumps(written, ensure_ascii=False, indent=2))


def _scope_of(slug: str) -> Any:
    row = Scope.system("command line").rows(Provider).where(Provider.slug == slug).first()
    if row is None:
        raise click.ClickException(f"There is no provider {slug!r}: see `vestibule providers list`.")
    return Scope.system("command line", row.id)


def _known(scope: Any, slug: str, of: str) -> str:
    """The form that a name of the command line means; one that is retired or never was is said so."""
    from plugins.intake import service  # noqa: PLC0415 -- the command line starts without plugins

    if of in OWN:
        return of
    try:
        return str(service.series_of(scope, UUID(of)).id)
    except (ValueError, NotFound):
        raise click.ClickException(f"{slug} has no form {of!r}: see `vestibule forms list {slug}`.") from None


def _refuse(error: questionnaires.QuestionnaireRefused) -> NoReturn:
    for refusal in error.refusals:
        click.echo(_line(refusal.link_id, questionnaires.refusal_in_words(refusal)), err=True)
    raise click.ClickException("Nothing was brought in.")


def _line(link_id: str, words: str) -> str:
    return f"{link_id}: {words}" if link_id else words
