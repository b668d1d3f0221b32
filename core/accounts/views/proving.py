"""Step-up: the password is asked again before an act that could lock its owner out."""

from __future__ import annotations

from flask import Response, request, url_for

from core.accounts import service
from core.accounts.forms import ProofForm
from core.i18n import gettext as _
from core.spec.errors import Refused
from core.tenancy import Scope
from core.web.entering import current_login_id, renew
from core.web.pages import lead_to, page
from core.web.paths import own_path


def prove(scope: Scope) -> Response:
    """Give the password, then go on to what was begun."""
    is_post = request.method == "POST"
    form = ProofForm(
        request.form if is_post else None, data={"next": own_path(request.args.get("next")) or ""}
    )
    if is_post and form.validate() and _is_right(scope, form):
        renew()
        return lead_to(own_path(form.next.data) or url_for("accounts.settings"))
    return page("accounts/prove.html", form=form, status=422 if form.errors else 200)


def _is_right(scope: Scope, form: ProofForm) -> bool:
    try:
        service.prove_password(scope, current_login_id(), form.password.data)
    except Refused as error:
        if error.code != "wrong_password":
            raise
        form.refuse("password", _("This is not your password. Check it and try again."))
        return False
    return True
