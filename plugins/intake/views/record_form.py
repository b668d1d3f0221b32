"""The settings page of the form for the practice's record: bring one, choose it, see it, leave it."""

from __future__ import annotations

from flask import Response, request

from plugins.intake import service
from plugins.intake.views.starter import clinical_history
from vestibule.data import NotFound, questionnaires
from vestibule.web import Form, IdField, Scope, page, redirect_to
from vestibule.web import gettext as _

ACTS = ("start", "bring", "use", "ask", "leave")


class UseForm(Form):
    """One of the practice's own forms."""

    use = IdField("")


def record_form(scope: Scope) -> Response:
    """Which form clients fill in for the record; it is their last part of intake."""
    problems: list[str] = []
    if request.method == "POST":
        problems = _done(scope)
        if not problems:
            return redirect_to("intake.record_form", saved=1)
    questionnaire, is_asked = service.chosen_record_form(scope)
    return page(
        "intake/record_form.html",
        questionnaire=questionnaire,
        is_asked=is_asked,
        is_connected=service.is_connected(scope),
        problems=problems,
        saved="saved" in request.args,
        status=422 if problems else 200,
    )


def _done(scope: Scope) -> list[str]:
    act = next((name for name in ACTS if name in request.form), "")
    if act == "start":
        service.publish_record_form(scope, clinical_history())
    elif act == "bring":
        return _brought(scope)
    elif act == "use":
        form = UseForm(request.form)
        if not form.validate() or form.use.data is None:
            raise NotFound
        service.use_as_record_form(scope, form.use.data)
    elif act in ("ask", "leave"):
        service.ask_record_form(scope, is_asked=act == "ask")
    return []


def _brought(scope: Scope) -> list[str]:
    sent = request.files.get("form")
    if sent is None or not sent.filename:
        return [_("Choose the file of a form.")]
    try:
        service.bring_record_form(scope, questionnaires.load_json(sent.read()))
    except questionnaires.QuestionnaireRefused as error:
        return [_line(one) for one in error.refusals]
    return []


def _line(refusal: questionnaires.Refusal) -> str:
    words = questionnaires.refusal_in_words(refusal)
    return f"{refusal.link_id}: {words}" if refusal.link_id else words


def preview_record_form(scope: Scope) -> Response:
    """The form for the record as a client would see it."""
    questionnaire, _is_asked = service.chosen_record_form(scope)
    sections = questionnaire.sections if questionnaire else ()
    forms = [(part, questionnaires.open_section(questionnaire, part, None)) for part in sections]
    return page("intake/preview.html", at="", questionnaire=questionnaire, forms=forms, is_phone=False)
