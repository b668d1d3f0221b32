"""Coming in, going out, and where the front door leads."""

from __future__ import annotations

from flask import Response, current_app, request, url_for

from core.accounts import service
from core.accounts.forms import LoginForm
from core.accounts.views.demo import demo_people
from core.i18n import gettext as _
from core.spec.errors import Refused
from core.tenancy import Account, Scope
from core.web import kept
from core.web.entering import log_in, log_out
from core.web.guard import LoginRequired
from core.web.onward import may_open
from core.web.pages import lead_to, page, redirect_to
from core.web.paths import own_path

# No endpoint names: these rooms stand above this one.
LEADS = {
    "client": "/inbox/",
    "member": "/practice/",
    "operator": "/operator/",
    "closed": "/closed/",
}


def login(scope: Scope) -> Response:
    """Log in, then go on to what was asked for."""
    is_post = request.method == "POST"
    asked = own_path(request.args.get("next"))
    if scope.account_id is not None and not is_post:
        return _onward(service.account_with_id(scope.account_id), asked)
    form = LoginForm(request.form if is_post else None, data={"next": asked or ""})
    if is_post and form.validate() and (account := _let_in(scope, form)):
        return _onward(account, own_path(form.next.data))
    settings = current_app.config["SETTINGS"]
    return page(
        "accounts/login.html",
        form=form,
        status=422 if form.errors else 200,
        is_kept=kept.is_waiting(),
        demo_people=demo_people(settings),
        mailbox_url=settings.mailbox_url,
    )


def _onward(account: Account, asked: str | None) -> Response:
    return lead_to(asked if asked and may_open(account, asked) else url_for("accounts.lead"))


def _let_in(scope: Scope, form: LoginForm) -> Account | None:
    try:
        account = service.recognise(scope, form.email.data, form.password.data)
    except Refused as error:
        if error.code != "wrong_login":
            raise
        form.form_errors.append(_("The e-mail address or the password is wrong. Check both."))
        return None
    log_in(account, is_staff=service.is_staff(account))
    return account


def logout(scope: Scope) -> Response:
    """Log out; nothing is left in this browser."""
    if scope.account_id is not None:
        service.note_logout(scope)
    log_out()
    answer = redirect_to("accounts.login")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def lead(scope: Scope) -> Response:
    """The front door leads each person to their own first page."""
    if scope.account_id is None:
        raise LoginRequired
    account = service.account_with_id(scope.account_id)
    return lead_to(LEADS[service.standing_of(account)])


def closed(scope: Scope) -> Response:
    """What is left where every portal of a client is closed: whom to call."""
    if scope.account_id is None:
        raise LoginRequired
    return page("accounts/closed.html", providers=service.closed_portals(scope.account_id))
