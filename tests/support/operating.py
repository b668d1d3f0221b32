"""What an operator finds on a bad day: a plugin that is gone, a delivery given up and one dropped."""

from __future__ import annotations

from uuid import UUID

from core import clock, db, outbox
from core.operators.service import known
from core.outbox import Outbox
from core.subscriptions import KnownPlugin
from core.tenancy import Scope

GONE = "gone"
SYSTEM = Scope.system("test")


def lose_a_plugin(name: str = GONE, needs: tuple[str, ...] = ("CP",)) -> None:
    """A plugin was here and is gone; it had no gate, so that nothing else is touched."""
    now = clock.now()
    seen = {"title": "Signed consent", "version": "1.0", "needs": list(needs), "gates": []}
    with db.transaction():
        SYSTEM.add(KnownPlugin, name=name, first_seen_at=now, last_seen_at=now, **seen)
    known.note_absent()


def spoil_deliveries(provider_id: UUID) -> UUID:
    """One delivery given up and one dropped; returns the id of the first."""
    now = clock.now()
    told = {"parked_at": now, "error": "PluginRefused", "tries": outbox.TRIES}
    with db.transaction():
        for n, target in enumerate((f"{GONE}:appointment_booked", "inbox/message")):
            kind = "event" if ":" in target else "mail"
            outbox.put(SYSTEM, kind, target, f"spoilt:{n}", {}, provider_id=provider_id)
        event, letter = Outbox.key == "spoilt:0", Outbox.key == "spoilt:1"
        SYSTEM.update(Outbox, **told).where(event).execute()
        SYSTEM.update(Outbox, dropped_at=now, error="join_ended").where(letter).execute()
    row = SYSTEM.rows(Outbox, Outbox.id).where(event).get()
    found: UUID = row.id
    return found
