"""The rows of intake."""

from __future__ import annotations

from vestibule.data import Day, Flag, Id, Json, Moment, Number, Sealed, SealedJson, TenantModel, Words


class IntakeForm(TenantModel):
    """A version of one of the practice's forms; the newest of a series may be a draft.

    `series` is `questions` for the intake's own, `record` for those for the practice's record, else the
    id of a FormSeries; `version` counts over all of them.
    """

    version = Number()
    status = Words()
    series = Words(default="questions")
    questionnaire = Json()
    changed_at = Moment()

    class Meta:
        table_name = "intake_form"


class Intake(TenantModel):
    """What one client filled in: FHIR QuestionnaireResponses, one for each part.

    Sent back it is `begun` again since `returned_at`; `blocks` says whether scheduling waits for it.
    """

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
    returned_at = Moment(null=True)
    blocks = Flag(default=False)

    class Meta:
        table_name = "intake_intake"


class EarlierIntake(TenantModel):
    """What came in before the intake was sent back, as it was; `note` is what the client was told."""

    client_id = Id()
    intake_id = Id()
    form_id = Id(null=True)
    about_you = SealedJson()
    answers = SealedJson(null=True)
    record_form_id = Id(null=True)
    record_answers = SealedJson(null=True)
    submitted_at = Moment()
    note = Sealed()
    returned_at = Moment()

    class Meta:
        table_name = "intake_earlier"


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


class FormSeries(TenantModel):
    """A form of the practice beside the intake's own questions, through all its versions."""

    kind = Words()
    title = Words()
    created_at = Moment()
    retired_at = Moment(null=True)

    class Meta:
        table_name = "intake_series"


class Packet(TenantModel):
    """Which forms a kind of client is asked; `forms` are {"series": id, "yearly": bool}."""

    kind = Words()
    forms = Json()
    due_days = Number(null=True)
    changed_at = Moment()

    class Meta:
        table_name = "intake_packet"


class FormRequest(TenantModel):
    """A form that one client is asked to fill in, and what came of it.

    `form_id` is the version that was given; `fingerprint` is the SHA-256 of its text, set when it is
    sent; `expires_on` is until when a release holds, `again_on` when a yearly one is asked anew.
    `sent_answers` and `sent_form_id` are what was sent before it was sent back, as it was.
    """

    client_id = Id()
    series_id = Id()
    form_id = Id(null=True)
    status = Words()
    blocks = Flag()
    yearly = Flag()
    due_on = Day(null=True)
    answers = SealedJson(null=True)
    sent_answers = SealedJson(null=True)
    sent_form_id = Id(null=True)
    passed = Json(default=list)
    note = Sealed(null=True)
    fingerprint = Words(default="")
    expires_on = Day(null=True)
    again_on = Day(null=True)
    asked_at = Moment()
    saved_at = Moment(null=True)
    sent_at = Moment(null=True)
    looked_at = Moment(null=True)
    withdrawn_at = Moment(null=True)

    class Meta:
        table_name = "intake_request"
