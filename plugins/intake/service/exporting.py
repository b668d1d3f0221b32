"""What intake keeps about a client, for them to read."""

from __future__ import annotations

from plugins.intake.models import Intake, IntakeForm
from vestibule.data import DataSection, Scope


def own_sections(scope: Scope, title: str) -> list[DataSection]:
    """What was filled in, as FHIR responses, and the questions that were asked."""
    intakes = list(scope.rows(Intake).order_by(Intake.begun_at))
    asked = {form.id: form.questionnaire for form in scope.rows(IntakeForm)}
    rows = tuple(
        {
            "status": row.status,
            "begun_at": row.begun_at.isoformat(),
            "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
            "about_you": row.about_you,
            "questions": asked.get(row.form_id),
            "answers": row.answers,
        }
        for row in intakes
    )
    return [DataSection("intake", title, rows)]
