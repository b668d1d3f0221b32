"""Forms that clients are asked to fill in: handed out by packet, asked by hand, asked again each year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from peewee import SQL

from plugins.intake.models import FormRequest, FormSeries, Intake
from plugins.intake.service.packets import packet_kind, packets
from plugins.intake.service.series import OPEN, published_series
from vestibule.data import (
    ClientRecord,
    NotFound,
    PreparedRows,
    Refused,
    Scope,
    client_record,
    client_records,
    hint,
    note,
    now,
    today,
    transaction,
)

AGAIN_DAYS = 30  # by when a yearly form is due once it is asked again


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as one client stands to it; without a row while the packet was not handed out yet."""

    client: ClientRecord
    series: FormSeries
    request: FormRequest | None
    due_on: date | None

    @property
    def state(self) -> str:
        """`asked`, `begun`, `sent`, `accepted`, `returned`, `withdrawn`, or `expired` for a release."""
        if self.request is None:
            return "asked"
        is_held = self.request.status in ("sent", "accepted")
        if is_held and self.request.expires_on is not None and self.request.expires_on < today("UTC"):
            return "expired"
        return str(self.request.status)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today("UTC")


def asked_of(scope: Scope, client: ClientRecord) -> list[Asked]:
    """All forms that this client is or was asked, each as it stands now; those that are open first."""
    inner = scope.narrow(client.provider_id)
    rows = list(_newest_first(inner).where(FormRequest.client_id == client.id))
    names = _series(inner, {row.series_id for row in rows})
    found: dict[UUID, Asked] = {}
    for row in rows:
        one = Asked(client, names[row.series_id], row, row.due_on)
        if row.series_id not in found or one.is_open:
            found[row.series_id] = one
    if not rows and _is_to_be_handed_out(inner, client):
        found = {one.series.id: one for one in _of_packet(inner, client)}
    return sorted(found.values(), key=lambda one: (not one.is_open, one.series.title))


def current(scope: Scope, client_id: UUID, series_id: UUID) -> Asked:
    """One of them. Raises NotFound for a form that this client was never asked."""
    client = client_record(scope, client_id)
    for one in asked_of(scope, client):
        if one.series.id == series_id:
            return one
    raise NotFound


def _newest_first(scope: Scope) -> Any:
    return scope.rows(FormRequest).order_by(FormRequest.asked_at.desc(), FormRequest.id.desc())


def _series(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, FormSeries]:
    wanted = sorted(ids)
    rows = scope.rows(FormSeries).where(FormSeries.id.in_(wanted)) if wanted else ()
    return {row.id: row for row in rows}


def _is_to_be_handed_out(scope: Scope, client: ClientRecord) -> bool:
    is_asked = client.origin == "self" or client.needs_intake_first
    return is_asked and not scope.rows(Intake, Intake.id).where(Intake.client_id == client.id).exists()


def _of_packet(scope: Scope, client: ClientRecord, kind: str = "") -> list[Asked]:
    design = packets(scope)[kind or packet_kind(client)]
    names = {series.id: series for series in published_series(scope)}
    days = design.due_days
    due_on = None if days is None else today("UTC") + timedelta(days=days)
    asked = [one.series_id for one in design.forms if one.series_id in names]
    return [Asked(client, names[series_id], None, due_on) for series_id in asked]


def hand_out(scope: Scope, client: ClientRecord, kind: str = "", *, blocks: bool = True) -> None:
    """Ask this client the forms of a packet that they were never asked; stands in a transaction."""
    design = packets(scope)[kind or packet_kind(client)]
    yearly = {one.series_id: one.yearly for one in design.forms}
    before = {row.series_id for row in _newest_first(scope).where(FormRequest.client_id == client.id)}
    for one in _of_packet(scope, client, kind):
        if one.series.id not in before:
            _ask(scope, client.id, one.series.id, one.due_on, yearly=yearly[one.series.id], blocks=blocks)


def _ask(
    scope: Scope, client_id: UUID, series_id: UUID, due_on: date | None, *, yearly: bool, blocks: bool
) -> FormRequest:
    row: FormRequest = scope.add(
        FormRequest,
        client_id=client_id,
        series_id=series_id,
        status="asked",
        blocks=blocks,
        yearly=yearly,
        due_on=due_on,
        passed=[],
        asked_at=now(),
    )
    return row


