"""The tab Other Information of a client's record."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from plugins.intake import service
from plugins.intake.forms import ReturnForm
from plugins.intake.views.look import as_download
from vestibule.data import NotFound, Refused, client_record, note_read
from vestibule.web import Scope, record_page, redirect_to


def other_information(scope: Scope, client_id: UUID) -> Response:
    """What the client answered to the provider's own questions; from here the intake is sent back."""
    client = client_record(scope, client_id)
    form = ReturnForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        _send_back(scope, client_id, form)
        return redirect_to("intake.other_information", client_id=client_id)
    note_read(scope, "intake.answers_read", client_id=client.id)
    return record_page(
        "intake/other_information.html",
        scope,
        client_id,
        submissions=service.submissions(scope, client_id),
        standing=service.standing(scope, client),
        at_record=bool(service.filings_of(scope, client_id)),
        form=form,
        is_binding=service.binds_booking(scope, client),
        status=422 if form.errors else 200,
    )


def _send_back(scope: Scope, client_id: UUID, form: ReturnForm) -> None:
    try:
        service.send_intake_back(scope, client_id, form.note.data, blocks=form.blocks.data)
    except Refused:
        # Somebody else did it meanwhile; the page says so.
        return


def sent_file(scope: Scope, client_id: UUID, number: int) -> Response:
    """One file that the client sent, to be kept by the reader; never shown as a page of ours."""
    client = client_record(scope, client_id)
    files = service.sent_files(scope, client_id)
    if not 1 <= number <= len(files):
        raise NotFound
    note_read(scope, "intake.answers_read", client_id=client.id)
    return as_download(files[number - 1], number)
