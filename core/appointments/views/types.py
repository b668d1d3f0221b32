"""Settings: what can be booked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from core.appointments import service
from core.appointments.forms import TypeForm, place_word
from core.appointments.models import AppointmentType
from core.appointments.service.types import members_of, one_type
from core.appointments.words import show_invalid
from core.spec.errors import Invalid
from core.tenancy import Scope
from core.web.pages import page, redirect_to

FIELDS = {"member_ids": "clinicians"}


def types(scope: Scope) -> Any:
    """All types in use, with who offers them."""
    names = {member.id: member.name for member in service.clinicians(scope)}
    return page(
        "appointments/types.html",
        types=service.types_of(scope),
        names=names,
        place_word=place_word,
    )


def add_type(scope: Scope) -> Any:
    """Offer something new."""
    form = _form(scope, None)
    if request.method == "POST" and form.validate():
        try:
            service.add_type(scope, form.terms(), form.clinicians.data)
        except Invalid as invalid:
            show_invalid(form, invalid, FIELDS)
        else:
            return redirect_to("appointments.types")
    return page("appointments/type.html", status=422 if form.errors else 200, form=form, type=None)


def change_type(scope: Scope, type_id: UUID) -> Any:
    """Change what is offered; booked appointments keep what was agreed."""
    type = one_type(scope, type_id)
    form = _form(scope, type)
    if request.method == "POST" and form.validate():
        try:
            service.change_type(scope, type.id, form.terms(), form.clinicians.data)
        except Invalid as invalid:
            show_invalid(form, invalid, FIELDS)
        else:
            return redirect_to("appointments.types")
    return page("appointments/type.html", status=422 if form.errors else 200, form=form, type=type)


def retire_type(scope: Scope, type_id: UUID) -> Any:
    """Offer a type no more, after asking."""
    type = one_type(scope, type_id)
    if request.method == "GET":
        return page("appointments/retire_type.html", type=type)
    service.retire_type(scope, type.id)
    return redirect_to("appointments.types")


def _form(scope: Scope, type: AppointmentType | None) -> TypeForm:
    staff = service.clinicians(scope)
    if type is None:
        start: dict[str, Any] = {
            "clinicians": [member.id for member in staff],
            "minutes": 50,
            "cancel_notice_hours": 24,
            "is_for_clients": True,
        }
    else:
        start = {**type.__data__, "title": type.title, "how_to_join": type.how_to_join}
        start |= {"late_note": type.late_note, "clinicians": members_of(scope, type.id)}
    form = TypeForm(request.form if request.method == "POST" else None, data=start)
    form.clinicians.choices = [(member.id, member.name) for member in staff]
    return form
