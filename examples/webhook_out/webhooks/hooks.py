"""Everything that webhooks add to the portal."""

from __future__ import annotations

from collections.abc import Sequence

from vestibule.data import AppointmentRecord, ClientRecord, DataSection, Erasure
from vestibule.web import (
    AuditEvent,
    Command,
    HealthCheck,
    Route,
    Scope,
    Setting,
    SettingsSection,
    hookimpl,
)
from vestibule.web import gettext as _

from . import running, service, views

SETTINGS = "/practice/<slug>/settings/webhooks/"


@hookimpl
def register_routes() -> Sequence[Route]:
    return [Route(SETTINGS, views.settings, "member", "one", ("GET", "POST"), roles=("owner",))]


@hookimpl
def register_settings() -> Sequence[Setting]:
    return [
        Setting("address", _("Address"), "text", ""),
        Setting("secret", _("Secret"), "text", "", secret=True),
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("webhooks.configured", _("Changed the address for webhooks")),
        AuditEvent("webhooks.sent_again", _("Let webhooks that were given up be sent again")),
    ]


@hookimpl
def register_health_checks() -> Sequence[HealthCheck]:
    return [HealthCheck("given_up", _("Webhooks"), running.given_up)]


@hookimpl
def register_commands() -> Sequence[Command]:
    told, example = _("Send again what was given up."), "vestibule webhooks again --provider ortiz"
    return [Command("again", told, running.send_again, example)]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    return [SettingsSection(_("Webhooks"), "webhooks.settings", 80)]


@hookimpl
def appointment_booked(scope: Scope, appointment: AppointmentRecord) -> None:
    service.tell(scope, "appointment_booked", appointment)


@hookimpl
def appointment_moved(scope: Scope, appointment: AppointmentRecord) -> None:
    service.tell(scope, "appointment_moved", appointment)


@hookimpl
def appointment_cancelled(scope: Scope, appointment: AppointmentRecord) -> None:
    service.tell(scope, "appointment_cancelled", appointment)


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return []  # it keeps ids of appointments, and nothing that tells of a person


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return []  # it keeps ids of appointments, and nothing that tells of a person
