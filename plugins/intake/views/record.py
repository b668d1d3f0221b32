"""The tab Other Information of a client's record."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from plugins.intake import service
from vestibule.data import client_record, note_read
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
        standing=service.standing(scope, client),
    )
