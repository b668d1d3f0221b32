"""The rows of the practice's side."""

from __future__ import annotations

from core.db import Id, Moment, TenantModel


class Look(TenantModel):
    """When a member last looked at Today; news counts from the look before that."""

    member_id = Id()
    since_at = Moment()
    seen_at = Moment()

    class Meta:
        table_name = "practice_look"
