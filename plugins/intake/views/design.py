"""The editor of one form: its questions arranged, seen as a client, published, retired, as a file."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Response, request

from plugins.intake import service
from plugins.intake.forms import KINDS, PublishForm
from vestibule.data import NotFound, Refused, questionnaires
from vestibule.web import Scope, page, redirect_to
from vestibule.web import gettext as _

MOST_FILE = 2 * 1024 * 1024


def of(scope: Scope, form: str) -> str:
    """Which form an address means. Raises NotFound for one that is retired or never was."""
    if form not in service.OWN:
        series_of(scope, form)
    return form


def series_of(scope: Scope, form: str) -> Any:
    """The form behind an address, None for the parts of the intake itself. Raises NotFound."""
    if form in service.OWN:
        return None
    try:
        series_id = UUID(form)
    except ValueError:
        raise NotFound from None
    if str(series_id) != form:
        raise NotFound
    return service.series_of(scope, series_id)


def design(scope: Scope, form: str) -> Response:
    """The questions as they stand, with the ways to change them."""
    return design_page(scope, form, PublishForm(None))


def design_page(scope: Scope, form: str, publishing: PublishForm, problem: str = "") -> Response:
    """The editor, with what went wrong."""
    which = of(scope, form)
    questionnaire, is_draft = service.design(scope, which)
    series = series_of(scope, form)
    if request.method == "GET" or not publishing.title.data:
        publishing.title.data = questionnaire.title
    return page(
        "intake/design.html",
        at=form,
        series=series,
        questionnaire=questionnaire,
        sections=[item for item in questionnaire.walk() if item.kind == "group"],
        kinds=dict(KINDS),
        ask_of=questionnaires.ask_of,
        depends=lambda item: questionnaires.conditions_in_words(questionnaire, item),
        ready=[(name, words) for name, (words, _make) in questionnaires.READY.items()],
        is_draft=is_draft,
        use=_use_of(scope, series) if not is_draft else "",
        form=publishing,
        problem=problem,
        status=422 if publishing.errors or problem else 200,
    )


def _use_of(scope: Scope, series: Any) -> str:
    """How the form stands to the practice's record, "" where it can't be asked for it."""
    if series is None or series.kind == "consent" or not service.is_connected(scope):
        return ""
    return service.use_of(scope, series.id)


def arrange_question(scope: Scope, form: str, link_id: str) -> Response:
    """An item moved, copied, put into a section or taken out, or removed."""
    acts: dict[str, Any] = {
        "up": lambda made: questionnaires.move_item(made, link_id, "up"),
        "down": lambda made: questionnaires.move_item(made, link_id, "down"),
        "copy": lambda made: questionnaires.copy_item(made, link_id),
        "remove": lambda made: questionnaires.remove_item(made, link_id),
        "put": lambda made: questionnaires.place_item(made, link_id, request.form.get("into", "")),
    }
    act = acts.get(request.form.get("do", ""))
    if act is None:
        raise NotFound
    try:
        service.change_form(scope, act, of(scope, form))
    except questionnaires.QuestionnaireRefused as error:
        return design_page(scope, form, PublishForm(None), _refused(error))
    except Refused as error:
        raise NotFound from error
    return redirect_to("intake.design", form=form)


def _refused(error: questionnaires.QuestionnaireRefused) -> str:
    if any(refusal.reason == "condition_dangling" for refusal in error.refusals):
        return _("Another question is shown only by this one's answer. Change that first.")
    return questionnaires.refusal_in_words(error.refusals[0])


def add_ready(scope: Scope, form: str) -> Response:
    """A ready section at the end."""
    name = request.form.get("section", "")
    if name not in questionnaires.READY:
        raise NotFound
    made = questionnaires.ready_item(name)
    service.change_form(scope, lambda before: questionnaires.add_item(before, made), of(scope, form))
    return redirect_to("intake.design", form=form)


def preview(scope: Scope, form: str) -> Response:
    """The draft as a client would see it; on a phone's width if that is asked for."""
    questionnaire, _is_draft = service.design(scope, of(scope, form))
    forms = [
        (part, questionnaires.open_section(questionnaire, part, None)) for part in questionnaire.sections
    ]
    is_phone = request.args.get("width") == "phone"
    return page("intake/preview.html", at=form, questionnaire=questionnaire, forms=forms, is_phone=is_phone)


def publish(scope: Scope, form: str) -> Response:
    """Ask the draft from now on."""
    publishing = PublishForm(request.form)
    if publishing.validate():
        try:
            service.publish(scope, publishing.title.data, of(scope, form))
            return redirect_to("intake.design", form=form)
        except questionnaires.QuestionnaireRefused as error:
            is_empty = any(one.reason == "nothing_asked" for one in error.refusals)
            problem = _("Add a question first.") if is_empty else _refused(error)
            return design_page(scope, form, publishing, problem)
    return design_page(scope, form, publishing)


def retire(scope: Scope, form: str) -> Response:
    """Ask it no more, once that was confirmed."""
    series = series_of(scope, form)
    if series is None:
        raise NotFound
    if request.method == "POST":
        service.retire_form(scope, series.id)
        return redirect_to("intake.forms")
    return page("intake/retire.html", at=form, series=series)


def form_file(scope: Scope, form: str) -> Response:
    """The form as a file for another system, and one from there as the draft."""
    which, notes, problems = of(scope, form), [], []
    if request.method == "POST":
        sent = request.files.get("file")
        content = sent.stream.read(MOST_FILE + 1) if sent is not None else b""
        try:
            found = service.import_form(scope, questionnaires.load_json(content), None, which)
            notes = [questionnaires.note_in_words(note) for note in found]
        except questionnaires.QuestionnaireRefused as error:
            problems = [
                (f"{refusal.link_id}: " if refusal.link_id else "") + questionnaires.refusal_in_words(refusal)
                for refusal in error.refusals
            ]
    elif "download" in request.args:
        return _download(service.export_form(scope, which))
    return page(
        "intake/form_file.html",
        at=form,
        is_published=service.active_form(scope, which) is not None,
        is_read=request.method == "POST" and not problems,
        notes=notes,
        problems=[(words, "") for words in problems],
        has_errors=bool(problems),
        status=422 if problems else 200,
    )


def _download(written: dict[str, Any] | None) -> Response:
    if written is None:
        raise NotFound
    headers = {"Content-Disposition": 'attachment; filename="form.json"', "Cache-Control": "no-store"}
    text = json.dumps(written, ensure_ascii=False, indent=2)
    return Response(text, mimetype="application/fhir+json", headers=headers)
