"""Something of everything in a practice's record, for whoever opens every page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core import clock, db, subscriptions
from core.tenancy import Scope, charts
from plugins.intake import service as intake
from plugins.intake.models import EarlierIntake, Filing, Intake
from plugins.intake.views.starter import clinical_history
from plugins.myclientsplus import service as record
from tests.support.house import House
from vestibule.data import Address, packed, questionnaires, records

# Each form of the record, and what is sent to it so that it complains; then the acts that never do.
OWN = ("amend_note", "change_note", "charge", "payment", "person", "write_note")
WRONG: dict[str, dict[str, str]] = {f"myclientsplus.{name}": {} for name in OWN}
WRONG["intake.record_form"] = {"bring": "1"}
NEVER_WRONG = tuple(f"myclientsplus.{name}" for name in ("cancel_charge", "drop_note", "sign_note"))
NEVER_WRONG += ("intake.at_record",)
WRONG["myclientsplus.import_file"] = {"kind": "clients"}
NEVER_WRONG += ("myclientsplus.import_lines",)
FILE = b"Client number,First name,Last name\nA-1,Zora,Aberg\nA-2,=1+1,Smith\n"
LONG = "A long evening's walk along the lake, told in one sentence without an end. " * 6


def furnish(house: House, member: str, slug: str, client_id: UUID) -> dict[str, str]:
    """Ids of a signed note of the member's, a draft, a charge and a document; the record form is chosen."""
    house_scope = Scope.system("test", house.provider_id(slug))
    subscriptions.switch(house_scope, house_scope.provider_id, "MCP", is_on=True)
    scope = house.member_scope(member, slug)
    at = clock.now()
    told: Any = {"kind": "progress", "title": "First session", "body": LONG, "written_at": at}
    signed, draft = (record.begin_note(scope, client_id, **told) for _ in range(2))
    record.sign_note(scope, client_id, signed.id, 1)
    kept = record.EmbeddedRecord(scope)
    charge = records.Charge("Session", date(2026, 3, 4), 12_000, "USD")
    charged = kept.ledger.add_charge(client_id, charge, key="a charge".replace(" ", "-"))
    paid = records.Payment("payment", 2_000, "USD", at, "cash", (), "receipt 7")
    kept.ledger.record_payment(client_id, paid, key="a-payment")
    slot = record.add_slot(scope, client_id, "Thought record", date(2026, 12, 4))
    letter = records.Document("Letter", "letter", "text/plain", b"Dear colleague", at, str(slot.id))
    filed = kept.documents.file(client_id, letter, key="a-letter")
    intake.publish_record_form(scope, clinical_history())
    brought = record.keep_file(scope, "clients", FILE)
    _differ(house_scope, client_id)
    return {
        "note_id": str(signed.id),
        "draft_id": str(draft.id),
        "charge_id": charged.ref,
        "document_id": filed.ref,
        "import_id": str(brought.id),
    }


def _differ(scope: Scope, client_id: UUID) -> None:
    """A submission whose address stands otherwise in the record."""
    chart = charts.demographics(scope, client_id)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with db.transaction():
        row = scope.rows(Intake).where(Intake.client_id == client_id).first()
        if row is None:
            empty = questionnaires.write_response(questionnaires.response_of(chart))
            told = {"status": "begun", "about_you": empty, "begun_at": at, "saved_at": at}
            row = scope.add(Intake, client_id=client_id, **told)
        if row.status == "begun":
            scope.change(row, returned_at=at)
        _earlier(scope, row, at)
        ours = packed(chart) | {"address": packed(Address("5 New Street", city="Evanston"))}
        theirs = packed(chart) | {"address": packed(Address("7 Old Street", city="Chicago"))}
        common = {"client_id": client_id, "intake_id": row.id, "queued_at": at}
        told = {"told": ours, "before": packed(chart), "theirs": theirs}
        scope.add(Filing, kind="demographics", state="differs", **told, **common)
        content = intake_note()
        scope.add(Filing, kind="note", state="waiting", error="unreachable", told=content, **common)


def _earlier(scope: Scope, row: Any, at: datetime) -> None:
    """What came in before the practice sent it back."""
    told = {"about_you": row.about_you, "submitted_at": at, "returned_at": at, "note": LONG}
    scope.add(EarlierIntake, client_id=row.client_id, intake_id=row.id, **told)


def intake_note() -> dict[str, object]:
    return {
        "title": "Clinical history",
        "text": LONG,
        "answers": None,
        "written_at": "2026-03-01T00:00:00+00:00",
    }
