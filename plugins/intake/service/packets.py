"""Packets: which forms a kind of client is asked, by when, and which of them every year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from plugins.intake.models import FormSeries, Packet
from vestibule.data import ClientRecord, Scope, note, now, today, transaction

KINDS = ("signed_up", "invited", "minor", "couple")
OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Asking:
    """One form of a packet."""

    series_id: UUID
    yearly: bool


@dataclass(frozen=True, slots=True)
class PacketDesign:
    """What a kind of client is asked; `due_days` counts from when it was asked, None for no day."""

    kind: str
    forms: tuple[Asking, ...] = ()
    due_days: int | None = None


def packets(scope: Scope) -> dict[str, PacketDesign]:
    """All packets of one provider, empty ones too; forms that were retired are left out."""
    open_ids = {row.id for row in scope.rows(FormSeries).where(FormSeries.retired_at.is_null())}
    found = {kind: PacketDesign(kind) for kind in KINDS}
    for row in scope.rows(Packet):
        asked = [Asking(UUID(one["series"]), bool(one["yearly"])) for one in row.forms]
        kept = tuple(one for one in asked if one.series_id in open_ids)
        found[row.kind] = PacketDesign(row.kind, kept, row.due_days)
    return found


def put_packet(scope: Scope, kind: str, forms: Sequence[Asking], due_days: int | None) -> None:
    """Ask a kind of client these forms from now on; who was asked already is not asked again."""
    values: dict[str, Any] = {
        "forms": [{"series": str(one.series_id), "yearly": one.yearly} for one in forms],
        "due_days": due_days,
        "changed_at": now(),
    }
    with transaction():
        row = scope.rows(Packet).where(Packet.kind == kind).first()
        if row is None:
            row = scope.add(Packet, kind=kind, **values)
        else:
            scope.change(row, **values)
        note(scope, "intake.packet_changed", row)


def packet_kind(client: ClientRecord, born: date | None = None) -> str:
    """Which packet a client is handed by itself: a minor's, else by how they came.

    `born` is what they have just told, where the record doesn't know it. A couple's is asked by hand.
    """
    born = born or client.birth_on
    if born is not None and _age(born) < OF_AGE:
        return "minor"
    return "signed_up" if client.origin == "self" else "invited"


def _age(born: date) -> int:
    day = today("UTC")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
