"""The provider's own questions: edited as a draft, answered in published versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, cast

from plugins.intake.models import IntakeForm
from vestibule.data import NotFound, Scope, note, now, questionnaires, transaction

Direction = Literal["up", "down"]
URL = "urn:vestibule:questionnaire:intake"
QUESTIONS = "questions"
Questionnaire = questionnaires.Questionnaire
WITHOUT_QUESTIONS = (IntakeForm.id, IntakeForm.version, IntakeForm.status, IntakeForm.changed_at)


def design(scope: Scope) -> tuple[Any, bool]:
    """The questionnaire as it stands in the editor, and whether it differs from what is asked."""
    row = _newest(scope)
    if row is None:
        return questionnaires.new_questionnaire(f"{URL}:{scope.provider_id}", "Questions"), False
    return questionnaires.read_questionnaire(row.questionnaire), row.status == "draft"


def active_form(scope: Scope, series: str = QUESTIONS) -> IntakeForm | None:
    """The version that clients are asked now, without its questions; None while there are none."""
    is_asked = (IntakeForm.status == "active") & (IntakeForm.series == series)
    rows = scope.rows(IntakeForm, *WITHOUT_QUESTIONS).where(is_asked)
    found: IntakeForm | None = rows.order_by(IntakeForm.version.desc()).first()
    return found


def with_active_form(scope: Scope, model: Any) -> Any:
    """Rows of `model`, with the same version as their `active_form` where there is one."""
    return scope.rows(model, model, *WITHOUT_QUESTIONS).join(
        IntakeForm,
        "LEFT OUTER JOIN",
        on=(IntakeForm.status == "active") & (IntakeForm.series == QUESTIONS),
        attr="active_form",
    )


def question_of(scope: Scope, link_id: str) -> Any:
    """One question of the draft. Raises NotFound."""
    item = design(scope)[0].item(link_id)
    if item is None:
        raise NotFound
    return item


def add_question(scope: Scope, ask: Any, text: str, *, required: bool, options: Sequence[str]) -> None:
    """A question at the end. Raises QuestionnaireRefused for one that can't be asked."""
    item = questionnaires.new_item(ask, text, required=required, options=options)
    _change(scope, lambda form: questionnaires.add_item(form, item))


def change_question(scope: Scope, link_id: str, **changes: Any) -> None:
    """Other words, options or duty for a question. Raises QuestionnaireRefused or Refused."""
    _change(scope, lambda form: questionnaires.change_item(form, link_id, **changes))


def move_question(scope: Scope, link_id: str, direction: str) -> None:
    """A question one place up or down. Raises Refused("item_missing")."""
    _change(scope, lambda form: questionnaires.move_item(form, link_id, cast("Direction", direction)))


def remove_question(scope: Scope, link_id: str) -> None:
    """Without this question; answers given to it stay with their version."""
    _change(scope, lambda form: questionnaires.remove_item(form, link_id))


def import_form(scope: Scope, raw: Any, value_sets: Any = None) -> Sequence[Any]:
    """The questions out of a FHIR Questionnaire, as the draft; returns notes on what came in otherwise.

    It becomes the provider's own form, which says what it was derived from. Raises
    QuestionnaireRefused, and then nothing is changed.
    """
    read, notes = questionnaires.import_questionnaire(raw, value_sets)
    kept = {name: value for name, value in read.kept.items() if name not in ("id", "meta")}
    made = replace(
        read,
        url=f"{URL}:{scope.provider_id}",
        version="",
        kept={**kept, "derivedFrom": [read.canonical]},
        status="draft",
    )
    _change(scope, lambda _form: made)
    found: Sequence[Any] = notes
    return found


def export_form(scope: Scope) -> dict[str, Any] | None:
    """What clients are asked now as a FHIR R4 Questionnaire, None while there are no questions."""
    row = active_form(scope)
    if row is None:
        return None
    written: dict[str, Any] = questionnaires.write_questionnaire(
        questionnaires.read_questionnaire(scope.one(IntakeForm, row.id).questionnaire)
    )
    return written


def publish(scope: Scope, title: str) -> None:
    """Ask the draft from now on; intakes begun carry over what is still asked.

    Raises QuestionnaireRefused while it asks nothing.
    """
    with transaction():
        row = _newest(scope)
        if row is None or row.status != "draft":
            return
        drafted = questionnaires.read_questionnaire(row.questionnaire)
        made = questionnaires.new_version(_titled(drafted, title, row.version - 1))
        active = (IntakeForm.status == "active") & (IntakeForm.series == QUESTIONS)
        scope.update(IntakeForm, status="retired").where(active).execute()
        written = questionnaires.write_questionnaire(made)
        scope.change(row, status="active", questionnaire=written, changed_at=now())
        note(scope, "intake.form_published", row, version=row.version)


def _titled(form: Any, title: str, version: int) -> Any:
    return replace(form, title=title or form.title, version=str(version))


def _change(scope: Scope, act: Callable[[Any], Any]) -> None:
    with transaction():
        changed = act(design(scope)[0])
        written = questionnaires.write_questionnaire(changed)
        row = _newest(scope)
        if row is not None and row.status == "draft":
            scope.change(row, questionnaire=written, changed_at=now())
        else:
            scope.add(
                IntakeForm,
                version=next_version(scope),
                status="draft",
                questionnaire=written,
                changed_at=now(),
            )


def _newest(scope: Scope) -> IntakeForm | None:
    rows = scope.rows(IntakeForm).where(IntakeForm.series == QUESTIONS)
    found: IntakeForm | None = rows.order_by(IntakeForm.version.desc()).first()
    return found


def next_version(scope: Scope) -> int:
    """The number of the next version; all series of a provider count together."""
    newest = scope.rows(IntakeForm, IntakeForm.version).order_by(IntakeForm.version.desc()).first()
    return 1 if newest is None else int(newest.version) + 1
