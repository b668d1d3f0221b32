"""When operators asked to read here, and why."""

from __future__ import annotations

from core.tenancy import OperatorAccess, Scope

MOST_SHOWN = 20


def operator_accesses(scope: Scope) -> list[OperatorAccess]:
    """The hours that operators had at this practice, the latest first."""
    rows = scope.rows(OperatorAccess).order_by(OperatorAccess.began_at.desc())
    return list(rows.limit(MOST_SHOWN))
