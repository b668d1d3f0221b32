"""Who looked at my record: a client's own view of the audit."""

from __future__ import annotations

from flask import Response

from core.audit import Entry, Wanted
from core.tenancy import Scope
from core.web.audit_log import log_of
from core.web.pages import page


def looked(scope: Scope) -> Response:
    """What others did with the client's own records, named by provider when there are several."""
    names = {key: record.name for key, record in scope.records.items()} if len(scope.providers) > 1 else {}

    def provider_of(entry: Entry) -> str:
        name = names.get(entry.provider_id, "") if entry.provider_id else ""
        return "" if name == entry.who else name

    wanted = Wanted(is_about_clients=True, but_account_id=scope.account_id)
    return page("accounts/looked.html", **log_of(scope, wanted, provider_of))
