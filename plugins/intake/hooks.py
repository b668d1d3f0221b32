"""Everything that intake adds to the portal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from plugins.intake import service, views
from plugins.intake.service import erasing, exporting
from vestibule.data import ClientRecord, DataSection, Erasure, Slot, Work
from vestibule.web import (
    Attention,
    AuditEvent,
    Card,
    ChartTab,
    Mark,
    NavItem,
    News,
    Obstacle,
    Route,
    Scope,
    Setting,
    SettingsSection,
    hookimpl,
    lazy,
)
from vestibule.web import gettext as _

ONE = "/intake/<uuid:client_id>/"
DESIGN = "/practice/<slug>/settings/intake/"
QUESTION = f"{DESIGN}<link_id>/"
AT_RECORD = "/practice/<slug>/clients/<uuid:client_id>/intake-record/"
TAB = "/practice/<slug>/clients/<uuid:client_id>/other-information/"
BOTH, POST = ("GET", "POST"), ("POST",)
# What a client told stays readable when the portal is closed.
READING: frozenset[str] = frozenset()
READERS = ("owner", "clinician")
OFFICE = ("owner", "clinician", "desk")


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route("/intake/", views.home, "client", "all"),
        Route(ONE, views.tasks, "client", "one"),
        Route(f"{ONE}<int:number>/", views.section, "client", "one", BOTH, takes_files=True),
        Route(f"{ONE}<int:number>/keep/", views.keep, "client", "one", POST),
        Route(f"{ONE}check/", views.check, "client", "one", BOTH),
        Route(f"{ONE}done/", views.done, "client", "one"),
        Route(TAB, views.other_information, "member", "one", needs=READING, roles=READERS),
        Route(f"{TAB}files/<int:number>/", views.sent_file, "member", "one", needs=READING, roles=READERS),
        Route(AT_RECORD, views.at_record, "member", "one", BOTH, needs=READING, roles=OFFICE),
        *_design_routes(),
    ]


def _design_routes() -> Sequence[Route]:
    owner = ("owner",)
    return [
        Route(DESIGN, views.design, "member", "one", roles=owner),
        Route(f"{DESIGN}add/", views.add_question, "member", "one", BOTH, roles=owner),
        Route(f"{DESIGN}preview/", views.preview, "member", "one", roles=owner),
        Route(f"{DESIGN}record-form/", views.record_form, "member", "one", BOTH, roles=owner),
        Route(f"{DESIGN}record-form/preview/", views.preview_record_form, "member", "one", roles=owner),
        Route(f"{DESIGN}publish/", views.publish, "member", "one", POST, roles=owner),
        Route(QUESTION, views.change_question, "member", "one", BOTH, roles=owner),
        Route(f"{QUESTION}move/", views.move_question, "member", "one", POST, roles=owner),
        Route(f"{QUESTION}remove/", views.remove_question, "member", "one", POST, roles=owner),
    ]


@hookimpl
def register_settings() -> Sequence[Setting]:
    # Declared once at start, read by many: the words are chosen when a page shows them.
    hint = lazy("Binds clients who signed up themselves; invited ones only if the invitation says so.")
    title = lazy("Intake has to be submitted before scheduling")
    return [Setting("require_before_scheduling", title, "flag", True, hint=hint)]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    waiting = scope.kind == "client" and service.is_waiting(scope)
    return [NavItem(_("Intake"), "intake.home", 15)] if waiting else []


@hookimpl
def home_cards(scope: Scope) -> Sequence[Card]:
    return [
        Card(
            title=_("Intake"),
            text=_("Needed before you can schedule.") if each.blocks else _("About 10 minutes."),
            endpoint="intake.tasks",
            action=_("Begin Intake") if each.state == "not_started" else _("Continue Intake"),
            urgency="blocks" if each.blocks else "waits",
            provider_id=each.client.provider_id,
            values={"client_id": each.client.id},
        )
        for each in service.outstanding(scope)
    ]


@hookimpl
def booking_obstacles(scope: Scope, client: ClientRecord, slot: Slot | None) -> Sequence[Obstacle]:
    if not service.blocks_booking(scope, client):
        return []
    text = _("Before you can schedule, submit your intake.")
    values = {"client_id": client.id}
    return [Obstacle("intake_outstanding", text, "intake.tasks", _("Go to Intake"), values)]


@hookimpl
def client_marks(scope: Scope, client_ids: frozenset[UUID]) -> Sequence[Mark]:
    waiting = service.outstanding_ids(scope, client_ids)
    marks = [Mark(client_id, _("Intake outstanding"), "waits") for client_id in waiting]
    for client_id, states in service.open_filings(scope, client_ids).items():
        text = _("My Clients Plus differs") if "differs" in states else _("Waiting for My Clients Plus")
        marks.append(Mark(client_id, text, "waits"))
    return marks


@hookimpl
def needs_attention(scope: Scope) -> Sequence[Attention]:
    names = {client.id: client.name for client in service.clients_to_decide(scope)}
    words = _("Decide what stands in My Clients Plus: %(name)s")
    return [
        Attention(words % {"name": name}, "intake.at_record", values={"client_id": client_id})
        for client_id, name in names.items()
    ]


@hookimpl
def work_queued(scope: Scope, work: Work) -> None:
    service.file_waiting(scope, work.subject_id)


@hookimpl
def latest_news(scope: Scope, since: datetime) -> Sequence[News]:
    words, found = _("%(name)s submitted the intake"), service.submitted_since(scope, since)
    return [
        News(words % {"name": client.name}, "intake.other_information", at, {"client_id": client.id})
        for client, at in found
    ]


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [ChartTab(_("Other Information"), "intake.other_information", 70)]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    if scope.kind == "client":
        return [SettingsSection(_("Intake"), "intake.home", 50, "client")]
    return [
        SettingsSection(_("Intake: your questions"), "intake.design", 60),
        *_record_sections(scope),
        SettingsSection(
            _("Intake before scheduling"), "practice.plugin_settings", 61, values={"plugin": "intake"}
        ),
    ]


def _record_sections(scope: Scope) -> Sequence[SettingsSection]:
    if not service.is_connected(scope):
        return []
    return [SettingsSection(_("My Clients Plus intake form"), "intake.record_form", 63)]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("intake.submitted", _("Submitted the intake")),
        AuditEvent("intake.answers_read", _("Read the intake answers")),
        AuditEvent("intake.form_published", _("Published the intake questions")),
        AuditEvent("intake.record_compared", _("Compared the intake with My Clients Plus")),
        AuditEvent("intake.difference_decided", _("Decided what stands in My Clients Plus")),
    ]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return exporting.own_sections(scope, _("Intake"))


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return erasing.erase_intake(scope, client, _("Intake"))
