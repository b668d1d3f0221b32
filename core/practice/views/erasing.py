"""Erasing a client's data: asked on a page of its own, and what became of each part."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.appointments.service import ahead_of_client
from core.i18n import gettext as _
from core.i18n import ngettext
from core.practice import service
from core.practice.forms import EraseForm
from core.spec.errors import Refused
from core.tenancy import ErasurePart, Scope
from core.tenancy.charts import client_record
from core.web.pages import redirect_to
from core.web.records import record_page


def erase(scope: Scope, client_id: UUID) -> Response:
    """Ask for the client's name and erase; afterwards show what each part did, and ask again on a wish."""
    if service.erased_at(scope, client_id) is not None:
        return _erased(scope, client_id)
    client = client_record(scope, client_id)
    form = EraseForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        if _is_same(form.name.data, client.name):
            if _is_done(scope, client_id, form):
                return redirect_to("practice.erase", client_id=client_id)
        else:
            form.refuse("name", _("Type %(name)s exactly.") % {"name": client.name})
    ahead = ahead_of_client(scope, client_id)
    status = 422 if form.errors else 200
    return record_page(
        "practice/erase.html",
        scope,
        client_id,
        form=form,
        ahead=ahead,
        ahead_words=ahead_words,
        status=status,
    )


def _is_same(typed: str, name: str) -> bool:
    """Whether it is the name, whatever the spaces and capitals."""
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()


def _is_done(scope: Scope, client_id: UUID, form: EraseForm) -> bool:
    try:
        service.erase_client(scope, client_id)
    except Refused as error:
        if error.code != "appointments_ahead":
            raise
        form.refuse("name", ahead_words(int(str(error.values["count"]))))
        return False
    return True


def ahead_words(count: int) -> str:
    """Why nothing is erased while somebody still counts on an appointment."""
    return ngettext(
        "An appointment is still ahead: cancel it first, so that nobody waits for it.",
        "%(n)s appointments are still ahead: cancel them first, so that nobody waits for them.",
        count,
        n=count,
    )


def _erased(scope: Scope, client_id: UUID) -> Response:
    if request.method == "POST":
        service.erase_client(scope, client_id)
        return redirect_to("practice.erase", client_id=client_id)
    parts = service.erasure_parts(scope, client_id)
    return record_page(
        "practice/erased.html",
        scope,
        client_id,
        erased_at=service.erased_at(scope, client_id),
        told=[each for part in parts for each in part.told or []],
        missing=[(_title(part), missing_words(part.state)) for part in parts if part.state != "whole"],
        is_halfway=not parts,
    )


def _title(part: ErasurePart) -> str:
    """What people call a part: a room of the house has no title of its own."""
    rooms = {
        "accounts": _("Name, contact and demographics"),
        "inbox": _("Messages"),
        "appointments": _("Appointments"),
        "practice": _("Access log"),
    }
    return rooms.get(part.plugin, part.title)


def missing_words(state: str) -> str:
    """Why a part is missing, and what to do about it."""
    words = {
        "failed": _("It could not erase what it keeps. Try again; if that fails too, tell your operator."),
        "quarantined": _(
            "It is not working here now, and what it keeps is still there. Try again once it works."
        ),
        "silent": _("It keeps data and can't erase it for one client. Ask your operator to tell its makers."),
        "absent": _("It is not installed now, and what it kept is still there. Try again once it is back."),
        "forgotten": _(
            "It was taken away for good and its data was left. Your operator can delete all of it."
        ),
    }
    return words[state]
