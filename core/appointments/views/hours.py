"""Settings: a clinician's weekly hours, and the days that differ."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from core import i18n
from core.appointments.forms import ExceptionForm, HoursForm
from core.appointments.service import (
    add_exception as add_exception_of,
)
from core.appointments.service import (
    add_hours,
    clinicians,
    hours_of,
)
from core.appointments.service import (
    remove_exception as remove_exception_of,
)
from core.appointments.service import (
    remove_hours as remove_hours_of,
)
from core.appointments.service.hours import may_set_hours
from core.appointments.words import show_invalid, wall_time
from core.spec.errors import Invalid, NotFound, Refused
from core.tenancy import Scope
from core.web.pages import page, redirect_to


def hours(scope: Scope) -> Any:
    """Whose hours: a list for an owner, the own page for a clinician."""
    mine = [member for member in clinicians(scope) if may_set_hours(scope, member.id)]
    if len(mine) == 1:
        return redirect_to("appointments.member_hours", member_id=mine[0].id)
    return page("appointments/hours.html", staff=mine)


def member_hours(scope: Scope, member_id: UUID) -> Any:
    """The weekly hours and coming exceptions of one clinician; adds hours."""
    _allow(scope, member_id)
    form = HoursForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            add_hours(scope, member_id, form.weekdays.data, form.from_minute, form.to_minute)
        except Invalid as invalid:
            show_invalid(form, invalid, {"from_minute": "opens", "to_minute": "closes"})
        else:
            return redirect_to("appointments.member_hours", member_id=member_id)
    return page(
        "appointments/member_hours.html",
        status=422 if form.errors else 200,
        form=form,
        of=hours_of(scope, member_id),
        wall=wall_time,
        zone_name=i18n.zone_name(scope.provider.zone),
        may_set=lambda owner_id: may_set_hours(scope, owner_id),
    )


def add_exception(scope: Scope, member_id: UUID) -> Any:
    """Close days, or open them besides."""
    _allow(scope, member_id)
    form = ExceptionForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            for_all = form.for_all.data and scope.role == "owner"
            add_exception_of(scope, None if for_all else member_id, form.change())
        except Invalid as invalid:
            show_invalid(form, invalid, {"from_minute": "opens", "to_minute": "closes"})
        else:
            return redirect_to("appointments.member_hours", member_id=member_id)
    return page(
        "appointments/exception.html",
        status=422 if form.errors else 200,
        form=form,
        member=hours_of(scope, member_id).member,
    )


def remove_hours(scope: Scope, member_id: UUID, hours_id: UUID) -> Any:
    """Close some weekly hours."""
    _allow(scope, member_id)
    remove_hours_of(scope, hours_id)
    return redirect_to("appointments.member_hours", member_id=member_id)


def remove_exception(scope: Scope, member_id: UUID, exception_id: UUID) -> Any:
    """Let days be like the others again."""
    _allow(scope, member_id)
    try:
        remove_exception_of(scope, exception_id)
    except Refused as refused:
        raise NotFound from refused
    return redirect_to("appointments.member_hours", member_id=member_id)


def _allow(scope: Scope, member_id: UUID) -> None:
    """Somebody else's hours are not there for a clinician."""
    if not may_set_hours(scope, member_id):
        raise NotFound
