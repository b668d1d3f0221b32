"""What was switched, for reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core import db, subscriptions
from core.subscriptions import SwitchChange
from core.tenancy import Account, Provider, Scope


@dataclass(frozen=True, slots=True)
class Change:
    """One switching; `who` is the operator's name, empty for the command line."""

    row: SwitchChange
    who: str
    provider: str


def changes_of_provider(scope: Scope, provider_id: UUID | None = None, limit: int = 30) -> list[Change]:
    """What was switched for a provider, or for anybody; newest first."""
    here = [] if provider_id is None else [SwitchChange.provider_id == provider_id]
    return _told(scope, subscriptions.changes(scope, *here, limit=limit))


def changes_of_plugin(scope: Scope, plugin: str, limit: int = 30) -> list[Change]:
    """What was switched of a plugin, newest first."""
    is_its = (SwitchChange.kind == "plugin") & (SwitchChange.name == plugin)
    return _told(scope, subscriptions.changes(scope, is_its, limit=limit))


def _told(scope: Scope, rows: list[SwitchChange]) -> list[Change]:
    names = provider_names(scope, (row.provider_id for row in rows))
    who = _operator_names(row.changed_by for row in rows)
    return [Change(row, who.get(row.changed_by, ""), names.get(row.provider_id, "")) for row in rows]


def provider_names(scope: Scope, ids: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    wanted = sorted({key for key in ids if key is not None})
    rows = scope.rows(Provider, Provider.id, Provider.name).where(Provider.id.in_(wanted)) if wanted else ()
    return {row.id: row.name for row in rows}


def _operator_names(ids: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    wanted = sorted({key for key in ids if key is not None})
    mine = Account.id.in_(wanted) & Account.is_operator
    rows = db.house_rows(Account, Account.id, Account.name).where(mine) if wanted else ()
    return {row.id: row.name for row in rows}
