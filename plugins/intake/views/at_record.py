"""What became of a submission at the practice's record: what waits, and what a person has to decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from plugins.intake import service
from vestibule.data import NotFound, Refused, client_record, demographics, note_read
from vestibule.web import Form, IdField, IntegerField, Scope, TextField, compared, record_page, redirect_to
from vestibule.web import gettext as _


class DecisionForm(Form):
    """One click: which part of which filing, as it was seen, and whose value stands."""

    filing_id = IdField("")
    seen = IntegerField("")
    part = TextField("", max_length=40)
    stands = TextField("", max_length=10)


def at_record(scope: Scope, client_id: UUID) -> Response:
    """Each part of the intake at the record; where both differ, one click each settles it."""
    client_record(scope, client_id)
    problem = ""
    if request.method == "POST":
        problem = _done(scope, client_id)
        if not problem:
            return redirect_to("intake.at_record", client_id=client_id)
    else:
        note_read(scope, "intake.record_compared", client_id=client_id)
    filings = service.filings_of(scope, client_id)
    return record_page(
        "intake/at_record.html",
        scope,
        client_id,
        filings=filings,
        differences={each.id: _differences(scope, each) for each in filings},
        can_try=any(each.state in ("waiting", "refused") for each in filings),
        problem=problem,
        status=409 if problem else 200,
    )


def _done(scope: Scope, client_id: UUID) -> str:
    if "again" in request.form:
        service.try_again(scope, client_id)
        return ""
    form = DecisionForm(request.form)
    if not form.validate() or form.stands.data not in ("portal", "record") or form.filing_id.data is None:
        raise NotFound
    is_ours = form.stands.data == "portal"
    try:
        service.decide(
            scope, client_id, form.filing_id.data, form.part.data, seen=form.seen.data or 0, is_ours=is_ours
        )
    except Refused:
        return _("This has changed meanwhile. Here is how it is now; nothing was changed.")
    return ""


def _differences(scope: Scope, filing: service.Filed) -> list[Any]:
    if filing.theirs is None:
        return []
    ours = demographics(scope, filing.client_id)
    found = compared(ours, filing.theirs)
    return [each for each in found if each.name in filing.differing]
