"""The rows of mood check-in."""

from __future__ import annotations

from vestibule.data import Day, Id, Moment, SealedJson, TenantModel


class Checkin(TenantModel):
    """How a client was on one day of their own calendar: `told` has a score from 1 to 5."""

    client_id = Id()
    told_on = Day()
    told = SealedJson()
    told_at = Moment()

    class Meta:
        table_name = "mood_checkin"
