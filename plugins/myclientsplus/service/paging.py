"""Pages of entries, newest first, each asked for by where the last one ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from plugins.myclientsplus.service.writing import id_of
from vestibule.data import records

MOST = 200
_Entry = TypeVar("_Entry")


def page_of(
    rows: Any, model: Any, moment: Any, kept: Callable[[Any], _Entry], after: str, limit: int
) -> records.Page[_Entry]:
    """Up to `limit` entries after the one whose ref is `after`. Raises ConnectorFailed `refused`."""
    limit = max(1, min(limit, MOST))
    if after:
        last_id = id_of(after)
        last = rows.where(model.id == last_id).first()
        if last is None:
            return records.Page(())
        at = getattr(last, moment.name)
        rows = rows.where((moment < at) | ((moment == at) & (model.id < last_id)))
    found = list(rows.order_by(moment.desc(), model.id.desc()).limit(limit + 1))
    more = str(found[limit - 1].id) if len(found) > limit else ""
    return records.Page(tuple(kept(row) for row in found[:limit]), more)
