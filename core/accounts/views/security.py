"""Settings: the password, security questions, and where one is logged in."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.accounts import service
from core.accounts.agents import browser_words
from core.accounts.forms import OwnPasswordForm, QuestionsForm
from core.accounts.words import QUESTIONS, refuse_password, refuse_questions
from core.i18n import gettext as _
from core.spec.errors import Invalid, Refused
from core.tenancy import Scope
from core.web.entering import current_login_id, renew
from core.web.pages import page, redirect_to


def password(scope: Scope) -> Response:
    """Another password; the present one is asked each time."""
    form = OwnPasswordForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate() and _is_changed(scope, form):
        renew()
        return redirect_to("accounts.settings", saved="password")
    return page("accounts/password.html", form=form, status=422 if form.errors else 200)


def _is_changed(scope: Scope, form: OwnPasswordForm) -> bool:
    try:
        service.change_password(
            scope, current_login_id(), current=form.current_password.data, new=form.password.data
        )
    except Invalid as error:
        refuse_password(form, error)
        return False
    except Refused as error:
        if error.code != "wrong_password":
            raise
        form.refuse("current_password", _("This is not your password. Check it and try again."))
        return False
    return True


def questions(scope: Scope) -> Response:
    """Three questions of one's own choice; the answers are never shown."""
    form = QuestionsForm(request.form if request.method == "POST" else None)
    chosen = service.own_questions(scope)
    if request.method == "GET":
        for field, code in zip((form.code1, form.code2, form.code3), chosen, strict=False):
            field.data = code
    elif form.validate():
        pairs = [(form[f"code{at}"].data, form[f"answer{at}"].data) for at in (1, 2, 3)]
        try:
            service.choose_questions(scope, [service.Answer(code, answer) for code, answer in pairs])
        except Invalid as error:
            refuse_questions(form, error)
        else:
            return redirect_to("accounts.questions", saved="yes")
    return page(
        "accounts/questions.html",
        form=form,
        chosen=[QUESTIONS[code] for code in chosen],
        is_saved="saved" in request.args,
        status=422 if form.errors else 200,
    )


def remove_questions(scope: Scope) -> Response:
    """Be asked nothing more after the mailed link."""
    service.remove_questions(scope)
    return redirect_to("accounts.questions")


def logins(scope: Scope) -> Response:
    """The browsers that are logged in to this account."""
    found = service.own_logins(scope, current_login_id())
    words = {one.id: browser_words(one.agent) for one in found}
    return page("accounts/logins.html", logins=found, words=words, has_ended="ended" in request.args)


def end_login(scope: Scope, login_id: UUID) -> Response:
    """Log one browser out."""
    service.end_own_login(scope, login_id)
    return redirect_to("accounts.logins", ended="yes")


def end_other_logins(scope: Scope) -> Response:
    """Log every browser out but this one."""
    service.end_other_logins(scope, current_login_id())
    return redirect_to("accounts.logins", ended="yes")
