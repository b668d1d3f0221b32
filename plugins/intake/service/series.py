"""The forms of the practice: made from a starter, listed, retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from plugins.intake.models import FormRequest, FormSeries, IntakeForm
from plugins.intake.service.designing import OWN, URL, change_form, import_form
from vestibule.data import NotFound, Scope, new_id, note, now, questionnaires, transaction

STATUSES = ("draft", "active")
OPEN = ("asked", "begun", "returned")


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in the list: whether it is asked now, and whether it stands changed and not published."""

    series: FormSeries
    is_published: bool
    is_changed: bool


def form_lines(scope: Scope) -> list[FormLine]:
    """All forms that are not retired, by title."""
    columns = (IntakeForm.id, IntakeForm.series, IntakeForm.status)
    versions = list(scope.rows(IntakeForm, *columns).where(IntakeForm.series.not_in(OWN)))
    found = {status: {row.series for row in versions if row.status == status} for status in STATUSES}
    rows = scope.rows(FormSeries).where(FormSeries.retired_at.is_null()).order_by(FormSeries.title)
    return [FormLine(row, str(row.id) in found["active"], str(row.id) in found["draft"]) for row in rows]


def published_series(scope: Scope) -> list[FormSeries]:
    """The forms that can be asked, by title."""
    return [line.series for line in form_lines(scope) if line.is_published]


def series_of(scope: Scope, series_id: UUID) -> FormSeries:
    """A form that is not retired. Raises NotFound."""
    row: FormSeries = scope.one(FormSeries, series_id)
    if row.retired_at is not None:
        raise NotFound
    return row


def begin_form(scope: Scope, title: str, *, is_consent: bool, items: Any = ()) -> UUID:
    """A new form as a draft, with the items of a starter; a consent is signed. Returns its id.

    Raises QuestionnaireRefused for a title that can't be shown.
    """
    series_id = new_id()
    made = questionnaires.new_questionnaire(f"{URL}:{series_id}", title)
    made = replace(made, items=tuple(items), signature=is_consent)
    questionnaires.verify(made)
    kind = "consent" if is_consent else "form"
    with transaction():
        scope.add(FormSeries, id=series_id, kind=kind, title=made.title, created_at=now())
        change_form(scope, lambda _form: made, str(series_id))
    return series_id


def bring_form(
    scope: Scope, raw: Any, value_sets: Any = None, *, is_consent: bool = False
) -> tuple[UUID, Sequence[Any]]:
    """A new form out of a FHIR Questionnaire, as a draft: its id, and notes on what came in otherwise.

    Raises QuestionnaireRefused, and then there is none.
    """
    read, _notes = questionnaires.import_questionnaire(raw, value_sets)
    with transaction():
        made = begin_form(scope, read.title, is_consent=is_consent)
        return made, import_form(scope, raw, value_sets, str(made))


def retire_form(scope: Scope, series_id: UUID) -> None:
    """Ask it no more: what was sent stays, what is still open is let go. Raises NotFound."""
    with transaction():
        row = series_of(scope, series_id)
        scope.change(row, retired_at=now())
        scope.update(IntakeForm, status="retired").where(
            (IntakeForm.series == str(series_id)) & (IntakeForm.status != "retired")
        ).execute()
        still_open = (FormRequest.series_id == series_id) & FormRequest.status.in_(OPEN)
        scope.delete(FormRequest).where(still_open & FormRequest.answers.is_null()).execute()
        let_go = scope.update(FormRequest, status="withdrawn", blocks=False, withdrawn_at=now())
        let_go.where(still_open).execute()
        scope.update(FormRequest, again_on=None).where(FormRequest.series_id == series_id).execute()
        note(scope, "intake.form_retired", row)
