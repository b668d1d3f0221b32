"""The pages of the check-in: the question, and the course in the record."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from vestibule.data import client_record, note_read
from vestibule.web import Scope, page, record_page

from . import service
from .chart import chart_of
from .forms import WORDS, CheckinForm


def checkin(scope: Scope, client_id: UUID) -> Response:
    """The question with what was told before; the answer replaces only that part of the page."""
    client = client_record(scope, client_id)
    inner = scope.narrow(client.provider_id)
    form = CheckinForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        service.check_in(scope, client, form.score.data)
    return page(
        "mood/checkin.html",
        fragment="mood_question",
        form=form,
        client=client,
        provider=scope.records[client.provider_id],
        told=service.told_today(inner, client),
        course=service.course(inner, client_id)[::-1][:7],
        words=_words(),
        status=422 if form.errors else 200,
    )


def tab(scope: Scope, client_id: UUID) -> Response:
    """The course over time; asks for itself again, so that what is told meanwhile appears."""
    client = client_record(scope, client_id)
    if "HX-Request" not in request.headers:
        note_read(scope, "mood.course_read", client_id=client.id)
    course = service.course(scope, client_id)
    return record_page(
        "mood/tab.html",
        scope,
        client_id,
        fragment="mood_course",
        course=course,
        chart=chart_of(course),
        words=_words(),
    )


def _words() -> dict[int, str]:
    return {score: str(word) for score, word in WORDS}
