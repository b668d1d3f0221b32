"""The audit, as far as it names no client: acts, records and providers by their ids."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.operators import service
from core.spec.errors import NotFound
from core.tenancy import Scope
from core.web.pages import page
from core.web.words import moment_in_full

AT_ONCE = 50


def audit(scope: Scope) -> Response:
    """The newest acts, and older ones page by page."""
    before = request.args.get("before", "")
    try:
        lines = service.audit_lines(scope, before=UUID(before) if before else None, limit=AT_ONCE)
    except ValueError as error:
        raise NotFound from error
    older = lines[-1].id if len(lines) == AT_ONCE else None
    return page("operators/audit.html", lines=lines, older=older, moment_in_full=moment_in_full)
