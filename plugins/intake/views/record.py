"""The tab Other Information of a client's record."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from plugins.intake import service
from plugins.intake.views.look import as_download
from vestibule.data import NotFound, client_record, note_read
from vestibule.web import Scope, record_page


def other_information(scope: Scope, client_id: UUID) -> Response:
    """What the client answered to the provider's own questions."""
    client = client_record(scope, client_id)
    note_read(scope, "intake.answers_read", client_id=client.id)
    submitted_at, answers = service.other_information(scope, client_id)
    return record_page(
        "intake/other_information.html",
        scope,
        client_id,
        submitted_at=submitted_at,
        answers=answers,
        files=service.sent_files(scope, client_id),
        standing=service.standing(scope, client),
        at_record=bool(service.filings_of(scope, client_id)),
    )


def sent_file(scope: Scope, client_id: UUID, number: int) -> Response:
    """One file that the client sent, to be kept by the reader; never shown as a page of ours."""
    client = client_record(scope, client_id)
    files = service.sent_files(scope, client_id)
    if not 1 <= number <= len(files):
        raise NotFound
    note_read(scope, "intake.answers_read", client_id=client.id)
    return as_download(files[number - 1], number)
