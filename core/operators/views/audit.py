"""The audit, as far as it names no client and no content."""

from __future__ import annotations

from flask import Response

from core.audit import Entry, Wanted
from core.operators import service
from core.tenancy import Scope
from core.web.audit_log import log_of
from core.web.pages import page


def audit(scope: Scope) -> Response:
    """Acts at all providers, the newest first."""
    names = {row.id: row.name for row, _held in service.providers(scope)}

    def about(entry: Entry) -> str:
        codes = entry.codes if entry.client_id is None else ()
        provider = names.get(entry.provider_id, "") if entry.provider_id else ""
        return " · ".join(part for part in (provider, *codes) if part)

    return page("operators/audit.html", **log_of(scope, Wanted(), about))
