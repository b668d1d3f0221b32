"""What came in, as it came in: the newest submission of an intake, and those that were sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from plugins.intake.models import EarlierIntake, Intake, IntakeForm
from plugins.intake.service.designing import read_form
from vestibule.data import Scope, questionnaires


@dataclass(frozen=True, slots=True)
class Submission:
    """The custom fields as question and answer, with the files among them; `note` where it was sent back."""

    submitted_at: datetime
    answers: list[tuple[str, str]]
    files: list[Any]
    note: str = ""
    returned_at: datetime | None = None


def submissions(scope: Scope, client_id: UUID) -> list[Submission]:
    """All that this client submitted, the newest first; while one is mended, what came in before it."""
    row = scope.rows(Intake).where(Intake.client_id == client_id).first()
    if row is None:
        return []
    newest = [_of(scope, row)] if row.status == "submitted" else []
    if row.returned_at is None:
        return newest
    rows = scope.rows(EarlierIntake).where(EarlierIntake.intake_id == row.id)
    earlier = rows.order_by(EarlierIntake.submitted_at.desc())
    return newest + [_of(scope, one, note=one.note, returned_at=one.returned_at) for one in earlier]


def _of(scope: Scope, row: Any, **returned: Any) -> Submission:
    if not row.form_id or not row.answers:
        return Submission(row.submitted_at, [], [], **returned)
    questions = read_form(scope, scope.one(IntakeForm, row.form_id))
    response = questionnaires.read_kept_response(row.answers)
    pairs = questionnaires.answers_in_words(questions, response, blanks="-")
    given = [one for values in response.answers.values() for one in values]
    files = [one for one in given if isinstance(one, questionnaires.Attachment)]
    return Submission(row.submitted_at, pairs, files, **returned)


def sent_files(scope: Scope, client_id: UUID) -> list[Any]:
    """The files among the answers to the provider's own questions, those of the newest submission first."""
    return [file for one in submissions(scope, client_id) for file in one.files]


def other_information(scope: Scope, client_id: UUID) -> tuple[Any, list[tuple[str, str]]]:
    """When the intake was submitted last, and the custom fields as question and answer."""
    found = submissions(scope, client_id)
    return (found[0].submitted_at, found[0].answers) if found else (None, [])
