"""What appointments erases of a client: what they were about; the times are the clinician's too."""

from __future__ import annotations

from core import db
from core.appointments.models import Appointment
from core.i18n import gettext as _
from core.spec.own_data import Erasure
from core.tenancy import Scope


def erase_appointments(scope: Scope) -> list[Erasure]:
    """Blank titles, notes and who booked; the rows stay, as a clinician's past and accounts hang on them."""
    rows = list(scope.rows(Appointment).where(Appointment.client_id == scope.client_id))
    with db.transaction():
        for row in rows:
            scope.change(row, title="", late_note=None, booked_by=None)
    why = _("The times stay in the clinician's calendar and for the practice's accounts, without a name.")
    return [Erasure(_("Appointments"), kept=len(rows), why=why if rows else "")]
