"""Erasing a client's data: every room and plugin is asked, and what each did is kept to be seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from core import audit, clock, db, hooks
from core.appointments.service import ahead_of_client
from core.i18n import gettext as _
from core.spec.errors import NotFound, Refused
from core.spec.own_data import Erasure, OwnPart
from core.spec.types import ClientRecord
from core.tenancy import Client, ErasurePart, Scope, changes

Told = list[dict[str, Any]]


def erase_client(scope: Scope, client_id: UUID) -> None:
    """Erase what every room and plugin keeps about a client; again takes up what was missing.

    The chart is closed first, so that nothing new comes to it; then each part erases by itself, and one that
    can't leaves the others done. Raises NotFound outside the scope, Refused("appointments_ahead").
    """
    record = _close(scope, client_id)
    parts = hooks.recorded("erase_client_data", scope.about(record), client=record)
    with db.transaction():
        before = {row.plugin: row for row in _parts(scope, client_id)}
        for part in parts:
            _keep(scope, client_id, part, before.pop(part.plugin, None))
        for row in before.values():
            # Neither here nor missing any more: what it kept went with it.
            scope.remove(row)
        missing = sum(part.state != "whole" for part in parts)
        audit.note(scope, "practice.client_erased", scope.one(Client, client_id), missing=missing)


def _close(scope: Scope, client_id: UUID) -> ClientRecord:
    with db.transaction():
        query = scope.rows(Client).where(Client.id == client_id)
        if db.dialect() == "postgresql":
            # Whoever books or writes meanwhile holds the row too, and is waited for.
            query = query.for_update()
        chart: Client | None = query.first()
        if chart is None:
            raise NotFound
        if ahead := ahead_of_client(scope, client_id):
            raise Refused("appointments_ahead", count=ahead)
        now = clock.now()
        ended_at = chart.ended_at or (now if chart.joined_at is not None else None)
        scope.change(chart, erased_at=chart.erased_at or now, ended_at=ended_at)
        if chart.account_id is not None:
            changes.announce("account", chart.account_id)
        audit.note(scope, "practice.erasure_begun", chart)
    record: ClientRecord = chart.record()
    return record


def _keep(scope: Scope, client_id: UUID, part: OwnPart, before: ErasurePart | None) -> None:
    """Write down what a part did, with what it did before where it was asked again."""
    told = _together((before.told if before is not None else None) or [], part)
    values = {"title": part.title, "state": part.state, "told": told, "asked_at": clock.now()}
    if before is not None:
        scope.change(before, **values)
    else:
        scope.add(ErasurePart, client_id=client_id, plugin=part.plugin, **values)


def _together(before: Told, part: OwnPart) -> Told:
    if part.state != "whole":
        return before
    erased = {each["title"]: each["erased"] for each in before}
    return [
        {
            "title": str(each.title),
            "erased": each.erased + erased.get(str(each.title), 0),
            "kept": each.kept,
            "why": str(each.why),
        }
        for each in part.answers
    ]


def erased_at(scope: Scope, client_id: UUID) -> datetime | None:
    """When the chart's data was erased, if it was. Raises NotFound outside the scope."""
    at: datetime | None = scope.one(Client, client_id).erased_at
    return at


def erasure_parts(scope: Scope, client_id: UUID) -> list[ErasurePart]:
    """What each part did, those that are missing first."""
    return sorted(_parts(scope, client_id), key=lambda row: (row.state == "whole", row.title))


def unfinished_erasures(scope: Scope) -> dict[UUID, datetime]:
    """The charts of which a part was not erased, or was never asked, with when it was begun."""
    begun = scope.rows(Client, Client.id, Client.erased_at).where(Client.erased_at.is_null(False))
    erased = {row.id: row.erased_at for row in begun}
    if not erased:
        return {}
    rows = scope.rows(ErasurePart, ErasurePart.client_id, ErasurePart.state)
    states: dict[UUID, set[str]] = {client_id: set() for client_id in erased}
    for row in rows.where(ErasurePart.client_id.in_(sorted(erased))):
        states[row.client_id].add(row.state)
    return {client_id: at for client_id, at in erased.items() if states[client_id] != {"whole"}}


def _parts(scope: Scope, client_id: UUID) -> list[ErasurePart]:
    return list(scope.rows(ErasurePart).where(ErasurePart.client_id == client_id))


def kept_in_audit(scope: Scope) -> list[Erasure]:
    """The rows of the audit about the scope's one client: ids only, and never changed."""
    about = audit.AuditRow.client_id == scope.client_id
    count = int(scope.rows(audit.AuditRow, audit.AuditRow.id).where(about).count())
    why = _(
        "Who did what to the record, by numbers and without a word of it: health privacy rules ask that this"
        " is kept for six years (45 CFR 164.316(b)(2)), and a row taken out would break the log's proof."
    )
    return [Erasure(_("Access log"), kept=count, why=why if count else "")]
