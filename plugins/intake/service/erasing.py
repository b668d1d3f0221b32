"""What intake erases of a client: the answers, whole; nothing hangs on them."""

from __future__ import annotations

from plugins.intake.models import EarlierIntake, Filing, FormRequest, Intake
from vestibule.data import ClientRecord, Erasure, Scope, transaction


def erase_intake(scope: Scope, client: ClientRecord, title: str) -> list[Erasure]:
    """Delete what was filled in and signed, with files and what was on its way to the record; forms stay."""
    with transaction():
        scope.delete(Filing).where(Filing.client_id == client.id).execute()
        forms = scope.delete(FormRequest).where(FormRequest.client_id == client.id).execute()
        scope.delete(EarlierIntake).where(EarlierIntake.client_id == client.id).execute()
        count = scope.delete(Intake).where(Intake.client_id == client.id).execute()
    return [Erasure(title, count + forms)]
