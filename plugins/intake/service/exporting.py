"""What intake keeps about a client, for them to read."""

from __future__ import annotations

from typing import Any

from plugins.intake.models import EarlierIntake, FormRequest, Intake, IntakeForm
from vestibule.data import DataSection, Scope


def own_sections(scope: Scope, title: str, forms_title: str) -> list[DataSection]:
    """What was filled in, as FHIR responses, and the questions that were asked."""
    intakes = list(scope.rows(Intake).order_by(Intake.begun_at))
    earlier = list(scope.rows(EarlierIntake).order_by(EarlierIntake.submitted_at))
    asked = {form.id: form.questionnaire for form in scope.rows(IntakeForm)}
    rows = tuple(
        {
            "status": row.status,
            "begun_at": row.begun_at.isoformat(),
            **_answered(row, asked),
            "before_it_was_sent_back": [
                {**_answered(one, asked), "sent_back_at": one.returned_at.isoformat(), "note": one.note}
                for one in earlier
                if one.intake_id == row.id
            ],
        }
        for row in intakes
    )
    sections = [DataSection("intake", title, rows)]
    if forms := _forms(scope, asked):
        sections.append(DataSection("forms", forms_title, forms))
    return sections


def _answered(row: Any, asked: dict[Any, Any]) -> dict[str, Any]:
    return {
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
        "about_you": row.about_you,
        "questions": asked.get(row.form_id),
        "answers": row.answers,
    }


def _forms(scope: Scope, asked: dict[Any, Any]) -> tuple[dict[str, Any], ...]:
    """The forms that were asked for: text, answers, signature, and what became of them."""

    def told(at: Any) -> str | None:
        return at.isoformat() if at else None

    return tuple(
        {
            "status": row.status,
            "asked_at": told(row.asked_at),
            "due_on": told(row.due_on),
            "sent_at": told(row.sent_at),
            "sent_back_with": row.note,
            "fingerprint": row.fingerprint,
            "valid_until": told(row.expires_on),
            "withdrawn_at": told(row.withdrawn_at),
            "questions": asked.get(row.form_id),
            "answers": row.answers,
            "before_it_was_sent_back": row.sent_answers,
        }
        for row in scope.rows(FormRequest).order_by(FormRequest.asked_at)
    )
