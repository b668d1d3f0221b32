"""Submitting: everything that follows happens once, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from plugins.intake.models import Intake, IntakeForm
from plugins.intake.service.filling import open_work, read_form
from vestibule.data import (
    Scope,
    fill_demographics,
    hint,
    note,
    now,
    questionnaires,
    retrying,
    send_system_message,
    transaction,
)


@retrying
def submit(scope: Scope, client_id: UUID) -> list[tuple[str, Any]]:
    """Submit what was filled in; a second time changes nothing.

    Returns what is still missing or wrong as (part, fault); nothing is submitted then.
    Raises NotFound outside the scope or where no intake is asked.
    """
    with transaction():
        work = _settled(open_work(scope, client_id))
        if work.is_submitted:
            return []
        faults = _faults(work)
        if faults:
            return faults
        inner = scope.narrow(work.client.provider_id)
        if _claim(inner, work):
            told = questionnaires.demographics_of(work.told)
            fill_demographics(inner, client_id, told)
            send_system_message(inner, client_id, "intake.submitted", key=str(client_id))
            note(inner, "intake.submitted", work.intake)
            hint(inner, "intake", client_id=client_id)
    return []


def _settled(work: Any) -> Any:
    """With what is worked out, and without answers to what is not asked in the end."""
    if work.is_submitted or work.questions is None:
        return work
    return replace(work, answers=questionnaires.settle(work.questions, work.answers))


def _faults(work: Any) -> list[tuple[str, Any]]:
    found = []
    for part in ("about-you", "questions"):
        questionnaire, response = work.of(part)
        if questionnaire is not None:
            faults = questionnaires.check(questionnaire, response, complete=True)
            found += [(part, fault) for fault in faults]
    return found


def _claim(scope: Scope, work: Any) -> bool:
    """Turn begun into submitted; False when another device was first."""
    if work.intake is None:
        return False
    at = now()
    mine = (Intake.id == work.intake.id) & (Intake.status == "begun")
    if scope.update(Intake, status="submitted", submitted_at=at).where(mine).execute() == 0:
        return False
    told = questionnaires.completed(work.told, at)
    answers = None if work.answers is None else questionnaires.completed(work.answers, at)
    scope.change(
        work.intake,
        about_you=questionnaires.write_response(told),
        answers=None if answers is None else questionnaires.write_response(answers),
        form_id=work.form.id if work.form else None,
    )
    return True


def sent_files(scope: Scope, client_id: UUID) -> list[Any]:
    """The files among the answers to the provider's own questions, in the order of the form."""
    row = scope.rows(Intake).where(Intake.client_id == client_id).first()
    if row is None or row.status != "submitted" or not row.answers:
        return []
    values = questionnaires.read_kept_response(row.answers).answers.values()
    return [one for given in values for one in given if isinstance(one, questionnaires.Attachment)]


def other_information(scope: Scope, client_id: UUID) -> tuple[Any, list[tuple[str, str]]]:
    """When the intake was submitted, and the custom fields as question and answer."""
    row = scope.rows(Intake).where(Intake.client_id == client_id).first()
    if row is None or row.status != "submitted":
        return None, []
    if not row.form_id or not row.answers:
        return row.submitted_at, []
    form = scope.one(IntakeForm, row.form_id)
    questions = read_form(scope, form)
    answers = questionnaires.read_kept_response(row.answers)
    return row.submitted_at, questionnaires.answers_in_words(questions, answers, blanks="-")
