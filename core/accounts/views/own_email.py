"""Settings: the e-mail address, its confirmation at the new address, and its undoing from the old one."""

from __future__ import annotations

from flask import Response, request

from core.accounts import service
from core.accounts.forms import OwnEmailForm
from core.i18n import gettext as _
from core.spec.errors import Invalid, Refused
from core.tenancy import Scope
from core.web.entering import current_login_id, log_out, renew
from core.web.pages import page, redirect_to


def email(scope: Scope) -> Response:
    """Ask for another address; the answer is the same whoever has it already."""
    form = OwnEmailForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            service.ask_for_email(scope, form.email.data)
        except Invalid:
            form.refuse("email", _("This is your address already."))
        else:
            return redirect_to("accounts.email")
    return page(
        "accounts/email.html",
        form=form,
        own=service.account_settings(scope),
        pending=service.pending_email(scope),
        status=422 if form.errors else 200,
    )


def cancel_email(scope: Scope) -> Response:
    """The address stays as it is."""
    service.cancel_email(scope)
    return redirect_to("accounts.email")


def confirm_email(scope: Scope, token: str) -> Response:
    """The link at the new address: opened by anybody, used only by the account that asked for it."""
    try:
        seen = service.open_email_change(scope, token)
        if request.method == "POST" and seen.is_for_viewer:
            service.confirm_email(scope, token, current_login_id())
            renew()
            return redirect_to("accounts.settings", saved="email")
    except Refused as error:
        if error.code not in ("link_gone", "taken"):
            raise
        return page("accounts/email_gone.html", status=410)
    return page(
        "accounts/email_confirm.html",
        email=seen.email if seen.is_for_viewer else "",
        is_other=scope.account_id is not None and not seen.is_for_viewer,
        status=403 if scope.account_id is not None and not seen.is_for_viewer else 200,
    )


def undo_email(scope: Scope, token: str) -> Response:
    """The link at the old address brings it back; only sending the form does."""
    try:
        service.open_undo(token)
        if request.method == "POST":
            service.undo_email(scope, token)
            log_out()
            return page("accounts/email_undone.html")
    except Refused as error:
        if error.code not in ("link_gone", "taken"):
            raise
        return page("accounts/email_gone.html", status=410)
    return page("accounts/email_undo.html")
