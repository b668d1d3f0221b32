"""What this room adds to the portal: its addresses, menu lines, acts and its one job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from core.accounts import service
from core.accounts.service import erasing
from core.accounts.service import own_data as own_data_service
from core.accounts.views import (
    entering,
    invitations,
    looked,
    own,
    own_data,
    own_email,
    proving,
    recovery,
    resetting,
    security,
    signup,
)
from core.hooks import hookimpl
from core.i18n import gettext as _
from core.spec.own_data import DataSection, Erasure
from core.spec.scope import Role
from core.spec.slots import Attention, Mark, NavItem, SettingsSection
from core.spec.types import AuditEvent, ClientRecord, Job, Route, Who
from core.tenancy import Scope

NOTHING: frozenset[str] = frozenset()
PORTAL = frozenset({"CP"})
POST, BOTH = ("POST",), ("GET", "POST")
OFFICE: tuple[Role, ...] = ("owner", "clinician", "desk")
CLIENT: tuple[Who, ...] = ("client",)
RECOVERY = "/practice/<slug>/clients/<uuid:client_id>/recovery/"
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
            proven=True,
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
        Route("/email/<token>", own_email.confirm_email, who="token", methods=BOTH, needs=NOTHING),
        Route("/email/undo/<token>", own_email.undo_email, who="token", methods=BOTH, needs=NOTHING),
        *_security_routes(),
    ]


def _security_routes() -> Sequence[Route]:
    one = "/settings/logins/<uuid:login_id>/end"
    return [
        _own("/settings/prove/", proving.prove, BOTH),
        _own("/settings/email/", own_email.email, BOTH, proven=True),
        _own("/settings/email/cancel", own_email.cancel_email, POST),
        _own("/settings/password/", security.password, BOTH),
        _own("/settings/logins/", security.logins),
        _own(one, security.end_login, POST, proven=True),
        _own("/settings/logins/end-others", security.end_other_logins, POST, proven=True),
        _own("/settings/questions/", security.questions, BOTH, CLIENT, PORTAL, proven=True),
        _own("/settings/questions/remove", security.remove_questions, POST, CLIENT, PORTAL, proven=True),
        Route(RECOVERY, recovery.recovery, "member", "one", BOTH, NOTHING, OFFICE),
    ]


def _own(
    rule: str,
    view: Callable[..., Any],
    methods: tuple[str, ...] = ("GET",),
    who: tuple[Who, ...] = PEOPLE,
    needs: frozenset[str] = NOTHING,
    *,
    proven: bool = False,
) -> Route:
    """One of the pages that everybody keeps about themselves."""
    return Route(rule, view, who, "all", methods, needs, open_when_closed=needs == NOTHING, proven=proven)


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
def needs_attention(scope: Scope) -> Sequence[Attention]:
    return [
        Attention(
            _("{name} can't get into the portal and asks you to confirm who they are").format(
                name=wish.client_name
            ),
            "accounts.recovery",
            wish.created_at,
            {"client_id": wish.client_id},
        )
        for wish in service.open_recoveries(scope)
    ]


@hookimpl
def client_marks(scope: Scope, client_ids: frozenset[UUID]) -> Sequence[Mark]:
    waiting = service.open_recoveries(scope, client_ids) if client_ids and scope.kind == "member" else []
    return [Mark(wish.client_id, _("Can't get in"), "waits") for wish in waiting]


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
        AuditEvent("accounts.email_change_asked", _("Asked for another e-mail address")),
        AuditEvent("accounts.email_change_cancelled", _("Took the wish for another e-mail address back")),
        AuditEvent("accounts.email_changed", _("Confirmed another e-mail address")),
        AuditEvent("accounts.email_change_undone", _("Brought the earlier e-mail address back")),
        AuditEvent("accounts.password_changed", _("Changed the password")),
        AuditEvent("accounts.questions_chosen", _("Chose security questions")),
        AuditEvent("accounts.questions_removed", _("Removed the security questions")),
        AuditEvent("accounts.login_ended", _("Logged a browser out")),
        AuditEvent("accounts.other_logins_ended", _("Logged every other browser out")),
        AuditEvent("accounts.recovery_asked", _("Asked the practice to confirm who they are")),
        AuditEvent("accounts.recovery_confirmed", _("Confirmed who a client is, and sent a link")),
        AuditEvent("accounts.recovery_declined", _("Sent no link to a client who asked for one")),
    ]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return own_data_service.own_sections(scope)


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return erasing.erase_person(scope)


@hookimpl
def register_jobs() -> Sequence[Job]:
    return [Job("sweep", A_DAY, service.sweep)]
