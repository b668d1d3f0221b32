"""What the practice does with a form that came in: read, accept, send back with a note."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from plugins.intake.models import FormRequest, FormSeries, IntakeForm
from plugins.intake.service.answering import Paper, paper_of
from plugins.intake.service.designing import read_form
from plugins.intake.service.requests import Asked
from vestibule.data import (
    NotFound,
    Refused,
    Scope,
    client_record,
    hint,
    note,
    now,
    questionnaires,
    send_system_message,
    transaction,
)


def paper_sent(scope: Scope, client_id: UUID, request_id: UUID) -> Paper:
    """One request of a client with its answers, open ones too. Raises NotFound.

    While the client mends one that was sent back, it is what they sent before.
    """
    client = client_record(scope, client_id)
    row: FormRequest = scope.one(FormRequest, request_id)
    if row.client_id != client.id:
        raise NotFound
    series: FormSeries = scope.one(FormSeries, row.series_id)
    asked = Asked(client, series, row, row.due_on)
    if row.status != "returned" or row.sent_form_id is None:
        return paper_of(scope, asked)
    form: IntakeForm = scope.one(IntakeForm, row.sent_form_id)
    sent = questionnaires.read_kept_response(row.sent_answers)
    return Paper(asked, form, read_form(scope, form), sent)


def accept(scope: Scope, client_id: UUID, request_id: UUID) -> None:
    """Say that all is well. Raises NotFound, and Refused("not_sent") for what is not waiting for it."""
    with transaction():
        row = _waiting(scope, client_id, request_id)
        scope.change(row, status="accepted", looked_at=now())
        note(scope, "intake.form_accepted", row)
        hint(scope, "intake", client_id=client_id)


def send_back(scope: Scope, client_id: UUID, request_id: UUID, words: str) -> None:
    """Ask the client to mend it; `words` say what. What was sent stays as it was, signature and all.

    The client goes on with a copy of it, to be signed anew.

    Raises NotFound, and Refused("not_sent") for what is not waiting.
    """
    with transaction():
        row = _waiting(scope, client_id, request_id)
        before = questionnaires.read_kept_response(row.answers)
        unsigned = replace(before, signature=None, status="in-progress", authored_at=None)
        answers = questionnaires.write_response(unsigned)
        kept = {"sent_answers": row.answers, "sent_form_id": row.form_id}
        values = {"answers": answers, "note": words, "looked_at": now(), "again_on": None, "passed": []}
        scope.change(row, status="returned", **kept, **values)
        title = scope.one(FormSeries, row.series_id).title
        facts = {"title": title, "series_id": str(row.series_id)}
        key = f"{row.id}:{row.sent_at.isoformat()}"
        send_system_message(scope, client_id, "intake.form_returned", key=key, facts=facts, audience="both")
        note(scope, "intake.form_returned", row)
        hint(scope, "intake", client_id=client_id)


def _waiting(scope: Scope, client_id: UUID, request_id: UUID) -> FormRequest:
    row: FormRequest = scope.one(FormRequest, request_id)
    if row.client_id != client_record(scope, client_id).id:
        raise NotFound
    if row.status != "sent":
        raise Refused("not_sent")
    return row
