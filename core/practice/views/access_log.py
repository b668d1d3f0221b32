"""Who opened or changed what: of one record, and of the whole practice."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from core.audit import Wanted
from core.practice import service
from core.tenancy import Scope
from core.tenancy.charts import client_record
from core.web.audit_log import log_of
from core.web.pages import page
from core.web.records import record_page


def access_log(scope: Scope, client_id: UUID) -> Response:
    """The tab Access log of a client's record."""
    client_record(scope, client_id)
    log = log_of(scope, Wanted(client_id=client_id))
    return record_page("practice/access_log.html", scope, client_id, **log)


def practice_log(scope: Scope) -> Response:
    """Everything at the practice for its owners; for others what concerns clients' records."""
    wanted = Wanted(is_about_clients=scope.role != "owner")
    names = service.client_names(scope)
    log = log_of(scope, wanted, lambda entry: names.get(entry.client_id, "") if entry.client_id else "")
    accesses = service.operator_accesses(scope) if scope.role == "owner" else []
    return page("practice/practice_log.html", accesses=accesses, **log)
