"""Who did what to which record, when and from where: ids only, in the transaction of the act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

import peewee

from core import clock, db
from core.spec.errors import ScopeRequired, VestibuleError
from core.spec.scope import Scope
from core.spec.types import AuditEvent

# Truths too: a bool is an int.
Detail = UUID | int | str | None

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_titles: dict[str, str] = {}


class Unwritten(VestibuleError):
    """The audit could not be written, so nothing may be shown of what was to be read."""


class Record(Protocol):
    """A row or a record: what an act was about."""

    @property
    def id(self) -> UUID: ...


class AuditRow(db.HouseModel):
    """One sensitive act; never changed, never deleted by hand."""

    at = db.Moment()
    provider_id = db.Id(null=True)
    client_id = db.Id(null=True)
    account_id = db.Id(null=True)
    kind = db.Words()
    event = db.Words()
    record_table = db.Words(default="")
    record_id = db.Id(null=True)
    address = db.Words(default="")
    detail = db.Json(default=dict)
    seq = db.Number(null=True)
    chain_hash = db.Blind(null=True)

    class Meta:
        table_name = "audit_row"

    @classmethod
    def within(cls, scope: Any) -> Any:
        """Members read what happened at their provider, clients what was done with their own record."""
        if scope.is_unlimited or scope.kind == "operator":
            return None
        if scope.kind not in ("client", "member", "system"):
            raise ScopeRequired("nobody else reads the audit")
        inside = cls.provider_id.in_(sorted(scope.providers))
        if scope.kind == "client":
            return inside & cls.client_id.in_(sorted(scope.clients.values()))
        return inside


def declare(events: Iterable[AuditEvent]) -> None:
    """Take the events that rooms and plugins declare; only these can be noted."""
    _titles.update({event.name: event.title for event in events})


def title_of(event: str) -> str:
    """The event's title, to be put through gettext; its bare name where its plugin is gone."""
    return _titles.get(event, event)


def note(
    scope: Scope,
    event: str,
    record: Record | None = None,
    provider_id: UUID | None = None,
    **ids: Detail,
) -> None:
    """Append an act inside its transaction; `ids` are ids, numbers and codes, never words of people.

    The provider is the record's, else the scope's if it has just one. Raises ValueError for an event
    that nobody declared and for details that aren't codes.
    """
    if event not in _titles:
        raise ValueError(f"{event} is no declared audit event")
    provider_id = provider_id or getattr(record, "provider_id", None) or _only_provider(scope)
    db.house_add(
        AuditRow,
        at=clock.now(),
        provider_id=provider_id,
        client_id=_client_of(record, ids),
        account_id=scope.account_id,
        kind="operator" if scope.access_id else scope.kind,
        event=event,
        record_table=_table_of(record),
        record_id=None if record is None else record.id,
        address=scope.address,
        detail={name: _code(name, value) for name, value in ids.items()},
    )


def note_read(
    scope: Scope,
    event: str,
    record: Record | None = None,
    provider_id: UUID | None = None,
    **ids: Detail,
) -> None:
    """Append a reading in a transaction of its own. Raises Unwritten: then nothing may be shown."""
    try:
        with db.transaction():
            note(scope, event, record, provider_id, **ids)
    except (peewee.PeeweeException, db.Busy) as error:
        raise Unwritten from error


def _only_provider(scope: Scope) -> UUID | None:
    return next(iter(scope.providers)) if len(scope.providers) == 1 else None


def _client_of(record: Record | None, ids: Mapping[str, Detail]) -> UUID | None:
    """Whose record it was about: the record's own client, else the one that is told."""
    if record is not None and _table_of(record) in ("client", "ClientRecord"):
        return record.id
    told = getattr(record, "client_id", None) or ids.get("client_id")
    return told if isinstance(told, UUID) else None


def _table_of(record: Record | None) -> str:
    if record is None:
        return ""
    meta = getattr(record, "_meta", None)
    return str(meta.table_name) if meta is not None else type(record).__name__


def _code(name: str, value: Detail) -> int | str | None:
    if value is None or isinstance(value, int):
        return value
    if not _CODE.fullmatch(str(value)):
        raise ValueError(f"{name}: an audit row holds ids and codes only")
    return str(value)
