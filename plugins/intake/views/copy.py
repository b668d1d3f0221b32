"""A copy of what was sent: a page to print, and a PDF of it where the extra `pdf` is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Response, render_template, request

from plugins.intake import service
from plugins.intake.views.fill import shown_of
from plugins.intake.views.words import signed_facts, state_words
from vestibule.data import ClientRecord, NotFound, client_record, note_read, questionnaires
from vestibule.web import Scope, page, redirect_to
from vestibule.web import gettext as _

SHEET = Path(__file__).parent.parent / "static" / "intake" / "paper.css"


def form_copy(scope: Scope, client_id: UUID, series_id: UUID) -> Response:
    """The client's own copy."""
    return _copy(scope, service.open_paper(scope, client_id, series_id))


def client_form_copy(scope: Scope, client_id: UUID, request_id: UUID) -> Response:
    """The practice's copy."""
    paper = service.paper_sent(scope, client_id, request_id)
    note_read(scope, "intake.answers_read", client_id=client_id)
    return _copy(scope, paper)


def intake_copy(scope: Scope, client_id: UUID) -> Response:
    """The client's own copy of the intake."""
    work = service.open_work(scope, client_id)
    if not work.is_submitted:
        return redirect_to("intake.tasks", client_id=client_id)
    return _copy_of_intake(scope, work)


def client_intake_copy(scope: Scope, client_id: UUID) -> Response:
    """The practice's copy of the intake, as it was submitted last."""
    if service.standing(scope, client_record(scope, client_id)).state != "submitted":
        return redirect_to("intake.other_information", client_id=client_id)
    note_read(scope, "intake.answers_read", client_id=client_id)
    return _copy_of_intake(scope, service.open_work(scope, client_id))


def _copy_of_intake(scope: Scope, work: service.Work) -> Response:
    assert work.intake is not None
    # With its day, though it be today's: paper outlasts it.
    at = questionnaires.value_in_words(work.intake.submitted_at)
    context: dict[str, Any] = {
        "shown": [(step.section, pairs) for step, pairs in shown_of(work)],
        "facts": [],
    }
    return _sheet(scope, work.client, _("Intake"), _("Sent %(time)s") % {"time": at}, context)


def _copy(scope: Scope, paper: service.Paper) -> Response:
    row = paper.request
    if row is None or row.sent_at is None:
        raise NotFound
    shown = questionnaires.answers_by_section(paper.questionnaire, paper.response, blanks="-")
    context: dict[str, Any] = {"paper": paper, "shown": shown, "facts": signed_facts(paper)}
    return _sheet(scope, paper.client, paper.questionnaire.title, state_words(paper.asked), context)


def _sheet(scope: Scope, client: ClientRecord, title: str, state: str, context: dict[str, Any]) -> Response:
    """The page to print, or the PDF of it where that is asked for and can be made."""
    context |= {"client": client, "title": title, "state": state}
    context["provider"] = scope.records[client.provider_id]
    is_wanted = "pdf" in request.args
    made = pdf_of(render_template("intake/copy_pdf.html", **context)) if is_wanted else None
    if made is None:
        href = f"{request.path}?pdf=1" if find_spec("weasyprint") and not is_wanted else ""
        return page("intake/copy.html", pdf_href=href, is_missed=is_wanted, **context)
    headers = {"Content-Disposition": 'attachment; filename="form.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=headers)


def pdf_of(text: str) -> bytes | None:
    """The page as a PDF, None where the extra or Pango is not installed. Nothing is fetched from anywhere."""
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 -- an extra, and slow to import
    except (ImportError, OSError):
        return None

    def refuse(url: str) -> None:
        raise ValueError(url)

    made: bytes = HTML(string=text, url_fetcher=refuse).write_pdf(
        stylesheets=[CSS(string=SHEET.read_text(encoding="utf-8"))]
    )
    return made
