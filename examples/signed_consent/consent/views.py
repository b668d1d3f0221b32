"""The pages of consent: reading and signing, the provider's text, and the record's tab."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from vestibule.data import NotFound, Refused, client_record, note_read
from vestibule.web import Scope, page, record_page, redirect_to
from vestibule.web import gettext as _

from . import service
from .forms import SignForm, TextForm


def read(scope: Scope, client_id: UUID) -> Response:
    """The text with the signature, or with the form to sign it."""
    client = client_record(scope, client_id)
    inner = scope.narrow(client.provider_id)
    text = service.current_text(inner)
    if text is None:
        raise NotFound
    form = SignForm(request.form if request.method == "POST" else None, version=text.version)
    problem = ""
    if request.method == "POST" and form.validate():
        try:
            service.sign(inner, client_id, form.version.data, form.name.data)
            return redirect_to("consent.read", client_id=client_id)
        except Refused:
            problem = _("The text was changed meanwhile. Please read it again.")
    signature = service.signature(inner, client_id, text)
    status = 422 if form.errors or problem else 200
    return page(
        "consent/read.html",
        text=text,
        signature=signature,
        form=form,
        problem=problem,
        provider=scope.records[client.provider_id],
        status=status,
    )


def settings(scope: Scope) -> Response:
    """The provider's text; publishing another one asks everybody again."""
    text = service.current_text(scope)
    form = TextForm(request.form if request.method == "POST" else None, body=text.body if text else "")
    if request.method == "POST" and form.validate():
        service.publish(scope, form.body.data)
        return redirect_to("consent.settings", saved=1)
    saved, status = "saved" in request.args, 422 if form.errors else 200
    return page("consent/settings.html", form=form, text=text, saved=saved, status=status)


def tab(scope: Scope, client_id: UUID) -> Response:
    """What the client signed."""
    client = client_record(scope, client_id)
    note_read(scope, "consent.signatures_read", client_id=client.id)
    return record_page(
        "consent/tab.html",
        scope,
        client_id,
        signatures=service.signatures(scope, client_id),
        is_waiting=service.is_waiting(scope, client),
    )
