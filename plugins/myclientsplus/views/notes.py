"""Progress notes: the tab, writing, signing, amending; and the files of the record."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request

from plugins.myclientsplus import service
from plugins.myclientsplus.forms import AmendmentForm, NoteForm, VersionForm
from vestibule.data import ConnectorFailed, NotFound, RecordConflict, Refused, client_record, note_read, now
from vestibule.web import Scope, page, record_page, redirect_to
from vestibule.web import gettext as _

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt"}


def notes(scope: Scope, client_id: UUID) -> Response:
    """The tab Progress Notes: what is signed, one's own drafts, and documents."""
    client_record(scope, client_id)
    note_read(scope, "myclientsplus.notes_read", client_id=client_id)
    return record_page(
        "myclientsplus/notes.html",
        scope,
        client_id,
        notes=service.notes_of(scope, client_id),
        documents=service.EmbeddedRecord(scope).documents.documents(client_id).entries,
        is_kept_here=service.is_kept_here(scope),
    )


def write_note(scope: Scope, client_id: UUID) -> Response:
    """A new note: kept as a draft, or signed at once."""
    form = NoteForm(
        request.form if request.method == "POST" else None, data={"on": _today(scope), "kind": "progress"}
    )
    if request.method == "POST" and form.validate():
        _require_here(scope)
        told = {**_told(scope, form), "kind": form.kind.data}
        row = service.begin_note(scope, client_id, **told)
        return _onward(scope, client_id, row.id, row.version)
    return _note_page(scope, client_id, form, title=_("Write a note"))


def amend_note(scope: Scope, client_id: UUID, note_id: UUID) -> Response:
    """An addition to a signed note, which itself stays as it is."""
    amended = service.note_of(scope, client_id, note_id)
    if amended.locked_at is None or amended.amends_id is not None:
        raise NotFound
    form = AmendmentForm(
        request.form if request.method == "POST" else None,
        data={"on": _today(scope), "title": _("Addition")},
    )
    if request.method == "POST" and form.validate():
        _require_here(scope)
        told = {**_told(scope, form), "kind": amended.kind}
        row = service.begin_note(scope, client_id, amends_id=note_id, **told)
        return _onward(scope, client_id, row.id, row.version)
    return _note_page(scope, client_id, form, title=_("Add to a signed note"), amended=amended)


def change_note(scope: Scope, client_id: UUID, note_id: UUID) -> Response:
    """One note: a draft of one's own to go on with; a signed one to read."""
    row = service.note_of(scope, client_id, note_id)
    if row.locked_at is not None:
        return redirect_to("myclientsplus.notes", client_id=client_id, _anchor=f"note-{note_id}")
    kind: Any = AmendmentForm if row.amends_id is not None else NoteForm
    data = {"on": row.written_at.astimezone(_zone(scope)).date(), "title": row.title, "body": row.body}
    form = kind(request.form if request.method == "POST" else None, data={**data, "kind": row.kind})
    other, version = None, _version(row)
    if request.method == "POST" and form.validate():
        try:
            told = _told(scope, form)
            if row.amends_id is None:
                told["kind"] = form.kind.data
            changed = service.change_note(scope, client_id, note_id, version, **told)
            return _onward(scope, client_id, note_id, changed.version)
        except RecordConflict as conflict:
            # Written meanwhile in another window: both texts are shown, and nothing is lost.
            other = conflict.current
        except Refused:
            return redirect_to("myclientsplus.notes", client_id=client_id)
    version = row.version if other is None else other.version  # type: ignore[attr-defined] # a note
    title = _("Go on with a draft")
    return _note_page(scope, client_id, form, title=title, row=row, other=other, version=version)


def sign_note(scope: Scope, client_id: UUID, note_id: UUID) -> Response:
    """Sign a draft as it was read."""
    form = VersionForm(request.form)
    if form.validate():
        try:
            service.sign_note(scope, client_id, note_id, form.version.data)
        except (RecordConflict, Refused):
            return redirect_to("myclientsplus.change_note", client_id=client_id, note_id=note_id)
    return redirect_to("myclientsplus.notes", client_id=client_id, _anchor=f"note-{note_id}")


def drop_note(scope: Scope, client_id: UUID, note_id: UUID) -> Response:
    """Throw a draft of one's own away."""
    try:
        service.drop_draft(scope, client_id, note_id)
    except Refused as error:
        raise NotFound from error
    return redirect_to("myclientsplus.notes", client_id=client_id)


def document(scope: Scope, client_id: UUID, document_id: UUID) -> Response:
    """One file of the record, to be kept by the reader; never shown as a page of ours."""
    client_record(scope, client_id)
    try:
        found = service.EmbeddedRecord(scope).documents.open(client_id, str(document_id))
    except ConnectorFailed as error:
        raise NotFound from error
    note_read(scope, "myclientsplus.document_read", client_id=client_id, document_id=document_id)
    ending = ENDINGS.get(found.media_type, "bin")
    headers = {
        "Content-Disposition": f'attachment; filename="document.{ending}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    media_type = found.media_type if found.media_type in ENDINGS else "application/octet-stream"
    return Response(found.content, mimetype=media_type, headers=headers)


def _onward(scope: Scope, client_id: UUID, note_id: UUID, version: int) -> Response:
    """Saved; and signed, where that button was pressed."""
    if "sign" in request.form:
        service.sign_note(scope, client_id, note_id, version)
    return redirect_to("myclientsplus.notes", client_id=client_id, _anchor=f"note-{note_id}")


def _note_page(scope: Scope, client_id: UUID, form: Any, *, title: str, **more: Any) -> Response:
    context = {"row": None, "amended": None, "other": None, "version": 0, **more}
    return page(
        "myclientsplus/note.html",
        form=form,
        note_title=title,
        client=client_record(scope, client_id),
        status=409 if context["other"] is not None else (422 if form.errors else 200),
        **context,
    )


def _told(scope: Scope, form: Any) -> dict[str, Any]:
    at = now() if form.on.data == _today(scope) else datetime.combine(form.on.data, time(12), _zone(scope))
    return {"title": form.title.data, "body": form.body.data, "written_at": at}


def _version(row: Any) -> int:
    form = VersionForm(request.form)
    return int(form.version.data) if form.validate() else int(row.version)


def _require_here(scope: Scope) -> None:
    if not service.is_kept_here(scope):
        raise NotFound


def _zone(scope: Scope) -> ZoneInfo:
    return ZoneInfo(scope.provider.zone)


def _today(scope: Scope) -> date:
    return now().astimezone(_zone(scope)).date()
