"""Submitting: everything that follows happens once, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from plugins.intake.models import Intake
from plugins.intake.service.filling import PARTS, open_work
from plugins.intake.service.queueing import Told, note_content, queue_filings
from plugins.intake.service.record_form import is_connected
from plugins.intake.service.returning import last_earlier, told_anew
from vestibule.data import (
    Scope,
    client_record,
    demographics,
    fill_demographics,
    hint,
    note,
    now,
    questionnaires,
    reading,
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
    # Whoever keeps the record is asked outside of the transaction; what it gets waits in the outbox.
    has_record = is_connected(scope.narrow(client_record(scope, client_id).provider_id))
    with transaction():
        work = _settled(open_work(scope, client_id))
        if work.is_submitted:
            return []
        faults = _faults(work)
        if faults:
            return faults
        inner = scope.narrow(work.client.provider_id)
        if _claim(inner, work):
            _follow(inner, work, has_record=has_record)
    return []


def _follow(scope: Scope, work: Any, *, has_record: bool) -> None:
    """What follows from a submission, the first and each one after it was sent back."""
    client_id, earlier = work.client.id, last_earlier(scope, work.intake)
    told, before = questionnaires.demographics_of(work.told), demographics(scope, client_id)
    anew = told_anew(told, earlier)
    fill_demographics(scope, client_id, anew)
    if has_record:
        queue_filings(scope, work.intake, Told(told, anew, before), _note_of(scope, work))
    kind = "submitted" if earlier is None else "resubmitted"
    key = str(client_id) if earlier is None else f"{client_id}:{earlier.returned_at.isoformat()}"
    send_system_message(scope, client_id, f"intake.{kind}", key=key)
    note(scope, "intake.submitted", work.intake)
    hint(scope, "intake", client_id=client_id)


def _settled(work: Any) -> Any:
    """With what is worked out, and without answers to what is not asked in the end."""
    if work.is_submitted:
        return work
    settled = {}
    for part, column in (("questions", "answers"), ("record", "record_answers")):
        questionnaire, response = work.of(part)
        if questionnaire is not None:
            settled[column] = questionnaires.settle(questionnaire, response)
    return replace(work, **settled)


def _faults(work: Any) -> list[tuple[str, Any]]:
    found = []
    for part in PARTS:
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
    scope.change(
        work.intake,
        about_you=questionnaires.write_response(told),
        answers=_completed(work.answers, at),
        form_id=work.form.id if work.form else None,
        record_answers=_completed(work.record_answers, at),
        record_form_id=work.record_form.id if work.record_form else None,
        submitted_at=at,
    )
    return True


def _completed(response: Any, at: Any) -> Any:
    return None if response is None else questionnaires.write_response(questionnaires.completed(response, at))


def _note_of(scope: Scope, work: Any) -> dict[str, Any] | None:
    """The form for the record as a note: every question with its answer, in the practice's language."""
    if work.record_questions is None:
        return None
    with reading(scope.provider.locale, scope.provider.zone):
        sections = questionnaires.answers_by_section(work.record_questions, work.record_answers, blanks="-")
    parts = []
    for section, pairs in sections:
        heading = [section.title] if section.title else []
        parts += [*heading, *(f"{question}\n{answer}" for question, answer in pairs)]
    title = work.record_questions.title
    text = "\n\n".join(parts)
    return note_content(title, text, work.intake.record_answers, work.intake.submitted_at)
