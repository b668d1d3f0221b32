"""Health: what waits, what was given up or dropped, how jobs went, which plugins are not well."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.operators import service
from core.operators.views.routes import declared
from core.operators.words import reason_words
from core.spec.errors import NotFound
from core.tenancy import Scope
from core.web.pages import page, redirect_to
from core.web.words import moment_in_full


def health(scope: Scope) -> Response:
    """One page with all of it."""
    unwell = [each for each in service.facts(scope, declared()) if each.state in ("quarantined", "absent")]
    return page(
        "operators/health.html",
        health=service.health(scope),
        unwell=unwell,
        reason_words=reason_words,
        moment_in_full=moment_in_full,
        is_resumed="again" in request.args,
    )


def try_again(scope: Scope, row_id: UUID) -> Response:
    """A parked delivery falls due at once; one that isn't parked any more is none."""
    if not service.try_again(scope, row_id):
        raise NotFound
    return redirect_to("operators.health", again=1)
