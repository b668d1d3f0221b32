"""Sending the intake back: what came in stays as it was, and the client mends a copy of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from plugins.intake.models import EarlierIntake, Intake
from plugins.intake.service.merging import PARTS, UNSAID
from vestibule.data import (
    Demographics,
    NotFound,
    Refused,
    Scope,
    client_record,
    hint,
    locked,
    note,
    now,
    questionnaires,
    send_system_message,
    transaction,
)

RESPONSES = ("about_you", "answers", "record_answers")
OF_SUBMISSION = (*RESPONSES, "form_id", "record_form_id", "submitted_at")


def send_intake_back(scope: Scope, client_id: UUID, words: str, *, blocks: bool) -> None:
    """Ask the client to mend the intake; `words` say what, `blocks` whether scheduling waits for it.

    Raises NotFound, and Refused("not_sent") for an intake that is not submitted.
    """
    client, at = client_record(scope, client_id), now()
    with transaction():
        row = locked(scope.rows(Intake).where(Intake.client_id == client.id)).first()
        if row is None:
            raise NotFound
        if row.status != "submitted":
            raise Refused("not_sent")
        kept = {name: getattr(row, name) for name in OF_SUBMISSION}
        told = {"client_id": client.id, "intake_id": row.id, "note": words, "returned_at": at}
        scope.add(EarlierIntake, **told, **kept)
        opened = {name: _opened(kept[name]) for name in RESPONSES}
        scope.change(row, status="begun", returned_at=at, blocks=blocks, **opened)
        key = f"{row.id}:{at.isoformat()}"
        send_system_message(scope, client.id, "intake.returned", key=key, audience="both")
        note(scope, "intake.returned", row)
        hint(scope, "intake", client_id=client.id)


def _opened(kept: Any) -> Any:
    """A response to go on with; what was signed is signed anew."""
    if kept is None:
        return None
    before = questionnaires.read_kept_response(kept)
    return questionnaires.write_response(
        replace(before, signature=None, status="in-progress", authored_at=None)
    )


def last_earlier(scope: Scope, intake: Intake | None) -> EarlierIntake | None:
    """What came in before this intake was sent back last, with the note; None if it never was."""
    if intake is None or intake.returned_at is None:
        return None
    rows = scope.rows(EarlierIntake).where(EarlierIntake.intake_id == intake.id)
    found: EarlierIntake | None = rows.order_by(EarlierIntake.returned_at.desc()).first()
    return found


def told_anew(told: Demographics, earlier: EarlierIntake | None) -> Demographics:
    """The parts that the client changed since the intake was sent back, the others blank.

    What they left as it was must not undo what was corrected meanwhile. The first time it is everything.
    """
    if earlier is None:
        return told
    before = questionnaires.demographics_of(questionnaires.read_kept_response(earlier.about_you))
    changed = {name: getattr(told, name) for name in PARTS if getattr(told, name) != getattr(before, name)}
    return replace(UNSAID, **changed)
