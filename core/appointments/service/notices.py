"""Neutral mail about an appointment, to the client and the clinician, in the act's transaction."""

from __future__ import annotations

from core import live, mail
from core.appointments.models import Appointment
from core.tenancy import Client, Member, Scope


def tell_both(scope: Scope, event: str, appointment: Appointment) -> None:
    """Queue `booked`, `moved` or `cancelled`; whoever did it as the clinician isn't told again.

    Open pages of both are woken.
    """
    live.hint(scope.narrow(appointment.provider_id), "appointments", client_id=appointment.client_id)
    key = f"appointments.{event}:{appointment.id}:{appointment.sequence}"
    client = scope.one(Client, appointment.client_id)
    _tell_client(scope, event, appointment, client, key)
    member = scope.one(Member, appointment.member_id)
    if member.removed_at is None and member.account_id != scope.account_id:
        mail.queue(
            scope,
            f"appointments/{event}_clinician",
            to_account_id=member.account_id,
            key=f"{key}:clinician",
            provider_id=appointment.provider_id,
            appointment_id=appointment.id,
            from_at=appointment.from_at,
        )


def _tell_client(scope: Scope, event: str, appointment: Appointment, client: Client, key: str) -> None:
    values = {
        "key": f"{key}:client",
        "provider_id": appointment.provider_id,
        "appointment_id": appointment.id,
        "from_at": appointment.from_at,
    }
    template = f"appointments/{event}"
    if client.account_id is not None and client.joined_at is not None:
        mail.queue(scope, template, to_account_id=client.account_id, has_portal=True, **values)
    elif client.email:
        mail.queue(scope, template, to_address=client.email, has_portal=False, **values)
