"""A forgotten password: asking for the link, and using it."""

from __future__ import annotations

from flask import Response, request

from core.accounts import service
from core.accounts.forms import ForgotForm, ResetForm
from core.accounts.words import refuse_password
from core.i18n import gettext as _
from core.spec.errors import Invalid, Refused
from core.tenancy import Scope
from core.web.entering import log_out
from core.web.pages import page


def forgot(scope: Scope) -> Response:
    """Ask for a link; the answer is the same for every address."""
    form = ForgotForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        service.ask_for_reset(scope, form.email.data)
        return page("accounts/forgot_sent.html")
    return page("accounts/forgot.html", form=form, status=422 if form.errors else 200)


def reset(scope: Scope, token: str) -> Response:
    """Choose another password; only sending the form uses the link up."""
    try:
        seen = service.open_reset(token)
        if request.method == "POST" and "ask_practice" in request.form and seen.questions:
            service.ask_practice(scope, token)
            return page("accounts/reset_asked.html")
        return _choose(scope, token, seen)
    except Refused as error:
        if error.code != "link_gone":
            raise
        return page("accounts/reset_gone.html", status=410)


def _choose(scope: Scope, token: str, seen: service.OpenReset) -> Response:
    form = ResetForm.asking(seen.questions)(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            answers = [field.data for field in form.answer_fields]
            service.replace_password(scope, token, form.password.data, answers)
        except Invalid as error:
            refuse_password(form, error)
        except Refused as error:
            if error.code not in ("wrong_answers", "too_many_tries"):
                raise
            form.form_errors.append(_("Not all answers are right. Check each of them."))
        else:
            log_out()
            return page("accounts/reset_done.html")
    if seen.questions and service.is_locked(seen.account_id):
        return page("accounts/reset_locked.html", status=422 if request.method == "POST" else 200)
    return page("accounts/reset.html", form=form, status=422 if form.errors else 200)
