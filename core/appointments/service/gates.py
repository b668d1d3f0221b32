"""The gates as they are asked before any time is chosen."""

from __future__ import annotations

from uuid import UUID

from core import hooks
from core.appointments.models import Appointment
from core.spec.types import Obstacle
from core.tenancy import Scope
from core.tenancy.charts import client_record


def obstacles_before_search(scope: Scope) -> dict[UUID, list[Obstacle]]:
    """What stands before searching at each provider of a client; open ones are absent."""
    found = {}
    for provider_id, client_id in scope.clients.items():
        one = scope.narrow(provider_id)
        client = client_record(one, client_id)
        obstacles = hooks.obstacles("booking_obstacles", one, client=client, slot=None)
        if obstacles:
            found[provider_id] = obstacles
    return found


def is_new_and_free(scope: Scope) -> bool:
    """Whether a client has never had an appointment and may search for the first one."""
    if scope.rows(Appointment, Appointment.id).exists():
        return False
    return len(obstacles_before_search(scope)) < len(scope.clients)
