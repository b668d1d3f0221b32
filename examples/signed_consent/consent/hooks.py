"""Everything that signed consent adds to the portal."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from vestibule.data import ClientRecord, DataSection, Erasure, Slot, Work
from vestibule.web import (
    AuditEvent,
    Card,
    ChartTab,
    Mark,
    Obstacle,
    Route,
    Scope,
    SettingsSection,
    hookimpl,
)
from vestibule.web import gettext as _

from . import service, views

BOTH = ("GET", "POST")
SETTINGS = "/practice/<slug>/settings/consent/"
TAB = "/practice/<slug>/clients/<uuid:client_id>/consent/"


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/consent/<uuid:client_id>/", views.read, "client", "one", BOTH),
        Route(SETTINGS, views.settings, "member", "one", BOTH, roles=("owner",)),
        Route(TAB, views.tab, "member", "one", roles=("owner", "clinician")),
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("consent.published", _("Published a consent text")),
        AuditEvent("consent.signed", _("Signed the consent")),
        AuditEvent("consent.signatures_read", _("Read the signatures")),
    ]


@hookimpl
def booking_obstacles(scope: Scope, client: ClientRecord, slot: Slot | None) -> Sequence[Obstacle]:
    if not service.is_waiting(scope, client):
        return []
    text, values = _("Before you can schedule, read and sign the consent."), {"client_id": client.id}
    return [Obstacle("consent_unsigned", text, "consent.read", _("Read and sign"), values)]


@hookimpl
def home_cards(scope: Scope) -> Sequence[Card]:
    waiting = service.waiting(scope) if scope.kind == "client" else []
    return [_card(client) for client in waiting]


def _card(client: ClientRecord) -> Card:
    return Card(
        title=_("Consent"),
        text=_("Needed before you can schedule."),
        endpoint="consent.read",
        action=_("Read and sign"),
        urgency="blocks",
        provider_id=client.provider_id,
        values={"client_id": client.id},
    )


@hookimpl
def work_queued(scope: Scope, work: Work) -> None:
    service.file_signed(scope, work.subject_id, _("Signed consent"), _("Signed as %(name)s."))


@hookimpl
def client_marks(scope: Scope, client_ids: frozenset[UUID]) -> Sequence[Mark]:
    unsigned = service.unsigned(scope, client_ids)
    return [Mark(client_id, _("Consent not signed"), "waits") for client_id in unsigned]


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [ChartTab(_("Consent"), "consent.tab", 75)]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    return [SettingsSection(_("Consent to sign"), "consent.settings", 65)]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return [DataSection("consent", _("Consent"), service.own_rows(scope, client.id))]


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    erased, kept = service.erase(scope, client)
    why = _("US health privacy rules ask that what was signed is kept for six years (45 CFR 164.530(j)).")
    return [Erasure(_("Consent"), erased, kept, why if kept else "")]
