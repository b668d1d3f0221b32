"""A provider's public page and signing up there."""

from __future__ import annotations

from flask import Response, request, session

from core import i18n
from core.accounts import service
from core.accounts.forms import CodeForm, NewPasswordForm, SignupForm
from core.accounts.words import refuse_password
from core.i18n import gettext as _
from core.spec.errors import Invalid, Refused
from core.tenancy import Scope
from core.web.entering import log_in
from core.web.pages import page, redirect_to


def public(scope: Scope, slug: str) -> Response:
    """Who the provider is and the way in."""
    return page("accounts/public.html", provider=service.open_provider(slug))


def signup(scope: Scope, slug: str) -> Response:
    """Sign up; the answer is the same whether the address is known or not."""
    provider = service.open_provider(slug)
    form = SignupForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        person = service.NewPerson(
            given_name=form.given_name.data,
            family_name=form.family_name.data,
            email=form.email.data,
            password=form.password.data,
            locale=i18n.current_locale(),
        )
        try:
            token = service.sign_up(scope, provider.id, person)
        except Invalid as error:
            refuse_password(form, error)
        else:
            session["signup"] = token
            return redirect_to("accounts.confirm", token=token)
    return page("accounts/signup.html", form=form, provider=provider, status=422 if form.errors else 200)


def confirm(scope: Scope, token: str) -> Response:
    """Show that the address is one's own, by the code or the link, and come in."""
    try:
        seen = service.open_signup(scope, token, _page_token())
        if request.method == "POST" and not seen.is_proven:
            return _take_code(scope, token)
        if seen.is_proven and scope.account_id is not None and not seen.is_for_viewer:
            return page("accounts/other_account.html", seen=None, status=403)
        if request.method == "POST" and (seen.is_for_viewer or not seen.has_account):
            return _finish(scope, token)
    except Refused as error:
        return _gone(error)
    if not seen.is_proven:
        return page("accounts/code.html", form=CodeForm(None))
    return page("accounts/confirm.html", seen=seen, form=NewPasswordForm(None))


def _take_code(scope: Scope, token: str) -> Response:
    form = CodeForm(request.form)
    if form.validate():
        try:
            service.prove(token, form.code.data)
        except Refused as error:
            if error.code != "wrong_code":
                raise
            form.refuse("code", _("This code is not the one in the e-mail. Check all six digits."))
        else:
            seen = service.open_signup(scope, token, _page_token())
            is_new = scope.account_id is None and not seen.has_account
            return _finish(scope, token) if is_new else redirect_to("accounts.confirm", token=token)
    return page("accounts/code.html", form=form, status=422)


def _finish(scope: Scope, token: str) -> Response:
    seen = service.open_signup(scope, token, _page_token())
    form = NewPasswordForm(request.form)
    is_choosing = not seen.has_account and not seen.knows_password
    if is_choosing and not form.validate():
        return page("accounts/confirm.html", seen=seen, form=form, status=422)
    password = form.password.data if is_choosing else ""
    try:
        account = service.confirm(scope, token, page_token=_page_token(), password=password)
    except Invalid as error:
        refuse_password(form, error)
        return page("accounts/confirm.html", seen=seen, form=form, status=422)
    log_in(account, is_staff=service.is_staff(account))
    return redirect_to("accounts.lead")


def _page_token() -> str:
    return str(session.get("signup", ""))


def _gone(error: Refused) -> Response:
    if error.code in ("link_gone", "portal_closed", "has_account", "other_account"):
        return page("accounts/link_gone.html", status=410)
    if error.code == "join_ended":
        return page("accounts/already_joined.html", status=409)
    raise error
