"""Whether clients could find anything to book, and what keeps them from it."""

from __future__ import annotations

from dataclasses import dataclass

from core.appointments.models import Hours
from core.appointments.service.types import offered_types
from core.tenancy import Member, Scope


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is there; both are needed before a client can book."""

    has_hours: bool
    has_types: bool


def readiness(scope: Scope) -> Readiness:
    """What the provider has set up, counting only who is still there."""
    hours = (
        scope.rows(Hours, Hours.id)
        .join(Member, on=(Hours.member_id == Member.id))
        .where(Member.removed_at.is_null())
    )
    return Readiness(hours.exists(), bool(offered_types(scope)))
