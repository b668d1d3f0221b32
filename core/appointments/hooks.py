"""Everything that appointments adds to the portal: addresses, menus, cards, tabs, steps, events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.appointments import service, views
from core.appointments.cards import card_of, fact_of, first_card, news_of
from core.appointments.service import erasing, exporting
from core.hooks import hookimpl
from core.i18n import gettext as _
from core.spec.own_data import DataSection, Erasure
from core.spec.scope import Role
from core.spec.slots import (
    Card,
    ChartFact,
    ChartTab,
    NavItem,
    News,
    SettingsSection,
    SetupStep,
)
from core.spec.types import AuditEvent, ClientRecord, Route
from core.tenancy import Scope

PORTAL = frozenset({"CP"})
ALWAYS: frozenset[str] = frozenset()
BOTH = ("GET", "POST")
ACTING: tuple[Role, ...] = ("owner", "clinician", "desk")
SETTING: tuple[Role, ...] = ("owner", "clinician")
OWNER: tuple[Role, ...] = ("owner",)
CALENDAR = "/practice/<slug>/calendar/"
SETTINGS = "/practice/<slug>/settings/"
ONE = "/appointments/<uuid:appointment_id>/"


@hookimpl
def register_routes() -> Sequence[Route]:
    return [*_client_routes(), *_calendar_routes(), *_settings_routes()]


def _client_routes() -> list[Route]:
    return [
        Route("/appointments/", views.scheduled, "client", "all", needs=PORTAL),
        Route("/appointments/past", views.past, "client", "all", needs=PORTAL),
        Route("/appointments/search", views.search, "client", "all", needs=PORTAL),
        Route("/appointments/schedule", views.schedule, "client", "all", ("POST",), PORTAL),
        Route(ONE, views.appointment, "client", "all", needs=PORTAL),
        Route(f"{ONE}booked", views.booked, "client", "all", needs=PORTAL),
        Route(f"{ONE}cancel", views.cancel, "client", "all", BOTH, PORTAL),
        Route(f"{ONE}appointment.ics", views.calendar_entry, "client", "all", needs=PORTAL),
    ]


def _calendar_routes() -> list[Route]:
    one = f"{CALENDAR}<uuid:appointment_id>/"
    chart = "/practice/<slug>/clients/<uuid:client_id>/appointments"
    return [
        Route(CALENDAR, views.calendar, "member", "one", needs=ALWAYS),
        Route(f"{CALENDAR}week", views.calendar_week, "member", "one", needs=ALWAYS),
        Route(f"{CALENDAR}book", views.calendar_find, "member", "one", BOTH, ALWAYS, ACTING),
        Route(
            f"{CALENDAR}book/<uuid:client_id>",
            views.calendar_book,
            "member",
            "one",
            BOTH,
            ALWAYS,
            ACTING,
        ),
        Route(one, views.calendar_appointment, "member", "one", needs=ALWAYS),
        Route(f"{one}move", views.calendar_move, "member", "one", BOTH, ALWAYS, ACTING),
        Route(f"{one}cancel", views.calendar_cancel, "member", "one", BOTH, ALWAYS, ACTING),
        Route(chart, views.client_appointments, "member", "one", needs=ALWAYS),
    ]


def _settings_routes() -> list[Route]:
    hours, types = f"{SETTINGS}hours/", f"{SETTINGS}types/"
    member, post = f"{hours}<uuid:member_id>/", ("POST",)
    return [
        Route(hours, views.hours, "member", "one", ("GET",), ALWAYS, SETTING),
        Route(member, views.member_hours, "member", "one", BOTH, ALWAYS, SETTING),
        Route(f"{member}exceptions", views.add_exception, "member", "one", BOTH, ALWAYS, SETTING),
        Route(
            f"{member}remove/<uuid:hours_id>",
            views.remove_hours,
            "member",
            "one",
            post,
            ALWAYS,
            SETTING,
        ),
        Route(
            f"{member}exceptions/<uuid:exception_id>/remove",
            views.remove_exception,
            "member",
            "one",
            post,
            ALWAYS,
            SETTING,
        ),
        Route(types, views.types, "member", "one", ("GET",), ALWAYS, OWNER),
        Route(f"{types}new", views.add_type, "member", "one", BOTH, ALWAYS, OWNER),
        Route(f"{types}<uuid:type_id>", views.change_type, "member", "one", BOTH, ALWAYS, OWNER),
        Route(
            f"{types}<uuid:type_id>/retire",
            views.retire_type,
            "member",
            "one",
            BOTH,
            ALWAYS,
            OWNER,
        ),
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("appointments.booked", _("Booked an appointment")),
        AuditEvent("appointments.gate_overridden", _("Booked although something stood before it")),
        AuditEvent("appointments.moved", _("Moved an appointment")),
        AuditEvent("appointments.cancelled", _("Cancelled an appointment")),
        AuditEvent("appointments.hours_changed", _("Changed working hours")),
        AuditEvent("appointments.type_changed", _("Changed a type of appointment")),
    ]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    return [
        NavItem(_("Appointments"), "appointments.scheduled", 20),
        NavItem(_("Calendar"), "appointments.calendar", 30, "practice"),
    ]


@hookimpl
def home_cards(scope: Scope) -> Sequence[Card]:
    if scope.kind != "client":
        return []
    found = [card_of(scope, entry) for entry in service.next_appointments(scope)]
    return found or ([first_card()] if service.is_new_and_free(scope) else [])


@hookimpl
def latest_news(scope: Scope, since: datetime) -> Sequence[News]:
    return [news_of(entry) for entry in service.changed_by_clients(scope, since)]


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [ChartTab(_("Appointments"), "appointments.client_appointments", 20)]


@hookimpl
def chart_facts(scope: Scope, client_id: UUID) -> Sequence[ChartFact]:
    return [fact_of(service.next_of_client(scope, client_id))]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    return [
        SettingsSection(_("Hours"), "appointments.hours", 20, hint=_("When clients can book.")),
        SettingsSection(_("Types of appointments"), "appointments.types", 30, hint=_("What they can book.")),
    ]


@hookimpl
def setup_steps(scope: Scope) -> Sequence[SetupStep]:
    ready = service.readiness(scope)
    return [
        SetupStep(_("Set your hours"), "appointments.hours", ready.has_hours, True, 10),
        SetupStep(_("Say what can be booked"), "appointments.types", ready.has_types, True, 20),
    ]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return exporting.own_sections(scope)


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return erasing.erase_appointments(scope)
