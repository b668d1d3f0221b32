"""The rows of intake."""

from __future__ import annotations

from vestibule.data import Id, Json, Moment, Number, SealedJson, TenantModel, Words


class IntakeForm(TenantModel):
    """A version of the provider's own questions; the newest may be a draft."""

    version = Number()
    status = Words()
    questionnaire = Json()
    changed_at = Moment()

    class Meta:
        table_name = "intake_form"


class Intake(TenantModel):
    """What one client filled in: two FHIR QuestionnaireResponses."""

    client_id = Id()
    form_id = Id(null=True)
    status = Words()
    about_you = SealedJson(null=True)
    answers = SealedJson(null=True)
    passed = Json(default=list)
    begun_at = Moment()
    saved_at = Moment()
    submitted_at = Moment(null=True)

    class Meta:
        table_name = "intake_intake"
