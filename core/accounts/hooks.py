"""What this room adds to the portal: its addresses, menu lines, acts and its one job."""

from __future__ import annotations

from collections.abc import Sequence

from core.accounts import service
from core.accounts.service import own_data as own_data_service
from core.accounts.views import entering, invitations, looked, own, own_data, resetting, signup
from core.hooks import hookimpl
from core.i18n import gettext as _
from core.spec.own_data import DataSection
from core.spec.types import AuditEvent, ClientRecord, Job, NavItem, Route, SettingsSection, Who
from core.tenancy import Scope

NOTHING: frozenset[str] = frozenset()
PORTAL = frozenset({"CP"})
BOTH = ("GET", "POST")
PEOPLE: tuple[Who, ...] = ("client", "member", "operator")
ANYBODY: tuple[Who, ...] = (*PEOPLE, "anyone")
A_DAY = 86_400


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/", entering.lead, who="anyone", needs=NOTHING),
        Route("/login", entering.login, who="anyone", methods=BOTH, needs=NOTHING),
        Route("/logout", entering.logout, who="anyone", methods=("POST",), needs=NOTHING),
        Route("/closed/", entering.closed, who="anyone", needs=NOTHING),
        Route("/forgot", resetting.forgot, who="anyone", methods=BOTH, needs=NOTHING),
        Route("/reset/<token>", resetting.reset, who="token", methods=BOTH, needs=NOTHING),
        Route("/invitation/<token>", invitations.invitation, who="token", methods=BOTH, needs=NOTHING),
        Route("/welcome/<token>", invitations.welcome, who="token", methods=BOTH, needs=NOTHING),
        Route("/p/<slug>/", signup.public, who="anyone", needs=PORTAL),
        Route("/p/<slug>/signup", signup.signup, who="anyone", methods=BOTH, needs=PORTAL),
        Route("/confirm/<token>", signup.confirm, who="token", methods=BOTH, needs=NOTHING),
        Route(
            "/settings/",
            own.settings,
            who=PEOPLE,
            of="all",
            methods=BOTH,
            needs=NOTHING,
            open_when_closed=True,
        ),
        Route(
            "/settings/zone",
            own.zone,
            who=PEOPLE,
            of="all",
            methods=("POST",),
            needs=NOTHING,
            open_when_closed=True,
        ),
        Route(
            "/settings/data/",
            own_data.data,
            who="client",
            of="all",
            methods=BOTH,
            needs=NOTHING,
            open_when_closed=True,
        ),
        Route("/settings/looked/", looked.looked, "client", "all", needs=NOTHING, open_when_closed=True),
        Route(
            "/settings/details/",
            own.details,
            who="client",
            of="all",
            methods=BOTH,
            needs=frozenset({"CP"}),
        ),
        Route(
            "/help/",
            own.help_page,
            who=ANYBODY,
            of="all",
            needs=NOTHING,
            name="help",
            open_when_closed=True,
        ),
    ]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    return [
        NavItem(_("Settings"), "accounts.settings", 80),
        NavItem(_("Help"), "accounts.help", 90),
        NavItem(_("Log out"), "accounts.logout", 100),
        NavItem(_("Log out"), "accounts.logout", 100, side="practice"),
        NavItem(_("Log out"), "accounts.logout", 100, side="operator"),
    ]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    return [
        SettingsSection(
            _("My details"),
            "accounts.details",
            10,
            side="client",
            hint=_("Phone and address, for each practice"),
        ),
        SettingsSection(
            _("Who looked at my record"),
            "accounts.looked",
            70,
            side="client",
            hint=_("And when, and what they did"),
        ),
        SettingsSection(
            _("Download my data"),
            "accounts.data",
            80,
            side="client",
            hint=_("Everything that is kept about you, in one file"),
        ),
        SettingsSection(_("Your account"), "accounts.settings", 90, hint=_("Name, language and time zone")),
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("accounts.logged_in", _("Logged in")),
        AuditEvent("accounts.logged_out", _("Logged out")),
        AuditEvent("accounts.password_replaced", _("Replaced a forgotten password")),
        AuditEvent("accounts.invited", _("Invited a client")),
        AuditEvent("accounts.invitation_revoked", _("Revoked an invitation")),
        AuditEvent("accounts.invitation_accepted", _("Accepted an invitation")),
        AuditEvent("accounts.signed_up", _("Signed up")),
        AuditEvent("accounts.member_invited", _("Invited a member")),
        AuditEvent("accounts.member_invitation_revoked", _("Revoked a member's invitation")),
        AuditEvent("accounts.member_joined", _("Joined the team")),
        AuditEvent("accounts.settings_changed", _("Changed account settings")),
        AuditEvent("accounts.details_changed", _("Changed phone or address")),
        AuditEvent("accounts.data_downloaded", _("Downloaded their own data")),
    ]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return own_data_service.own_sections(scope)


@hookimpl
def register_jobs() -> Sequence[Job]:
    return [Job("sweep", A_DAY, service.sweep)]
