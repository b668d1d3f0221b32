"""The practice's side of a client who can't answer the security questions."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.accounts import service
from core.spec.errors import Refused
from core.tenancy import Scope
from core.web.pages import redirect_to
from core.web.records import record_page


def recovery(scope: Scope, client_id: UUID) -> Response:
    """Confirm that it is the client, and send a fresh link; or send none."""
    wish = service.recovery_of(scope, client_id)
    if request.method == "POST" and wish is not None:
        act = service.decline_recovery if "decline" in request.form else service.vouch_for
        try:
            act(scope, client_id)
        except Refused:
            wish = None
        else:
            done = "declined" if "decline" in request.form else "sent"
            return redirect_to("accounts.recovery", client_id=client_id, done=done)
    return record_page(
        "accounts/recovery.html",
        scope,
        client_id,
        wish=wish,
        done=request.args.get("done", ""),
        status=409 if request.method == "POST" else 200,
    )
