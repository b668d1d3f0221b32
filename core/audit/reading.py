"""Reading the audit: who did what, page by page, with names as far as the reader may know them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from core import db
from core.audit.rows import AuditRow, title_of
from core.tenancy import Account, Client, Member, Scope

ROWS_A_PAGE = 50
_ID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")

Actor = Literal["client", "member", "operator", "system"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act; `who` is empty where the reader may know no name, `codes` are details without ids."""

    id: UUID
    at: datetime
    actor: Actor
    who: str
    title: str
    provider_id: UUID | None
    client_id: UUID | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts: about one client or any, by one account or any, from and to a moment."""

    client_id: UUID | None = None
    is_about_clients: bool = False
    account_id: UUID | None = None
    but_account_id: UUID | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None


def entries(scope: Scope, wanted: Wanted, before: UUID | None = None) -> tuple[list[Entry], UUID | None]:
    """A page of acts inside the scope, newest first, and where the next page begins."""
    rows = _filtered(scope, wanted)
    last = scope.maybe(AuditRow, before) if before is not None else None
    if last is not None:
        older = (AuditRow.at < last.at) | ((AuditRow.at == last.at) & (AuditRow.id < last.id))
        rows = rows.where(older)
    found = list(rows.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(ROWS_A_PAGE + 1))
    next_id = found[ROWS_A_PAGE - 1].id if len(found) > ROWS_A_PAGE else None
    shown = found[:ROWS_A_PAGE]
    names = _names(scope, shown)
    return [_entry(row, names) for row in shown], next_id


def actors(scope: Scope, wanted: Wanted) -> list[tuple[UUID, str]]:
    """The members who did something of what is wanted, by name; for a list to choose from."""
    ids = _filtered(scope, wanted).where(AuditRow.kind == "member").select(AuditRow.account_id).distinct()
    found = {row.account_id for row in ids if row.account_id}
    members = _members(scope, found)
    people = {account_id: name for (_provider, account_id), name in members.items()}
    return sorted(people.items(), key=lambda one: one[1])


def _filtered(scope: Scope, wanted: Wanted) -> Any:
    rows = scope.rows(AuditRow)
    if wanted.client_id is not None:
        rows = rows.where(AuditRow.client_id == wanted.client_id)
    if wanted.is_about_clients:
        rows = rows.where(AuditRow.client_id.is_null(False))
    if wanted.account_id is not None:
        rows = rows.where(AuditRow.account_id == wanted.account_id)
    if wanted.but_account_id is not None:
        others = AuditRow.account_id != wanted.but_account_id
        rows = rows.where(AuditRow.kind.in_(("member", "operator")) & others)
    if wanted.from_at is not None:
        rows = rows.where(AuditRow.at >= wanted.from_at)
    if wanted.to_at is not None:
        rows = rows.where(AuditRow.at < wanted.to_at)
    return rows


def _entry(row: Any, names: dict[tuple[Any, UUID], str]) -> Entry:
    known = row.kind in ("client", "member", "operator")
    actor: Actor = row.kind if known else "system"
    return Entry(
        id=row.id,
        at=row.at,
        actor=actor,
        who=names.get((row.provider_id, row.account_id), "") or names.get((actor, row.account_id), ""),
        title=title_of(row.event),
        provider_id=row.provider_id,
        client_id=row.client_id,
        codes=_codes(row),
    )


def _codes(row: Any) -> tuple[str, ...]:
    """What the details say without ids: a feature, a plugin's name, a role."""
    told = (str(value) for value in row.detail.values() if isinstance(value, str))
    return tuple(value for value in told if not _ID.fullmatch(value))


def _names(scope: Scope, rows: Collection[Any]) -> dict[tuple[Any, UUID], str]:
    """Names by provider and account, or by kind and account: of members for all, of clients for members."""
    ids = {row.account_id for row in rows if row.account_id is not None}
    names: dict[tuple[Any, UUID], str] = dict(_members(scope, ids))
    if scope.kind == "member":
        clients = scope.rows(Client).where(Client.account_id.in_(sorted(ids)))
        names |= {(row.provider_id, row.account_id): row.full_name for row in clients} if ids else {}
    if scope.kind == "operator":
        operators = {row.account_id for row in rows if row.kind == "operator" and row.account_id}
        people = db.house_rows(Account, Account.id, Account.name).where(Account.id.in_(sorted(operators)))
        names |= {("operator", row.id): row.name for row in people} if operators else {}
    return names


def _members(scope: Scope, account_ids: Collection[UUID]) -> dict[tuple[Any, UUID], str]:
    """Names of members by provider and account, of those too who were removed since."""
    if not account_ids:
        return {}
    rows = db.house_rows(Member, Member.provider_id, Member.account_id, Member.name)
    rows = rows.where(Member.account_id.in_(sorted(account_ids)))
    if scope.kind != "operator":
        rows = rows.where(Member.provider_id.in_(sorted(scope.providers)))
    return {(row.provider_id, row.account_id): row.name for row in rows}
