"""Everything that the mood check-in adds to the portal."""

from __future__ import annotations

from collections.abc import Sequence

from vestibule.data import ClientRecord, DataSection, Erasure
from vestibule.web import (
    AuditEvent,
    Card,
    ChartTab,
    Route,
    Scope,
    Setting,
    SettingsSection,
    hookimpl,
)
from vestibule.web import gettext as _

from . import service, views

BOTH = ("GET", "POST")
TAB = "/practice/<slug>/clients/<uuid:client_id>/mood/"
# What a client told stays readable when the portal is closed.
READING: frozenset[str] = frozenset()


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/mood/<uuid:client_id>/", views.checkin, "client", "one", BOTH),
        Route(TAB, views.tab, "member", "one", needs=READING, roles=("owner", "clinician")),
    ]


@hookimpl
def register_settings() -> Sequence[Setting]:
    choices = (("daily", _("Every day")), ("weekly", _("Every week")))
    return [Setting("how_often", _("How often clients are asked"), "choice", "daily", choices=choices)]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [AuditEvent("mood.course_read", _("Read the check-ins"))]


@hookimpl
def home_cards(scope: Scope) -> Sequence[Card]:
    asked = service.due(scope) if scope.kind == "client" else []
    return [
        Card(
            title=_("How are you today?"),
            text=_("One tap, for your therapist."),
            endpoint="mood.checkin",
            action=_("Check in"),
            provider_id=client.provider_id,
            values={"client_id": client.id},
        )
        for client in asked
    ]


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [ChartTab(_("Mood"), "mood.tab", 80)]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    values = {"plugin": "mood"}
    return [SettingsSection(_("Mood check-in"), "practice.plugin_settings", 66, values=values)]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    rows = tuple(
        {"day": told.day.isoformat(), "score": told.score, "told_at": told.told_at.isoformat()}
        for told in service.course(scope, client.id, limit=None)
    )
    return [DataSection("checkins", _("Mood check-in"), rows)]


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return [Erasure(_("Mood check-in"), service.erase(scope, client))]
