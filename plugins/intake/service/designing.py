"""The provider's own questions: edited as a draft, answered in published versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, cast
from uuid import UUID

from plugins.intake.models import FormSeries, IntakeForm
from vestibule.data import NotFound, PreparedRows, Scope, blank, note, now, questionnaires, transaction

Direction = Literal["up", "down"]
URL = "urn:vestibule:questionnaire:intake"
QUESTIONS = "questions"
Questionnaire = questionnaires.Questionnaire
WITHOUT_QUESTIONS = (IntakeForm.id, IntakeForm.version, IntakeForm.status, IntakeForm.changed_at)
RECORD = "record"
OWN = (QUESTIONS, RECORD)


def design(scope: Scope, of: str = QUESTIONS) -> tuple[Any, bool]:
    """The questionnaire as it stands in the editor, and whether it differs from what is asked."""
    row = _newest(scope, of)
    if row is None:
        return questionnaires.new_questionnaire(url_of(scope, of), "Questions"), False
    return questionnaires.read_questionnaire(row.questionnaire), row.status == "draft"


def url_of(scope: Scope, of: str) -> str:
    """What the form is called in FHIR, in all its versions."""
    own = {QUESTIONS: f"{URL}:{scope.provider_id}", RECORD: f"{URL}:{RECORD}:{scope.provider_id}"}
    return own.get(of, f"{URL}:{of}")


def active_form(scope: Scope, of: str = QUESTIONS) -> IntakeForm | None:
    """The version that clients are asked now, without its questions; None while there are none."""
    return next(iter(_active(scope, series=of)), None)


_active = PreparedRows(
    lambda scope: (
        scope.rows(IntakeForm, *WITHOUT_QUESTIONS)
        .where((IntakeForm.status == "active") & (IntakeForm.series == blank(IntakeForm.series, "series")))
        .order_by(IntakeForm.version.desc())
        .limit(1)
    )
)


def read_form(scope: Scope, form: IntakeForm) -> Any:
    """The questionnaire of a version, which is read once as long as it stays."""
    key = (form.id, form.version, form.status, form.changed_at)
    return questionnaires.shelved(key, lambda: scope.one(IntakeForm, form.id).questionnaire)


def with_active_form(scope: Scope, model: Any) -> Any:
    """Rows of `model`, with the same version as their `active_form` where there is one."""
    return scope.rows(model, model, *WITHOUT_QUESTIONS).join(
        IntakeForm,
        "LEFT OUTER JOIN",
        on=(IntakeForm.status == "active") & (IntakeForm.series == QUESTIONS),
        attr="active_form",
    )


def question_of(scope: Scope, link_id: str, of: str = QUESTIONS) -> Any:
    """One item of the draft. Raises NotFound."""
    item = design(scope, of)[0].item(link_id)
    if item is None:
        raise NotFound
    return item


def add_question(
    scope: Scope,
    ask: Any,
    text: str,
    *,
    required: bool,
    options: Sequence[str],
    of: str = QUESTIONS,
    **more: str,
) -> None:
    """A question at the end, or of the section `into`, with `help`.

    Raises QuestionnaireRefused for one that can't be asked.
    """
    item = questionnaires.new_item(ask, text, required=required, options=options)

    def act(form: Any) -> Any:
        made = questionnaires.add_item(form, item, more.get("into", ""))
        return questionnaires.change_item(made, item.link_id, help=more["help"]) if more.get("help") else made

    change_form(scope, act, of)


def change_question(scope: Scope, link_id: str, of: str = QUESTIONS, **changes: Any) -> None:
    """Other words, options or duty for a question. Raises QuestionnaireRefused or Refused."""
    change_form(scope, lambda form: questionnaires.change_item(form, link_id, **changes), of)


def move_question(scope: Scope, link_id: str, direction: str, of: str = QUESTIONS) -> None:
    """A question one place up or down. Raises Refused("item_missing")."""
    change_form(scope, lambda form: questionnaires.move_item(form, link_id, cast("Direction", direction)), of)


def remove_question(scope: Scope, link_id: str, of: str = QUESTIONS) -> None:
    """Without this question; answers given to it stay with their version."""
    change_form(scope, lambda form: questionnaires.remove_item(form, link_id), of)


def import_form(scope: Scope, raw: Any, value_sets: Any = None, of: str = QUESTIONS) -> Sequence[Any]:
    """The questions out of a FHIR Questionnaire, as the draft; returns notes on what came in otherwise.

    It becomes the provider's own form, which says what it was derived from. Raises
    QuestionnaireRefused, and then nothing is changed.
    """
    read, notes = questionnaires.import_questionnaire(raw, value_sets)
    kept = {name: value for name, value in read.kept.items() if name not in ("id", "meta")}
    # A consent is signed, whether or not the other system knew of that.
    signature = read.signature or (of not in OWN and scope.one(FormSeries, UUID(of)).kind == "consent")
    made = replace(
        read,
        url=url_of(scope, of),
        version="",
        kept={**kept, "derivedFrom": [read.canonical]},
        status="draft",
        signature=signature,
    )
    change_form(scope, lambda _form: made, of)
    found: Sequence[Any] = notes
    return found


def export_form(scope: Scope, of: str = QUESTIONS) -> dict[str, Any] | None:
    """What clients are asked now as a FHIR R4 Questionnaire, None while there are no questions."""
    row = active_form(scope, of)
    if row is None:
        return None
    written: dict[str, Any] = questionnaires.write_questionnaire(
        questionnaires.read_questionnaire(scope.one(IntakeForm, row.id).questionnaire)
    )
    return written


def publish(scope: Scope, title: str, of: str = QUESTIONS) -> None:
    """Ask the draft from now on; what was begun carries over what is still asked.

    Raises QuestionnaireRefused while it asks nothing.
    """
    with transaction():
        row = _newest(scope, of)
        if row is None or row.status != "draft":
            return
        drafted = questionnaires.read_questionnaire(row.questionnaire)
        count = (
            scope.rows(IntakeForm).where((IntakeForm.series == of) & (IntakeForm.status != "draft")).count()
        )
        last = max(count, int(drafted.version) if drafted.version.isdecimal() else 0)
        made = questionnaires.new_version(replace(drafted, title=title or drafted.title, version=str(last)))
        active = (IntakeForm.status == "active") & (IntakeForm.series == of)
        scope.update(IntakeForm, status="retired").where(active).execute()
        written = questionnaires.write_questionnaire(made)
        scope.change(row, status="active", questionnaire=written, changed_at=now())
        if of not in OWN:
            scope.change(scope.one(FormSeries, UUID(of)), title=made.title)
        note(scope, "intake.form_published", row, version=row.version)


def change_form(scope: Scope, act: Callable[[Any], Any], of: str = QUESTIONS) -> None:
    """Put what `act` makes of the questionnaire in its place, as the draft."""
    with transaction():
        changed = act(design(scope, of)[0])
        written = questionnaires.write_questionnaire(changed)
        row = _newest(scope, of)
        if row is not None and row.status == "draft":
            scope.change(row, questionnaire=written, changed_at=now())
        else:
            scope.add(
                IntakeForm,
                series=of,
                version=next_version(scope),
                status="draft",
                questionnaire=written,
                changed_at=now(),
            )


def _newest(scope: Scope, of: str) -> IntakeForm | None:
    rows = scope.rows(IntakeForm).where(IntakeForm.series == of).order_by(IntakeForm.version.desc())
    found: IntakeForm | None = rows.first()
    return found


def next_version(scope: Scope) -> int:
    """The number of the next version; all series of a provider count together."""
    last = scope.rows(IntakeForm, IntakeForm.version).order_by(IntakeForm.version.desc()).first()
    return 1 if last is None else int(last.version) + 1
