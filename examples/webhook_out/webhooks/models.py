"""The rows of webhooks."""

from __future__ import annotations

from vestibule.data import Id, Moment, Number, TenantModel, Words


class Delivery(TenantModel):
    """One event on its way to the practice's address; `outcome` is a status or a code."""

    appointment_id = Id()
    event = Words()
    sequence = Number()
    tries = Number()
    outcome = Words()
    tried_at = Moment()
    done_at = Moment(null=True)

    class Meta:
        table_name = "webhooks_delivery"
