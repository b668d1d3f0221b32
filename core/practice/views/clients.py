"""Clients: the list, adding, inviting, the record with its own two tabs."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Response, request

from core.accounts import service as accounts
from core.forms import DemographicsForm
from core.i18n import gettext as _
from core.practice import service
from core.practice.forms import ClientForm, InviteForm
from core.spec.errors import RecordConflict, Refused
from core.spec.types import Demographics
from core.tenancy import Scope
from core.tenancy.charts import demographics as demographics_of
from core.tenancy.charts import version_of
from core.web import slots
from core.web.compared import Difference, compared
from core.web.pages import page, redirect_to
from core.web.records import record_page


def clients(scope: Scope) -> Response:
    """The clients by name; searched by POST, so that no name stands in an address."""
    words = request.form.get("words", "")[:100].replace("\0", "")
    found = service.find_clients(scope, words)
    ids = {client.id for client in found}
    return page(
        "practice/clients.html",
        clients=found,
        words=words,
        marks=slots.marks(scope, ids),
        invitations=accounts.invitations_of(scope, ids),
    )


def add(scope: Scope) -> Response:
    """A new client, with or without an invitation."""
    form = ClientForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        if form.invite.data and not form.email.data:
            form.refuse("email", _("Enter an e-mail address, or don't invite yet."))
        elif form.invite.data and not slots.is_open_to(scope, "practice.invite"):
            form.refuse("invite", _("The portal is closed, so nobody can be invited now."))
        else:
            return _added(scope, form)
    return page("practice/add_client.html", form=form, status=422 if form.errors else 200)


def _added(scope: Scope, form: ClientForm) -> Response:
    client = service.add_client(
        scope,
        given_name=form.given_name.data,
        family_name=form.family_name.data,
        email=form.email.data,
    )
    if form.invite.data:
        accounts.invite_client(
            scope,
            client.id,
            email=form.email.data,
            needs_intake_first=form.needs_intake_first.data,
        )
    return redirect_to("practice.record", client_id=client.id)


def record(scope: Scope, client_id: UUID) -> Response:
    """The tab Summary: the portal, what is next, and whom to call."""
    service.add_note_of_reading(scope, client_id)
    form = InviteForm(None)
    form.email.data = service.email_of(scope, client_id)
    return _record_page(scope, client_id, form)


def _record_page(scope: Scope, client_id: UUID, form: InviteForm, problem: str = "") -> Response:
    return record_page(
        "practice/summary.html",
        scope,
        client_id,
        form=form,
        problem=problem,
        email=service.email_of(scope, client_id),
        invitation=accounts.invitation_of(scope, client_id),
        marks=slots.marks(scope, {client_id})[client_id],
        status=422 if form.errors or problem else 200,
    )


def invite(scope: Scope, client_id: UUID) -> Response:
    """Invite a client who has a record already."""
    form = InviteForm(request.form)
    problem = ""
    if form.validate():
        try:
            accounts.invite_client(
                scope,
                client_id,
                email=form.email.data,
                needs_intake_first=form.needs_intake_first.data,
            )
            return redirect_to("practice.record", client_id=client_id)
        except Refused:
            problem = _("This client could not be invited. Look whether they joined meanwhile.")
    return _record_page(scope, client_id, form, problem)


def resend(scope: Scope, client_id: UUID) -> Response:
    """Send the invitation once more."""
    return _then_record(scope, client_id, accounts.resend_invitation)


def revoke(scope: Scope, client_id: UUID) -> Response:
    """Take the invitation back."""
    return _then_record(scope, client_id, accounts.revoke_invitation)


def end_join(scope: Scope, client_id: UUID) -> Response:
    """End the join of a client; asked first on a page of its own."""
    if request.method == "GET":
        return record_page("practice/end_join.html", scope, client_id)
    return _then_record(scope, client_id, service.end_join)


def _then_record(scope: Scope, client_id: UUID, act: Any) -> Response:
    try:
        act(scope, client_id)
    except Refused:
        form = InviteForm(None)
        form.email.data = service.email_of(scope, client_id)
        changed = _("This has changed meanwhile. Here is how it is now.")
        return _record_page(scope, client_id, form, changed)
    return redirect_to("practice.record", client_id=client_id)


def demographics(scope: Scope, client_id: UUID) -> Response:
    """The tab Demographics: read and corrected."""
    if request.method == "GET":
        service.add_note_of_reading(scope, client_id)
    told = demographics_of(scope, client_id)
    form = DemographicsForm.of(told, request.form if request.method == "POST" else None)
    differences: list[Difference] = []
    if request.method == "POST" and form.validate():
        try:
            service.correct_client(scope, client_id, form.demographics, form.version.data)
        except RecordConflict as conflict:
            told = cast("Demographics", conflict.current)
            differences = compared(form.demographics, told)
        # What was sent twice stands there already.
        if not differences:
            return redirect_to("practice.demographics", client_id=client_id, saved=1)
    return record_page(
        "practice/demographics.html",
        scope,
        client_id,
        form=form,
        saved="saved" in request.args,
        version=version_of(told),
        differences=differences,
        status=409 if differences else (422 if form.errors else 200),
    )