def ask_for(
    scope: Scope, client_id: UUID, series_id: UUID, due_on: date | None = None, *, yearly: bool = False
) -> None:
    """Ask one client for one form, by hand; it stands before nothing.

    Raises NotFound, and Refused("asked_already") while the same is open.
    """
    client = client_record(scope, client_id)
    if series_id not in {series.id for series in published_series(scope)}:
        raise NotFound
    is_open = FormRequest.status.in_(OPEN) & (FormRequest.series_id == series_id)
    with transaction():
        if scope.rows(FormRequest).where(is_open & (FormRequest.client_id == client.id)).exists():
            raise Refused("asked_already")
        row = _ask(scope, client.id, series_id, due_on, yearly=yearly, blocks=False)
        note(scope, "intake.form_asked", row)
        hint(scope, "intake", client_id=client.id)


def ask_packet(scope: Scope, client_id: UUID, kind: str) -> None:
    """Ask one client all forms of a packet that they were never asked, by hand."""
    client = client_record(scope, client_id)
    with transaction():
        hand_out(scope, client, kind, blocks=False)
        note(scope, "intake.packet_asked", client_id=client.id)
        hint(scope, "intake", client_id=client.id)


def open_requests(scope: Scope) -> list[Asked]:
    """What is open for all clients of the scope, what is due first."""

    def ask() -> list[Asked]:
        if scope.kind == "client":
            return _with_names(scope, [row for row in at_hand(scope) if row.series_id is not None])
        return _with_names(scope, _short_rows(scope, OPEN))

    found: list[Asked] = scope.once("intake.open", ask)
    return found


def at_hand(scope: Scope) -> list[FormRequest]:
    """A client's open requests, and without a series their intakes: each page asks for both, by one query."""
    found: list[FormRequest] = scope.once("intake.at_hand", lambda: _at_hand(scope))
    return found


def _both(scope: Scope) -> Any:
    nothing = SQL("NULL")
    columns = [getattr(Intake, OF_BOTH[name]) if name in OF_BOTH else nothing for name in SHORT]
    return _short(scope).where(FormRequest.status.in_(OPEN)) + scope.rows(Intake, *columns)


_at_hand = PreparedRows(_both)


def to_look_at(scope: Scope) -> list[Asked]:
    """What was sent and nobody accepted or sent back yet, oldest first."""
    found = _with_names(scope, _short_rows(scope, ("sent",)))
    return sorted(found, key=lambda one: str(one.request and one.request.sent_at))


SHORT = (
    "id provider_id client_id series_id status blocks yearly due_on expires_on asked_at sent_at looked_at"
).split()
# What an intake calls what a request has too: it is looked at when it is sent back.
OF_BOTH = {name: name for name in ("id", "provider_id", "client_id", "status", "blocks")}
OF_BOTH["looked_at"] = "returned_at"


def _short(scope: Scope) -> Any:
    return scope.rows(FormRequest, *(FormRequest._meta.fields[name] for name in SHORT))


def _short_rows(scope: Scope, statuses: tuple[str, ...]) -> list[FormRequest]:
    return list(_short(scope).where(FormRequest.status.in_(statuses)))


def _with_names(scope: Scope, rows: list[FormRequest]) -> list[Asked]:
    if not rows:
        return []
    names = _series(scope, {row.series_id for row in rows})
    ids = None if scope.kind == "client" else frozenset(row.client_id for row in rows)
    clients = {client.id: client for client in client_records(scope, ids)}
    found = [Asked(clients[row.client_id], names[row.series_id], row, row.due_on) for row in rows]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.series.title))


def blocks_by_forms(scope: Scope, client: ClientRecord) -> bool:
    """Whether a form of the packet stands open that was handed out before the first appointment."""
    rows = scope.rows(FormRequest, FormRequest.id).where(
        (FormRequest.client_id == client.id) & FormRequest.blocks & FormRequest.status.in_(OPEN)
    )
    return bool(rows.exists())


def ask_again(scope: Scope) -> None:
    """Ask the yearly forms whose year is over; for a job, one provider at a time."""
    due = FormRequest.again_on.is_null(False) & (FormRequest.again_on <= today("UTC"))
    for found in list(scope.rows(FormRequest, FormRequest.id).where(due)):
        with transaction():
            row = scope.maybe(FormRequest, found.id)
            if row is None or row.again_on is None:
                continue
            scope.change(row, again_on=None)
            mine = (FormRequest.client_id == row.client_id) & (FormRequest.series_id == row.series_id)
            if scope.rows(FormRequest).where(mine & FormRequest.status.in_(OPEN)).exists():
                continue
            until = today("UTC") + timedelta(days=AGAIN_DAYS)
            _ask(scope, row.client_id, row.series_id, until, yearly=True, blocks=False)
