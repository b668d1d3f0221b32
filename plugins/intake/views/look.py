"""The tab Forms of a client's record: what was asked, what came back, accepted or sent back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from plugins.intake import service
from plugins.intake.forms import AskForm, LookForm
from plugins.intake.views.words import packet_words, signed_facts, state_words
from vestibule.data import NotFound, Refused, client_record, note_read, questionnaires
from vestibule.web import Scope, record_page, redirect_to
from vestibule.web import gettext as _


def client_forms(scope: Scope, client_id: UUID) -> Response:
    """The forms of one client, and a way to ask for one more."""
    client = client_record(scope, client_id)
    form = AskForm(request.form if request.method == "POST" else None)
    choices = [(str(series.id), series.title) for series in service.published_series(scope)]
    packets = service.packets(scope)
    choices += [
        (kind, _("All forms for: %(whom)s") % {"whom": packet_words(kind)})
        for kind in service.KINDS
        if packets[kind].forms
    ]
    form.what.choices = choices
    if request.method == "POST" and form.validate():
        if form.what.data in service.KINDS:
            service.ask_packet(scope, client_id, form.what.data)
            return redirect_to("intake.client_forms", client_id=client_id)
        try:
            what, due_on = UUID(form.what.data), form.due_on.data
            service.ask_for(scope, client_id, what, due_on, yearly=form.yearly.data)
            return redirect_to("intake.client_forms", client_id=client_id)
        except Refused:
            form.refuse("what", _("The client has this form already and has not sent it yet."))
    return record_page(
        "intake/client_forms.html",
        scope,
        client_id,
        asked=[(one, state_words(one)) for one in service.asked_of(scope, client)],
        form=form,
        has_choices=bool(choices),
        status=422 if form.errors else 200,
    )


def client_form(scope: Scope, client_id: UUID, request_id: UUID) -> Response:
    """What one client answered; accepted, or sent back with what has to be mended."""
    form = LookForm(request.form if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if request.form.get("do") == "accept":
                service.accept(scope, client_id, request_id)
                return redirect_to("intake.client_forms", client_id=client_id)
            if form.validate():
                service.send_back(scope, client_id, request_id, form.note.data)
                return redirect_to("intake.client_forms", client_id=client_id)
        except Refused:
            return redirect_to("intake.client_form", client_id=client_id, request_id=request_id)
    paper = service.paper_sent(scope, client_id, request_id)
    note_read(scope, "intake.answers_read", client_id=client_id)
    files = _files(paper)
    return record_page(
        "intake/client_form.html",
        scope,
        client_id,
        paper=paper,
        state=state_words(paper.asked),
        shown=_shown(paper),
        facts=signed_facts(paper),
        files=[(file.title, _file_href(client_id, request_id, at)) for at, file in enumerate(files, 1)],
        form=form,
        status=422 if form.errors else 200,
    )


def _shown(paper: service.Paper) -> list[Any]:
    """The answers; what is only begun is the client's own until it is sent."""
    if paper.request is None or paper.request.sent_at is None:
        return []
    found: list[Any] = questionnaires.answers_by_section(paper.questionnaire, paper.response, blanks="-")
    return found


def _files(paper: service.Paper) -> list[questionnaires.Attachment]:
    if paper.request is None or paper.request.sent_at is None:
        return []
    values = paper.response.answers.values()
    return [one for given in values for one in given if isinstance(one, questionnaires.Attachment)]


def _file_href(client_id: UUID, request_id: UUID, number: int) -> str:
    return url_for("intake.form_attachment", client_id=client_id, request_id=request_id, number=number)


def form_attachment(scope: Scope, client_id: UUID, request_id: UUID, number: int) -> Response:
    """One file that came with a form, to be kept by the reader; never shown as a page of ours."""
    files = _files(service.paper_sent(scope, client_id, request_id))
    if not 1 <= number <= len(files):
        raise NotFound
    note_read(scope, "intake.answers_read", client_id=client_id)
    return as_download(files[number - 1], number)


def as_download(file: questionnaires.Attachment, number: int) -> Response:
    """A file under a name that tells nothing of the person: it stays in the browser's list of downloads."""
    ending = file.title.rpartition(".")[2]
    headers = {
        "Content-Disposition": f'attachment; filename="intake-{number}.{ending}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(questionnaires.content_of(file), mimetype=file.content_type, headers=headers)
