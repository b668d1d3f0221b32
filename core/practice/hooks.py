"""Everything that the practice's side adds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.hooks import Plugin, hookimpl
from core.i18n import gettext as _
from core.practice import service, views
from core.spec.own_data import Erasure
from core.spec.scope import Role
from core.spec.slots import (
    Attention,
    ChartTab,
    NavItem,
    News,
    SettingsSection,
    SetupStep,
)
from core.spec.types import AuditEvent, ClientRecord, Route
from core.tenancy import Scope

CP = frozenset({"CP"})
NOTHING: frozenset[str] = frozenset()
OWNER: tuple[Role, ...] = ("owner",)
OFFICE: tuple[Role, ...] = ("owner", "clinician", "desk")
ALL: tuple[Role, ...] = ("owner", "clinician", "desk", "biller")
HOME = "/practice/<slug>/"
CLIENTS = f"{HOME}clients/"
ONE = f"{CLIENTS}<uuid:client_id>/"
SETTINGS = f"{HOME}settings/"
TEAM = f"{SETTINGS}team/"
GET, POST, FORM = ("GET",), ("POST",), ("GET", "POST")


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/practice/", views.practices, "member", "all", GET, NOTHING),
        Route(HOME, views.today, "member", "one", GET, NOTHING, ALL),
        *_client_routes(),
        *_settings_routes(),
    ]


def _client_routes() -> Sequence[Route]:
    return [
        Route(CLIENTS, views.clients, "member", "one", FORM, NOTHING, ALL),
        Route(f"{CLIENTS}add/", views.add, "member", "one", FORM, NOTHING, OFFICE),
        Route(ONE, views.record, "member", "one", GET, NOTHING, OFFICE),
        Route(f"{ONE}access-log/", views.access_log, "member", "one", GET, NOTHING, OFFICE),
        Route(f"{ONE}demographics/", views.demographics, "member", "one", FORM, NOTHING, OFFICE),
        Route(f"{ONE}invite/", views.invite, "member", "one", POST, CP, OFFICE),
        Route(f"{ONE}resend/", views.resend, "member", "one", POST, CP, OFFICE),
        Route(f"{ONE}revoke/", views.revoke, "member", "one", POST, NOTHING, OFFICE),
        Route(f"{ONE}end/", views.end_join, "member", "one", FORM, NOTHING, OFFICE),
        Route(f"{ONE}erase/", views.erase, "member", "one", FORM, NOTHING, OWNER, proven=True),
    ]


def _settings_routes() -> Sequence[Route]:
    waiting, member = f"{TEAM}waiting/<uuid:welcome_id>/", f"{TEAM}<uuid:member_id>/"
    plugin = f"{SETTINGS}plugins/<plugin>/"
    return [
        Route(SETTINGS, views.settings, "member", "one", GET, NOTHING, ALL),
        Route(f"{SETTINGS}profile/", views.profile, "member", "one", FORM, NOTHING, OWNER),
        Route(f"{SETTINGS}signup-link/", views.signup_link, "member", "one", GET, CP, OFFICE),
        Route(f"{SETTINGS}subscriptions/", views.subscriptions, "member", "one", GET, NOTHING, OWNER),
        Route(plugin, views.plugin_settings, "member", "one", FORM, CP, OWNER),
        Route(f"{SETTINGS}access-log/", views.practice_log, "member", "one", GET, NOTHING, OFFICE),
        Route(TEAM, views.team, "member", "one", GET, NOTHING, OWNER),
        Route(f"{TEAM}invite/", views.invite_member, "member", "one", POST, NOTHING, OWNER),
        Route(f"{waiting}resend/", views.resend_member, "member", "one", POST, NOTHING, OWNER),
        Route(f"{waiting}revoke/", views.revoke_member, "member", "one", POST, NOTHING, OWNER),
        Route(member, views.change_role, "member", "one", FORM, NOTHING, OWNER),
        Route(f"{member}remove/", views.remove_member, "member", "one", POST, NOTHING, OWNER),
    ]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    if scope.kind != "member":
        return []
    return [
        NavItem(_("Today"), "practice.today", 10, "practice"),
        NavItem(_("Clients"), "practice.clients", 40, "practice"),
        NavItem(_("Settings"), "practice.settings", 90, "practice"),
    ]


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [
        ChartTab(_("Summary"), "practice.record", 10),
        ChartTab(_("Demographics"), "practice.demographics", 60),
        ChartTab(_("Access log"), "practice.access_log", 90),
    ]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    return [
        SettingsSection(_("Profile"), "practice.profile", 10),
        SettingsSection(_("Team"), "practice.team", 20),
        SettingsSection(_("Access log"), "practice.practice_log", 80, hint=_("Who did what, and when")),
        SettingsSection(_("Link for your website"), "practice.signup_link", 30),
        SettingsSection(_("Subscriptions"), "practice.subscriptions", 90),
    ]


@hookimpl
def setup_steps(scope: Scope) -> Sequence[SetupStep]:
    has_phone = bool(service.provider_of(scope).phone)
    own = SetupStep(_("Say how you can be reached"), "practice.profile", has_phone, order=60)
    return [own, *(_plugin_step(plugin, is_done) for plugin, is_done in service.plugins_to_set_up(scope))]


def _plugin_step(plugin: Plugin, is_done: bool) -> SetupStep:  # noqa: FBT001 -- a fact beside its plugin
    text = _("Fill in what %(plugin)s needs", plugin=plugin.title)
    values = {"plugin": plugin.name}
    return SetupStep(text, "practice.plugin_settings", is_done, order=70, values=values)


@hookimpl
def needs_attention(scope: Scope) -> Sequence[Attention]:
    if scope.role != "owner":
        return []
    words = _("A client's data is not erased everywhere yet")
    return [
        Attention(words, "practice.erase", at, {"client_id": client_id})
        for client_id, at in service.unfinished_erasures(scope).items()
    ]


@hookimpl
def latest_news(scope: Scope, since: datetime) -> Sequence[News]:
    signed_up, joined = _("%(name)s signed up"), _("%(name)s joined the portal")
    return [
        News(
            (signed_up if row.origin == "self" else joined) % {"name": row.full_name},
            "practice.record",
            row.joined_at,
            {"client_id": row.id},
        )
        for row in service.arrivals(scope, since)
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("practice.client_added", _("Added a client")),
        AuditEvent("practice.chart_read", _("Opened the record")),
        AuditEvent("practice.demographics_corrected", _("Corrected the demographics")),
        AuditEvent("practice.join_ended", _("Ended a client's access to the portal")),
        AuditEvent("practice.erasure_begun", _("Began to erase a client's data")),
        AuditEvent("practice.client_erased", _("Erased a client's data")),
        AuditEvent("practice.profile_changed", _("Changed the practice's profile")),
        AuditEvent("practice.role_changed", _("Changed a member's role")),
        AuditEvent("practice.member_removed", _("Removed a member")),
    ]


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return service.kept_in_audit(scope)
