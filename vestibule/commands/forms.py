"""`vestibule forms`: a provider's questions from and to FHIR R4 Questionnaires."""

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from core import questionnaires
from core.tenancy import Provider, Scope
from vestibule.commands.opening import opened

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(epilog="Example: vestibule forms import ortiz questions.json")
def forms() -> None:
    """Bring a provider's intake questions in from FHIR R4, and give them out."""


@forms.command("import", epilog="Example: vestibule forms import ortiz questions.json --publish")
@click.argument("slug")
@click.argument("file", type=FILE)
@click.option("--value-set", "value_sets", type=FILE, multiple=True, help="A ValueSet that it names.")
@click.option("--publish", is_flag=True, help="Ask it from now on, instead of leaving it as the draft.")
def bring_in(slug: str, file: Path, value_sets: tuple[Path, ...], *, publish: bool) -> None:
    """Make the Questionnaire in FILE the draft of provider SLUG's intake questions.

    Nothing is changed when something of it can't be asked; each item is named with the reason.
    """
    from plugins.intake import service  # noqa: PLC0415 -- the command line starts without plugins

    with opened():
        scope = _scope_of(slug)
        try:
            sets = [questionnaires.load_json(path.read_bytes()) for path in value_sets]
            by_url = {str(one.get("url", "")): one for one in sets if isinstance(one, dict)}
            notes = service.import_form(scope, questionnaires.load_json(file.read_bytes()), by_url)
            if publish:
                service.publish(scope, "")
        except questionnaires.QuestionnaireRefused as error:
            _refuse(error)
    for note in notes:
        click.echo(_line(note.link_id, questionnaires.note_in_words(note)))
    click.echo("Published." if publish else "It stands in the editor as a draft; publish it there.")


@forms.command("export", epilog="Example: vestibule forms export ortiz > questions.json")
@click.argument("slug")
def give_out(slug: str) -> None:
    """Write the intake questions that provider SLUG asks now as a FHIR R4 Questionnaire."""
    from plugins.intake import service  # noqa: PLC0415 -- the command line starts without plugins

    with opened():
        written = service.export_form(_scope_of(slug))
    if written is None:
        raise click.ClickException(f"{slug} has published no questions.")
    click.echo(json.dumps(written, ensure_ascii=False, indent=2))


def _scope_of(slug: str) -> Any:
    row = Scope.system("command line").rows(Provider).where(Provider.slug == slug).first()
    if row is None:
        raise click.ClickException(f"There is no provider {slug!r}: see `vestibule providers list`.")
    return Scope.system("command line", row.id)


def _refuse(error: questionnaires.QuestionnaireRefused) -> NoReturn:
    for refusal in error.refusals:
        click.echo(_line(refusal.link_id, questionnaires.refusal_in_words(refusal)), err=True)
    raise click.ClickException("Nothing was brought in.")


def _line(link_id: str, words: str) -> str:
    return f"{link_id}: {words}" if link_id else words
