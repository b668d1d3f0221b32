"""Today: what a practice sees first, and the way to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response

from core import clock
from core.appointments.forms import place_word
from core.appointments.service import appointments_between
from core.practice import service
from core.tenancy import Scope
from core.web import slots
from core.web.pages import page, redirect_to


def practices(scope: Scope) -> Response:
    """The one practice of a member, or the list of them."""
    if len(scope.providers) == 1:
        return redirect_to("practice.today", slug=scope.provider.slug)
    return page("practice/practices.html", records=list(scope.records.values()))


def today(scope: Scope) -> Response:
    """Today's appointments, what needs somebody, what is new, and what is still to be set up."""
    day = clock.today(scope.provider.zone)
    from_at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(scope.provider.zone))
    entries = appointments_between(scope, from_at, from_at + timedelta(days=1))
    steps = [step for step in slots.setup_steps(scope) if not step.is_done]
    return page(
        "practice/today.html",
        fragment="today",
        entries=entries,
        marks={
            client_id: [(mark.text, mark.tone) for mark in found]
            for client_id, found in slots.marks(scope, {item.client_id for item in entries}).items()
        },
        attention=slots.attention(scope),
        news=slots.latest_news(scope, service.look(scope)),
        steps=steps,
        blocking=[step for step in steps if step.blocks],
        day=day,
        now=clock.now(),
        place_word=place_word,
    )
