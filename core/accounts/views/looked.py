"""Who looked at my record: a client's own view of the audit."""

from __future__ import annotations

from flask import Response

from core.audit import Wanted
from core.tenancy import Scope
from core.web.audit_log import log_of
from core.web.pages import page


def looked(scope: Scope) -> Response:
    """What others did with the client's own records, named by provider when there are several."""
    names = {key: record.name for key, record in scope.records.items()} if len(scope.providers) > 1 else {}
    wanted = Wanted(is_about_clients=True, but_account_id=scope.account_id)
    log = log_of(scope, wanted, lambda entry: names.get(entry.provider_id, "") if entry.provider_id else "")
    return page("accounts/looked.html", **log)
