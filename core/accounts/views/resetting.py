"""A forgotten password: asking for the link, and using it."""

from __future__ import annotations

from flask import Response, request

from core.accounts import service
from core.accounts.forms import ForgotForm, NewPasswordForm
from core.accounts.views.words import refuse_password
from core.spec.errors import Invalid, Refused
from core.tenancy import Scope
from core.web.guard import log_out
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
    form = NewPasswordForm(request.form if request.method == "POST" else None)
    try:
        service.open_reset(token)
        if request.method == "POST" and form.validate():
            service.replace_password(scope, token, form.password.data)
            log_out()
            return page("accounts/reset_done.html")
    except Invalid as error:
        refuse_password(form, error)
    except Refused as error:
        if error.code != "link_gone":
            raise
        return page("accounts/reset_gone.html", status=410)
    return page("accounts/reset.html", form=form, status=422 if form.errors else 200)
