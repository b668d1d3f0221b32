"""What appointments keeps about a client, for them to read."""

from __future__ import annotations

from core.appointments.models import Appointment
from core.i18n import gettext as _
from core.spec.own_data import DataSection
from core.tenancy import Member, Scope


def own_sections(scope: Scope) -> list[DataSection]:
    """Every appointment, oldest first, cancelled ones too."""
    names = {member.id: member.name for member in scope.rows(Member)}
    rows = tuple(
        {
            "title": row.title,
            "from_at": row.from_at.isoformat(),
            "to_at": row.to_at.isoformat(),
            "with": names.get(row.member_id, ""),
            "place": row.place,
            "state": row.state,
            "booked_at": row.booked_at.isoformat(),
            "cancelled_at": row.cancelled_at.isoformat() if row.cancelled_at else None,
        }
        for row in scope.rows(Appointment).order_by(Appointment.from_at, Appointment.id)
    )
    return [DataSection("appointments", _("Appointments"), rows)]
