"""What intake erases of a client: the answers, whole; nothing hangs on them."""

from __future__ import annotations

from plugins.intake.models import Filing, Intake
from vestibule.data import ClientRecord, Erasure, Scope, transaction


def erase_intake(scope: Scope, client: ClientRecord, title: str) -> list[Erasure]:
    """Delete what was filled in, with its files and what was on its way to the record; questions stay."""
    with transaction():
        scope.delete(Filing).where(Filing.client_id == client.id).execute()
        count = scope.delete(Intake).where(Intake.client_id == client.id).execute()
    return [Erasure(title, count)]
