"""One question of the editor: its words and answers, and what it depends on."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from plugins.intake import service
from plugins.intake.forms import ConditionForm, DecidingForm, QuestionForm, data_of
from plugins.intake.views.design import of
from vestibule.data import NotFound, Refused, questionnaires
from vestibule.web import Scope, page, redirect_to
from vestibule.web import gettext as _


def add_question(scope: Scope, form: str) -> Response:
    """A question at the end, or at the end of a section."""
    which, into = of(scope, form), request.args.get("into", "")
    asking = QuestionForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and asking.is_askable:
        try:
            service.add_question(
                scope,
                asking.ask.data,
                asking.text.data,
                required=asking.required.data,
                options=asking.option_lines,
                of=which,
                into=into,
                help=asking.help.data,
            )
            return redirect_to("intake.design", form=form)
        except (Refused, questionnaires.QuestionnaireRefused) as error:
            asking.refuse("text", _why(error))
    return _question_page(form, asking, "")


def change_question(scope: Scope, form: str, link_id: str) -> Response:
    """Other words, options, kind or duty for a question."""
    which = of(scope, form)
    item = service.question_of(scope, link_id, which)
    if questionnaires.ask_of(item) is None:
        raise NotFound
    asking = QuestionForm(request.form if request.method == "POST" else None, data=data_of(item))
    if request.method == "POST" and asking.is_askable:
        try:
            service.change_question(scope, link_id, which, **_changes(item, asking))
            return redirect_to("intake.design", form=form)
        except (Refused, questionnaires.QuestionnaireRefused) as error:
            asking.refuse("text", _why(error))
    return _question_page(form, asking, link_id)


def _changes(item: Any, asking: QuestionForm) -> dict[str, Any]:
    ask = asking.ask.data
    before = {option.display: option for option in item.options}
    options = tuple(before.get(line, questionnaires.Option(line)) for line in asking.option_lines)
    asks_nothing = ask in questionnaires.HOLDS_OTHERS or ask == "words"
    return {
        "ask": ask,
        "text": asking.text.data,
        "required": asking.required.data and not asks_nothing,
        "help": asking.help.data,
        "options": options if ask in questionnaires.OFFERS_OPTIONS else (),
    }


def _why(error: Any) -> str:
    refusals = getattr(error, "refusals", ())
    if refusals and refusals[0].reason == "condition_wrong":
        return _("Another question is shown only by this one's answer. Change that first.")
    return _("This question can't be asked so. Change its words.")


def _question_page(form: str, asking: QuestionForm, link_id: str) -> Response:
    status = 422 if asking.errors else 200
    return page("intake/question.html", at=form, form=asking, link_id=link_id, status=status)


def question_when(scope: Scope, form: str, link_id: str) -> Response:
    """What a question depends on: first the question that decides, then its answer."""
    which = of(scope, form)
    questionnaire, _is_draft = service.design(scope, which)
    item = service.question_of(scope, link_id, which)
    able = questionnaires.deciders(questionnaire, link_id)
    deciding = DecidingForm(request.args if "question" in request.args else None)
    deciding.question.choices = [(one.link_id, one.label) for one in able]
    asked = next((one for one in able if one.link_id == request.args.get("question")), None)
    condition = _condition_form(asked) if asked is not None else None
    if request.method == "POST" and (made := _made(item, asked, condition)) is not None:
        is_any = request.form.get("any") == "y" if "any" in request.form else item.any_condition
        try:
            service.change_form(
                scope, lambda before: questionnaires.depend(before, link_id, made, is_any=is_any), which
            )
            return redirect_to("intake.question_when", form=form, link_id=link_id)
        except questionnaires.QuestionnaireRefused as error:
            words = questionnaires.refusal_in_words(error.refusals[0])
            if condition is None:
                raise NotFound from error
            condition.refuse("comparison", words)
    return page(
        "intake/when.html",
        at=form,
        item=item,
        in_words=[questionnaires.condition_in_words(questionnaire, one) for one in item.conditions],
        able=able,
        deciding=deciding,
        asked=asked,
        form=condition,
        status=422 if condition is not None and condition.errors else 200,
    )


def _condition_form(asked: Any) -> ConditionForm:
    is_adding = request.method == "POST" and "add" in request.form
    form = ConditionForm(request.form if is_adding else None)
    form.comparison.choices = questionnaires.comparisons(asked)
    form.answer.choices = questionnaires.answers_to(asked)
    return form


def _made(item: Any, asked: Any, form: ConditionForm | None) -> list[Any] | None:
    """The conditions after the act, None when what was typed can't be one."""
    if "less" in request.form:
        number = request.form["less"]
        return [one for at, one in enumerate(item.conditions) if str(at) != number]
    if "any" in request.form:
        return list(item.conditions)
    if form is None or not form.validate():
        return None
    typed = form.answer.data if form.answer.choices else form.typed.data
    try:
        made = questionnaires.condition_on(asked, form.comparison.data, typed or "")
    except ValueError:
        form.refuse(
            "answer" if form.answer.choices else "typed", _("Give an answer that the question can have.")
        )
        return None
    return [*item.conditions, made]
