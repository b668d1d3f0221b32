"""The rows of intake."""

from __future__ import annotations

from vestibule.data import Id, Json, Moment, Number, SealedJson, TenantModel, Words


class IntakeForm(TenantModel):
    """A version of the provider's own questions, or of those for the practice's record (`series`).

    The newest of a series may be a draft.
    """

    version = Number()
    status = Words()
    series = Words(default="questions")
    questionnaire = Json()
    changed_at = Moment()

    class Meta:
        table_name = "intake_form"


class Intake(TenantModel):
    """What one client filled in: FHIR QuestionnaireResponses, one for each part."""

    client_id = Id()
    form_id = Id(null=True)
    status = Words()
    about_you = SealedJson(null=True)
    answers = SealedJson(null=True)
    record_form_id = Id(null=True)
    record_answers = SealedJson(null=True)
    passed = Json(default=list)
    begun_at = Moment()
    saved_at = Moment()
    submitted_at = Moment(null=True)

    class Meta:
        table_name = "intake_intake"


class Filing(TenantModel):
    """What one submission brings to the practice's record.

    `told` is what to write; of demographics `before` is what the portal knew until then, and `theirs` what
    the record holds where a person has to decide.
    """

    client_id = Id()
    intake_id = Id()
    kind = Words()
    state = Words()
    told = SealedJson()
    before = SealedJson(null=True)
    theirs = SealedJson(null=True)
    error = Words(default="")
    round = Number(default=0)
    queued_at = Moment()
    filed_at = Moment(null=True)

    class Meta:
        table_name = "intake_filing"
