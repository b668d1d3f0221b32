"""Links by which clients join a chart and members a team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from core import i18n
from core.accounts import service
from core.accounts.forms import NewPasswordForm
from core.accounts.words import refuse_password
from core.spec.errors import Invalid, Refused
from core.tenancy import Account, Scope
from core.web.entering import log_in
from core.web.pages import page, redirect_to


def invitation(scope: Scope, token: str) -> Response:
    """A client opens the link, accepts, chooses a password and is in."""
    if request.method == "POST" and "again" in request.form:
        service.ask_again(scope, token)
        return page("accounts/invitation_again.html")
    return _answer(
        scope,
        token,
        "accounts/invitation.html",
        service.open_invitation,
        service.accept_with_password,
        service.accept_as_viewer,
    )


def welcome(scope: Scope, token: str) -> Response:
    """A member opens the link, chooses a password and is on the team."""
    return _answer(
        scope,
        token,
        "accounts/welcome.html",
        service.open_welcome,
        service.join_with_password,
        service.join_as_viewer,
    )


def _answer(
    scope: Scope,
    token: str,
    template: str,
    look: Callable[[Scope, str], Any],
    accept_new: Callable[[Scope, str, str, str], Account],
    accept_own: Callable[[Scope, str], Account],
) -> Response:
    form = NewPasswordForm(request.form if request.method == "POST" else None)
    try:
        seen = look(scope, token)
        if scope.account_id is not None and not seen.is_for_viewer:
            return page("accounts/other_account.html", seen=seen, status=403)
        if request.method == "POST":
            account = _accepted(scope, token, seen, form, accept_new, accept_own)
            if account is not None:
                log_in(account, is_staff=service.is_staff(account))
                return redirect_to("accounts.lead")
    except Refused as error:
        return _refused(error)
    is_choosing = "accept" in request.args or request.method == "POST"
    return page(
        template,
        form=form,
        seen=seen,
        is_choosing=is_choosing,
        status=422 if form.errors else 200,
    )


def _accepted(
    scope: Scope,
    token: str,
    seen: Any,
    form: NewPasswordForm,
    accept_new: Callable[[Scope, str, str, str], Account],
    accept_own: Callable[[Scope, str], Account],
) -> Account | None:
    if seen.is_for_viewer:
        return accept_own(scope, token)
    if seen.has_account or not form.validate():
        return None
    try:
        return accept_new(scope, token, form.password.data, i18n.current_locale())
    except Invalid as error:
        refuse_password(form, error)
        return None


def _refused(error: Refused) -> Response:
    """An expired link may ask for another; of all others nothing is told."""
    if error.code == "invitation_expired":
        return page("accounts/invitation_expired.html", status=410)
    if error.code in ("link_gone", "portal_closed", "other_account", "has_account"):
        return page("accounts/link_gone.html", status=410)
    if error.code in ("other_chart", "already_member"):
        return page("accounts/already_joined.html", status=409)
    raise error
