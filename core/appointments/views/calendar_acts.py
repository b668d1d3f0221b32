"""What members do in the calendar: book for a client, move, cancel."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request

from core import i18n
from core.appointments.forms import BookForm, FindClientForm, WhenForm
from core.appointments.service import (
    Move,
    Wish,
    book_appointment,
    cancel_appointment,
    clinicians,
    may_cancel,
    move_appointment,
    nearest_times,
    one_appointment,
    request_key,
    types_of,
)
from core.appointments.service.booking import obstacle_key
from core.appointments.service.clients import find_clients
from core.appointments.words import obstacle_words, offer_row, refusal
from core.forms.times import read_day
from core.spec.errors import NotFound, Obstructed, Refused, SlotTaken
from core.tenancy import Scope
from core.tenancy.charts import client_record
from core.web.pages import page, redirect_to


def calendar_find(scope: Scope) -> Any:
    """Choose whom to book for; names are posted, never put in an address."""
    form = FindClientForm(request.form if request.method == "POST" else None)
    name = (form.name.data or "") if form.validate() else ""
    found, is_all = find_clients(scope, name)
    return page(
        "appointments/calendar_find.html",
        form=form,
        found=found,
        is_all=is_all,
        name=name,
        on=read_day(request.args.get("on", "")),
    )


def calendar_book(scope: Scope, client_id: UUID) -> Any:
    """Book for a client; hours, notice and gates can be overridden, an overlap never."""
    client = client_record(scope, client_id)
    form = _book_form(scope)
    if request.method != "POST" or not form.validate():
        return _book_page(scope, client, form, status=422 if form.errors else 200)
    with i18n.reading(i18n.current_locale(), scope.provider.zone):
        at = form.moment(ZoneInfo(scope.provider.zone))
        chosen = (form.type.data, form.clinician.data, at)
        wish = Wish(client.id, *chosen, request_key(form.key.data, *chosen), form.is_anyway, _told(form))
        try:
            record = book_appointment(scope, wish)
        except Refused as refused:
            near = _near(scope, *chosen[::2]) if isinstance(refused, SlotTaken) else []
            return _book_page(scope, client, form, 409, refused=refused, near=near)
    return redirect_to("appointments.calendar_appointment", appointment_id=record.id)


def calendar_move(scope: Scope, appointment_id: UUID) -> Any:
    """Give an appointment another time or clinician."""
    entry = one_appointment(scope, appointment_id)
    if not may_cancel(scope, entry):
        raise NotFound
    zone = ZoneInfo(scope.provider.zone)
    wall = entry.from_at.astimezone(zone)
    form = WhenForm(
        request.form if request.method == "POST" else None,
        data={"clinician": entry.member_id, "on": wall.date(), "at": wall.time()},
    )
    form.clinician.choices = [(member.id, member.name) for member in clinicians(scope)]
    if request.method != "POST" or not form.validate():
        return _move_page(scope, entry, form, status=422 if form.errors else 200)
    move = Move(entry.id, form.clinician.data, form.moment(zone), form.is_anyway)
    try:
        move_appointment(scope, move)
    except Refused as refused:
        taken = isinstance(refused, SlotTaken)
        near = _near(scope, entry.type_id, move.from_at) if taken else []
        return _move_page(scope, entry, form, 409, refused=refused, near=near)
    return redirect_to("appointments.calendar_appointment", appointment_id=entry.id)


def calendar_cancel(scope: Scope, appointment_id: UUID) -> Any:
    """Ask, then cancel, and tell the client by mail."""
    entry = one_appointment(scope, appointment_id)
    if request.method == "POST" and not entry.is_cancelled:
        try:
            cancel_appointment(scope, entry.id)
        except Refused as refused:
            return _cancel_page(scope, entry, refusal(refused), 409)
    elif not entry.is_cancelled:
        return _cancel_page(scope, entry)
    return redirect_to("appointments.calendar_appointment", appointment_id=entry.id)


def _cancel_page(scope: Scope, entry: Any, sentence: str = "", status: int = 200) -> Any:
    with i18n.reading(i18n.current_locale(), scope.provider.zone):
        return page("appointments/calendar_cancel.html", status=status, entry=entry, sentence=sentence)


def _move_page(
    scope: Scope,
    entry: Any,
    form: WhenForm,
    status: int = 200,
    refused: Refused | None = None,
    near: list[Any] | None = None,
) -> Any:
    with i18n.reading(i18n.current_locale(), scope.provider.zone):
        return page(
            "appointments/calendar_move.html",
            status=status,
            form=form,
            entry=entry,
            zone_name=i18n.zone_name(scope.provider.zone),
            **_trouble(refused, near),
        )


def _book_page(
    scope: Scope,
    client: Any,
    form: BookForm,
    status: int = 200,
    refused: Refused | None = None,
    near: list[Any] | None = None,
) -> Any:
    return page(
        "appointments/calendar_book.html",
        status=status,
        form=form,
        client=client,
        zone_name=i18n.zone_name(scope.provider.zone),
        **_trouble(refused, near),
    )


def _trouble(refused: Refused | None, near: list[Any] | None) -> dict[str, Any]:
    """What stands in the way, and whether a member's word can override it."""
    obstacles = refused.obstacles if isinstance(refused, Obstructed) else ()
    overridable = bool(obstacles) or getattr(refused, "code", "") == "not_offered"
    outside = getattr(refused, "code", "") == "not_offered"
    return {
        "sentence": refusal(refused) if refused and not obstacles and not outside else "",
        "obstacles": [obstacle_words(obstacle) for obstacle in obstacles],
        "told": " ".join(sorted(obstacle_key(obstacle) for obstacle in obstacles)),
        "is_outside": outside,
        "may_override": overridable,
        "near": near or [],
    }


def _told(form: BookForm) -> frozenset[str]:
    """The obstacles that stood on the page whose form this is."""
    return frozenset((form.told.data or "").split())


def _near(scope: Scope, type_id: UUID, at: Any) -> list[dict[str, str]]:
    with i18n.reading(i18n.current_locale(), scope.provider.zone):
        return [offer_row(offer) for offer in nearest_times(scope, type_id, at)]


def _book_form(scope: Scope) -> BookForm:
    form = BookForm(
        request.form if request.method == "POST" else None,
        data={"key": secrets.token_urlsafe(16), "on": read_day(request.args.get("on", ""))},
    )
    form.type.choices = [(each.type.id, each.type.title) for each in types_of(scope)]
    form.clinician.choices = [(member.id, member.name) for member in clinicians(scope)]
    for field in (form.type, form.clinician):
        if request.method == "GET" and len(field.choices) == 1:
            field.data = field.choices[0][0]
    return form
