"""Everything that the inbox adds to the portal."""

from __future__ import annotations

from collections.abc import Sequence

from core.hooks import hookimpl
from core.i18n import gettext as _
from core.inbox import service, views
from core.inbox.service import erasing, exporting
from core.spec.own_data import DataSection, Erasure
from core.spec.scope import Role
from core.spec.slots import Attention, ChartTab, NavItem
from core.spec.types import AppointmentRecord, AuditEvent, ClientRecord, Route
from core.tenancy import Scope

CP = frozenset({"CP"})
NOTHING: frozenset[str] = frozenset()
READERS: tuple[Role, ...] = ("owner", "clinician", "desk")
PRACTICE = "/practice/<slug>/inbox/"
CLIENT = "/practice/<slug>/clients/<uuid:client_id>/messages/"
FORM = ("GET", "POST")


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/inbox/", views.home, "client", "all", needs=CP),
        Route("/inbox/new/", views.write, "client", "all", FORM, needs=CP),
        Route("/inbox/draft/", views.keep, "client", "all", ("POST",), needs=CP),
        Route("/inbox/<uuid:thread_id>/", views.thread, "client", "one", needs=CP),
        Route("/inbox/<uuid:thread_id>/answer/", views.answer, "client", "one", ("POST",), CP),
        *_practice_routes(),
    ]


def _practice_routes() -> Sequence[Route]:
    one = f"{PRACTICE}<uuid:thread_id>/"
    return [
        Route(PRACTICE, views.practice_home, "member", "one", ("GET",), NOTHING, READERS),
        Route(one, views.practice_thread, "member", "one", ("GET",), NOTHING, READERS),
        Route(f"{one}answer/", views.practice_answer, "member", "one", ("POST",), CP, READERS),
        Route(CLIENT, views.client_messages, "member", "one", ("GET",), NOTHING, READERS),
        Route(f"{CLIENT}new/", views.practice_write, "member", "one", FORM, CP, READERS),
        Route(f"{CLIENT}draft/", views.practice_keep, "member", "one", ("POST",), CP, READERS),
    ]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    if scope.kind == "client":
        unread = service.unread_count(scope) or None
        return [NavItem(_("Inbox"), "inbox.home", 10, badge=unread)]
    if scope.kind == "member":
        unread = service.unread_count(scope) or None
        return [NavItem(_("Inbox"), "inbox.practice_home", 20, "practice", badge=unread)]
    return []


@hookimpl
def needs_attention(scope: Scope) -> Sequence[Attention]:
    words, lines = _("%(name)s waits for an answer"), service.awaiting_answer(scope)
    return [
        Attention(
            words % {"name": line.client_name},
            "inbox.practice_thread",
            line.thread.last_at,
            {"thread_id": line.thread.id},
        )
        for line in lines
    ]


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [ChartTab(_("Messages"), "inbox.client_messages", 30)]


@hookimpl
def appointment_cancelled(scope: Scope, appointment: AppointmentRecord) -> None:
    service.note_cancelled(scope, appointment)


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("inbox.thread_read", _("Read a conversation")),
        AuditEvent("inbox.subjects_read", _("Looked at the list of messages")),
        AuditEvent("inbox.message_sent", _("Sent a message")),
    ]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return exporting.own_sections(scope)


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return erasing.erase_messages(scope)
