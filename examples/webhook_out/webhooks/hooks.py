"""Everything that webhooks add to the portal."""

from __future__ import annotations

from collections.abc import Sequence

from vestibule.data import AppointmentRecord, ClientRecord, DataSection
from vestibule.web import AuditEvent, Route, Scope, Setting, SettingsSection, hookimpl
from vestibule.web import gettext as _

from . import service, views

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
    return [AuditEvent("webhooks.configured", _("Changed the address for webhooks"))]


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
