"""The provider's editor: questions added, changed, moved, removed, seen as a client, published."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from plugins.intake import service
from plugins.intake.forms import KINDS, WITH_OPTIONS, PublishForm, QuestionForm
from vestibule.data import NotFound, Refused, questionnaires
from vestibule.web import Scope, page, redirect_to
from vestibule.web import gettext as _


def design(scope: Scope) -> Response:
    """The questions as they stand, with the ways to change them."""
    return _design_page(scope, PublishForm(None))


def _design_page(scope: Scope, form: PublishForm, problem: str = "") -> Response:
    questionnaire, is_draft = service.design(scope)
    if request.method == "GET":
        form.title.data = questionnaire.title
    return page(
        "intake/design.html",
        questionnaire=questionnaire,
        kinds=dict(KINDS),
        ask_of=questionnaires.ask_of,
        is_draft=is_draft,
        form=form,
        problem=problem,
        status=422 if form.errors or problem else 200,
    )


def add_question(scope: Scope) -> Response:
    """A question at the end."""
    form = QuestionForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and _is_askable(form):
        try:
            service.add_question(
                scope,
                form.ask.data,
                form.text.data,
                required=form.required.data,
                options=form.option_lines,
            )
            return redirect_to("intake.design")
        except (Refused, questionnaires.QuestionnaireRefused):
            form.refuse("text", _("This question can't be asked so. Change its words."))
    return page("intake/question.html", form=form, link_id="", status=422 if form.errors else 200)


def change_question(scope: Scope, link_id: str) -> Response:
    """Other words, options, kind or duty for a question."""
    item = service.question_of(scope, link_id)
    if questionnaires.ask_of(item) is None:
        raise NotFound
    form = QuestionForm(request.form if request.method == "POST" else None, data=_data(item))
    if request.method == "POST" and _is_askable(form):
        options = tuple(questionnaires.Option(line) for line in form.option_lines)
        try:
            service.change_question(
                scope,
                link_id,
                ask=form.ask.data,
                text=form.text.data,
                required=form.required.data,
                options=options if form.ask.data in WITH_OPTIONS else (),
            )
            return redirect_to("intake.design")
        except (Refused, questionnaires.QuestionnaireRefused):
            form.refuse("text", _("This question can't be asked so. Change its words."))
    status = 422 if form.errors else 200
    return page("intake/question.html", form=form, link_id=link_id, status=status)


def _data(item: Any) -> dict[str, Any]:
    return {
        "text": item.text,
        "ask": questionnaires.ask_of(item),
        "required": item.required,
        "options": "\n".join(option.display for option in item.options),
    }


def _is_askable(form: QuestionForm) -> bool:
    if not form.validate():
        return False
    if form.ask.data in WITH_OPTIONS and len(form.option_lines) < 2:
        form.refuse("options", _("Write at least two answers, one on each line."))
        return False
    return True


def move_question(scope: Scope, link_id: str) -> Response:
    """A question one place up or down."""
    direction = request.form.get("direction", "")
    if direction not in ("up", "down"):
        raise NotFound
    return _then_design(lambda: service.move_question(scope, link_id, direction))


def remove_question(scope: Scope, link_id: str) -> Response:
    """Without this question."""
    return _then_design(lambda: service.remove_question(scope, link_id))


def _then_design(act: Any) -> Response:
    try:
        act()
    except Refused as error:
        raise NotFound from error
    return redirect_to("intake.design")


def preview(scope: Scope) -> Response:
    """The draft as a client would see it."""
    questionnaire, _is_draft = service.design(scope)
    forms = [
        (part, questionnaires.open_section(questionnaire, part, None)) for part in questionnaire.sections
    ]
    return page("intake/preview.html", questionnaire=questionnaire, forms=forms)


def publish(scope: Scope) -> Response:
    """Ask the draft from now on."""
    form = PublishForm(request.form)
    if form.validate():
        try:
            service.publish(scope, form.title.data)
            return redirect_to("intake.design")
        except questionnaires.QuestionnaireRefused:
            return _design_page(scope, form, _("Add a question first."))
    return _design_page(scope, form)
