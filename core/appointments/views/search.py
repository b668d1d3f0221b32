"""Search for Appointments, and Schedule: the client finds a time and books it."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request

from core import i18n
from core.appointments.forms import ChosenTime, ScheduleForm, SearchForm, slot_value
from core.appointments.models import AppointmentType
from core.appointments.service import (
    Found,
    Offer,
    Search,
    Wish,
    book_appointment,
    nearest_times,
    obstacles_before_search,
    offered_types,
    request_key,
    search_times,
)
from core.appointments.service.hours import clinicians
from core.appointments.service.types import one_type
from core.appointments.words import offer_row, refusal, terms_line
from core.spec.errors import NotFound, Obstructed, Refused, SlotTaken
from core.tenancy import Scope
from core.web.pages import page, redirect_to


def search(scope: Scope) -> Any:
    """Free times of the usual type, soonest first; filters stand in the address."""
    closed = obstacles_before_search(scope)
    form = _filters(scope)
    form.validate()
    zone = ZoneInfo(i18n.current_zone())
    asked = Search(
        zone=zone,
        provider_id=form.provider.data,
        type_id=form.type.data,
        member_id=form.clinician.data,
        from_on=form.on.data,
    )
    found = search_times(scope, asked, closed)
    return page(
        "appointments/search.html",
        filters=form,
        closed=closed,
        found=found,
        days=_by_day(scope, found, zone),
        terms=[terms_line(scope, type) for type in found.types],
        zone_name=i18n.zone_name(zone.key),
        key=secrets.token_urlsafe(16),
    )


def schedule(scope: Scope) -> Any:
    """Book the time of the row that was pressed; whoever comes second is shown other times."""
    form = ScheduleForm(request.form)
    chosen = form.chosen() if form.validate() else None
    if chosen is None:
        raise NotFound
    mine = scope.narrow(one_type(scope, chosen.type_id).provider_id)
    key = request_key(form.key.data, *chosen)
    try:
        record = book_appointment(mine, Wish(mine.client_id, *chosen, key))
    except Obstructed as obstructed:
        return page(
            "appointments/blocked.html",
            status=409,
            provider=mine.provider,
            obstacles=obstructed.obstacles,
        )
    except Refused as refused:
        return _not_booked(mine, chosen, refused)
    return redirect_to("appointments.booked", appointment_id=record.id)


def _not_booked(scope: Scope, chosen: ChosenTime, refused: Refused) -> Any:
    offers = nearest_times(scope, chosen.type_id, chosen.from_at)
    return page(
        "appointments/taken.html",
        status=409 if isinstance(refused, SlotTaken) else 422,
        sentence=refusal(refused),
        rows=[_row(scope, offer, several=False) for offer in offers],
        zone_name=i18n.zone_name(i18n.current_zone()),
        key=secrets.token_urlsafe(16),
    )


def _filters(scope: Scope) -> SearchForm:
    form = SearchForm(request.args)
    names = {key: record.name for key, record in scope.records.items()}
    several = len(scope.providers) > 1
    offered = offered_types(scope)
    offering = {member_id for each in offered for member_id in each.member_ids}
    form.provider.choices = [(key, names[key]) for key in scope.providers] if several else []
    form.type.choices = [(each.type.id, _type_words(each.type, names, several=several)) for each in offered]
    form.clinician.choices = [(m.id, m.name) for m in clinicians(scope) if m.id in offering]
    return form


def _type_words(type: AppointmentType, names: dict[UUID, str], *, several: bool) -> str:
    words = i18n.gettext("%(title)s, %(minutes)s minutes") % {
        "title": type.title,
        "minutes": type.minutes,
    }
    return f"{words} ({names[type.provider_id]})" if several else words


def _by_day(scope: Scope, found: Found, zone: ZoneInfo) -> list[tuple[Any, list[Any]]]:
    days: dict[Any, list[Any]] = {}
    several = len({offer.provider_id for offer in found.offers}) > 1
    for offer in found.offers:
        day = offer.slot.from_at.astimezone(zone).date()
        days.setdefault(day, []).append(_row(scope, offer, several=several))
    return list(days.items())


def _row(scope: Scope, offer: Offer, *, several: bool) -> dict[str, str]:
    slot = offer.slot
    value = slot_value(slot.type_id, slot.member_id, slot.from_at)
    provider = scope.records[offer.provider_id].name if several else ""
    return offer_row(offer, provider) | {"value": value}
