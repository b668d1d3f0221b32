"""The rows of appointments; migrations/ has their constraints, guards.sql the one that decides."""

from __future__ import annotations

from core.db import Blind, Day, Flag, Id, Moment, Number, Sealed, TenantModel, Words

PLACES = ("office", "phone", "video")


class AppointmentType(TenantModel):
    """What can be booked; `minutes_before` and `minutes_after` are held but not shown."""

    title = Sealed()
    minutes = Number()
    minutes_before = Number(default=0)
    minutes_after = Number(default=0)
    place = Words()
    how_to_join = Sealed(null=True)
    book_notice_hours = Number(default=0)
    cancel_notice_hours = Number(default=0)
    late_note = Sealed(null=True)
    is_first_visit = Flag(default=False)
    is_for_clients = Flag(default=True)
    created_at = Moment()
    retired_at = Moment(null=True)

    class Meta:
        table_name = "appointments_type"


class TypeMember(TenantModel):
    """A clinician who offers a type."""

    type_id = Id()
    member_id = Id()

    class Meta:
        table_name = "appointments_type_member"


class Hours(TenantModel):
    """Wall-clock minutes of a weekday, Monday 0, in the provider's zone."""

    member_id = Id()
    weekday = Number()
    from_minute = Number()
    to_minute = Number()

    class Meta:
        table_name = "appointments_hours"


class HoursException(TenantModel):
    """Days that differ from the week; without a member it holds for everybody."""

    member_id = Id(null=True)
    first_on = Day()
    last_on = Day()
    is_open = Flag()
    from_minute = Number(default=0)
    to_minute = Number(default=1440)

    class Meta:
        table_name = "appointments_exception"


class Resource(TenantModel):
    """What is held for a time, and the row that a booking locks first."""

    member_id = Id(null=True)

    class Meta:
        table_name = "appointments_resource"


class Appointment(TenantModel):
    """An appointment without its buffers; what was agreed at booking is kept in the row."""

    client_id = Id()
    member_id = Id()
    type_id = Id()
    title = Sealed()
    place = Words()
    from_at = Moment()
    to_at = Moment()
    cancel_until_at = Moment()
    late_note = Sealed(null=True)
    state = Words()
    sequence = Number(default=0)
    request_key = Blind()
    booked_at = Moment()
    booked_by = Id(null=True)
    changed_at = Moment()
    cancelled_at = Moment(null=True)
    cancelled_by_kind = Words(default="")

    class Meta:
        table_name = "appointments_appointment"


class Occupancy(TenantModel):
    """A time that is held, buffers inside; the overlap constraint stands on this table."""

    resource_id = Id()
    appointment_id = Id()
    from_at = Moment()
    to_at = Moment()

    class Meta:
        table_name = "appointments_occupancy"
