"""The tab My Clients Plus: a person's demographics as the record has them."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Response, request

from plugins.myclientsplus import service
from vestibule.data import (
    NotFound,
    RecordConflict,
    client_record,
    demographics,
    note_read,
    records,
)
from vestibule.web import DemographicsForm, Difference, Scope, compared, record_page, redirect_to


def person(scope: Scope, client_id: UUID) -> Response:
    """What the record knows, read and corrected; what somebody else changed meanwhile is shown beside."""
    client_record(scope, client_id)
    if request.method == "GET":
        note_read(scope, "myclientsplus.record_read", client_id=client_id)
    kept = service.kept_of(scope, client_id)
    told = kept.demographics if kept else demographics(scope, client_id)
    form = DemographicsForm.of(told, request.form if request.method == "POST" else None)
    differences: list[Difference] = []
    if request.method == "POST" and form.validate():
        if not service.is_kept_here(scope):
            raise NotFound
        try:
            service.correct_person(scope, client_id, form.demographics, based_on=form.version.data or None)
        except RecordConflict as conflict:
            kept = cast("records.KeptDemographics", conflict.current)
            differences = compared(form.demographics, kept.demographics)
        # What was sent twice stands there already.
        if not differences:
            return redirect_to("myclientsplus.person", client_id=client_id, saved=1)
    return record_page(
        "myclientsplus/person.html",
        scope,
        client_id,
        form=form,
        kept=kept,
        differences=differences,
        version=kept.version if kept else "",
        saved="saved" in request.args,
        is_kept_here=service.is_kept_here(scope),
        status=409 if differences else (422 if form.errors else 200),
    )
