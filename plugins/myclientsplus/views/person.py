"""The tab My Clients Plus: a person's demographics as the record has them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from flask import Response, request

from plugins.myclientsplus import service
from plugins.myclientsplus.forms import PersonForm
from vestibule.data import (
    Address,
    Demographics,
    EmergencyContact,
    NotFound,
    RecordConflict,
    client_record,
    demographics,
    note_read,
    records,
)
from vestibule.web import Scope, compared, record_page, redirect_to


def person(scope: Scope, client_id: UUID) -> Response:
    """What the record knows, read and corrected; what somebody else changed meanwhile is shown beside."""
    client_record(scope, client_id)
    if request.method == "GET":
        note_read(scope, "myclientsplus.record_read", client_id=client_id)
    kept = service.kept_of(scope, client_id)
    told = kept.demographics if kept else demographics(scope, client_id)
    form = PersonForm(request.form if request.method == "POST" else None, data=_flat(told))
    theirs: Demographics | None = None
    if request.method == "POST" and form.validate():
        if not service.is_kept_here(scope):
            raise NotFound
        try:
            service.correct_person(scope, client_id, _told(form), based_on=form.version.data or None)
            return redirect_to("myclientsplus.person", client_id=client_id, saved=1)
        except RecordConflict as conflict:
            kept = cast("records.KeptDemographics", conflict.current)
            theirs = kept.demographics
    return record_page(
        "myclientsplus/person.html",
        scope,
        client_id,
        form=form,
        kept=kept,
        differences=compared(_told(form), theirs) if theirs else [],
        version=kept.version if kept else "",
        saved="saved" in request.args,
        is_kept_here=service.is_kept_here(scope),
        status=409 if theirs else (422 if form.errors else 200),
    )


def _flat(told: Demographics) -> dict[str, Any]:
    contact = told.emergency_contact
    plain = ("given_name", "family_name", "preferred_name", "pronouns", "birth_on", "phone")
    return {name: getattr(told, name) for name in plain} | {
        "address": asdict(told.address),
        "contact_name": contact.name,
        "contact_relation": contact.relation,
        "contact_phone": contact.phone,
    }


def _told(form: PersonForm) -> Demographics:
    return Demographics(
        given_name=form.given_name.data,
        family_name=form.family_name.data,
        preferred_name=form.preferred_name.data,
        pronouns=form.pronouns.data,
        birth_on=form.birth_on.data,
        phone=form.phone.data,
        address=Address(**form.address.data),
        emergency_contact=EmergencyContact(
            form.contact_name.data, form.contact_relation.data, form.contact_phone.data
        ),
    )
