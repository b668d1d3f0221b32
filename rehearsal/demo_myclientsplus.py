"""What the demo writes for the plugin myclientsplus: notes, charges, payments; left out with the plugin."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

from core import clock, subscriptions
from core.appointments.models import Appointment
from plugins.myclientsplus import service
from rehearsal import people
from rehearsal.demo_data import Practice, scope_of
from vestibule.data import Scope, records

FEE = 8_000
UNPAID = 3
WEEKS_BACK = 6


def fill(practice: Practice, chance: random.Random) -> None:
    """A record for the provider who has My Clients Plus; the demo's client has three sessions unpaid."""
    if not subscriptions.on(practice.scope.provider_id, {"MCP"}, "myclientsplus"):
        return
    lena = scope_of(practice, None)
    for client in practice.clients:
        if client.given_name == "Nico":
            continue
        visits = _visits(practice, client.id) if client.given_name != "Carla" else _weekly(practice)
        for number, at in enumerate(visits):
            words = people.NOTES[(number + len(client.given_name)) % len(people.NOTES)]
            is_paid = number < len(visits) - UNPAID if client.given_name == "Carla" else chance.random() < 0.8
            _note(lena, client.id, at, words)
            _charge(lena, client.id, at, number, is_paid=is_paid)


def _visits(practice: Practice, client_id: UUID) -> list[datetime]:
    now = clock.now()
    rows = practice.scope.rows(Appointment).where(
        (Appointment.client_id == client_id) & (Appointment.to_at < now)
    )
    return [row.to_at for row in rows.order_by(Appointment.from_at)]


def _weekly(practice: Practice) -> list[datetime]:
    """A session a week for some weeks, at two in the afternoon."""
    two = clock.now().astimezone(practice.zone).replace(hour=14, minute=0, second=0, microsecond=0)
    return [two - timedelta(weeks=back) for back in range(WEEKS_BACK, 0, -1)]


def _note(lena: Scope, client_id: UUID, at: datetime, words: tuple[str, ...]) -> None:
    title, *paragraphs = words
    with clock.standing_at(at + timedelta(minutes=20)):
        body = "\n".join(paragraphs)
        row = service.begin_note(
            lena, client_id, kind="progress", title=title, body=body, written_at=clock.now()
        )
        service.sign_note(lena, client_id, row.id, row.version)


def _charge(lena: Scope, client_id: UUID, at: datetime, number: int, *, is_paid: bool) -> None:
    ledger = service.EmbeddedRecord(lena).ledger
    with clock.standing_at(at + timedelta(minutes=30)):
        key = f"demo:{client_id}:{number}"
        made = ledger.add_charge(client_id, records.Charge("Session", at.date(), FEE, "USD"), key=f"{key}:c")
    if is_paid:
        paid_at = at + timedelta(minutes=40)
        shares = (records.Share(made.ref, FEE),)
        with clock.standing_at(paid_at):
            told = records.Payment("payment", FEE, "USD", paid_at, "card", shares)
            ledger.record_payment(client_id, told, key=f"{key}:p")
