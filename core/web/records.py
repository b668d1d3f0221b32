"""A client's record: the fixed head and the tabs around what one tab shows."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Response

from core.spec.scope import Scope as Asker
from core.tenancy import Scope
from core.tenancy.charts import client_record, demographics
from core.web import slots
from core.web.pages import page


def record_page(
    template: str, scope: Asker, client_id: UUID, *, fragment: str | None = None, **context: Any
) -> Response:
    """A tab of the record; `template` extends practice/record.html and fills its block `tab`.

    The template has `client` (a ClientRecord), `person` (its Demographics), `tabs` and `head_facts` besides
    its own context. Raises NotFound outside the scope.
    """
    client = client_record(scope, client_id)
    around: dict[str, Any] = {
        "tabs": slots.chart_tabs(cast("Scope", scope), client_id),
        "head_facts": slots.chart_facts(cast("Scope", scope), client_id),
        "person": demographics(scope, client_id),
    }
    return page(template, fragment=fragment, client=client, **around, **context)
