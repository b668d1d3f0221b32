"""Everything that intake adds to the portal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from plugins.intake import cards, service, views
from plugins.intake.service import erasing, exporting
from vestibule.data import ClientRecord, DataSection, Erasure, Slot, Work
from vestibule.web import (
    Attention,
    AuditEvent,
    Card,
    ChartTab,
    Job,
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
ASKED = f"{ONE}forms/<uuid:series_id>/"
FORMS = "/practice/<slug>/forms/"
DESIGN = f"{FORMS}<form>/"
QUESTION = f"{DESIGN}questions/<link_id>/"
RECORD = "/practice/<slug>/clients/<uuid:client_id>/"
TAB = f"{RECORD}other-information/"
SENT = f"{RECORD}forms/"
OF_SENT = f"{SENT}<uuid:request_id>/"
AT_RECORD = f"{RECORD}intake-record/"
RECORD_FORM = "/practice/<slug>/settings/intake/record-form/"
DAY = 24 * 60 * 60
BOTH, POST = ("GET", "POST"), ("POST",)
# What a client told stays readable when the portal is closed.
READING: frozenset[str] = frozenset()
READERS = ("owner", "clinician")
OWNER = ("owner",)
OFFICE = ("owner", "clinician", "desk")


@hookimpl
def register_routes() -> Sequence[Route]:
    return [*_own_routes(), *_asked_routes(), *_record_routes(), *_form_routes(), *_question_routes()]


def _own_routes() -> Sequence[Route]:
    """The client's intake: "About you" and the practice's own questions."""
    return [
        Route("/intake/", views.home, "client", "all"),
        Route(ONE, views.tasks, "client", "one"),
        Route(f"{ONE}<int:number>/", views.section, "client", "one", BOTH, takes_files=True),
        Route(f"{ONE}<int:number>/keep/", views.keep, "client", "one", POST),
        Route(f"{ONE}check/", views.check, "client", "one", BOTH),
        Route(f"{ONE}done/", views.done, "client", "one"),
        Route(f"{ONE}copy/", views.intake_copy, "client", "one"),
    ]


def _asked_routes() -> Sequence[Route]:
    """A form that a client was asked for."""
    return [
        Route(ASKED, views.form, "client", "one"),
        Route(f"{ASKED}<int:number>/", views.form_section, "client", "one", BOTH, takes_files=True),
        Route(f"{ASKED}<int:number>/keep/", views.form_keep, "client", "one", POST),
        Route(f"{ASKED}check/", views.form_check, "client", "one", BOTH),
        Route(f"{ASKED}withdraw/", views.withdraw, "client", "one", BOTH),
        Route(f"{ASKED}copy/", views.form_copy, "client", "one"),
    ]


def _record_routes() -> Sequence[Route]:
    """What clients answered, for those who may read charts."""
    return [
        Route(TAB, views.other_information, "member", "one", BOTH, needs=READING, roles=READERS),
        Route(f"{TAB}copy/", views.client_intake_copy, "member", "one", needs=READING, roles=READERS),
        Route(f"{TAB}files/<int:number>/", views.sent_file, "member", "one", needs=READING, roles=READERS),
        Route(AT_RECORD, views.at_record, "member", "one", BOTH, needs=READING, roles=OFFICE),
        Route(SENT, views.client_forms, "member", "one", BOTH, needs=READING, roles=READERS),
        Route(OF_SENT, views.client_form, "member", "one", BOTH, needs=READING, roles=READERS),
        Route(f"{OF_SENT}copy/", views.client_form_copy, "member", "one", needs=READING, roles=READERS),
        Route(
            f"{OF_SENT}files/<int:number>/",
            views.form_attachment,
            "member",
            "one",
            needs=READING,
            roles=READERS,
        ),
    ]


def _form_routes() -> Sequence[Route]:
    """The practice's forms and packets; who may read charts sees what is outstanding."""
    return [
        Route(FORMS, views.forms, "member", "one", roles=READERS),
        Route(f"{FORMS}new/", views.new_form, "member", "one", BOTH, roles=OWNER),
        Route(f"{FORMS}packets/", views.packet_list, "member", "one", roles=OWNER),
        Route(f"{FORMS}packets/<kind>/", views.packet, "member", "one", BOTH, roles=OWNER),
        Route(RECORD_FORM, views.record_form, "member", "one", BOTH, roles=OWNER),
        Route(f"{RECORD_FORM}preview/", views.preview_record_form, "member", "one", roles=OWNER),
        Route(DESIGN, views.design, "member", "one", roles=OWNER),
        Route(f"{DESIGN}preview/", views.preview, "member", "one", roles=OWNER),
        Route(f"{DESIGN}publish/", views.publish, "member", "one", POST, roles=OWNER),
        Route(f"{DESIGN}retire/", views.retire, "member", "one", BOTH, roles=OWNER),
        Route(f"{DESIGN}file/", views.form_file, "member", "one", BOTH, roles=OWNER, takes_files=True),
    ]


def _question_routes() -> Sequence[Route]:
    """One question of a form."""
    return [
        Route(f"{DESIGN}questions/add/", views.add_question, "member", "one", BOTH, roles=OWNER),
        Route(f"{DESIGN}questions/ready/", views.add_ready, "member", "one", POST, roles=OWNER),
        Route(QUESTION, views.change_question, "member", "one", BOTH, roles=OWNER),
        Route(f"{QUESTION}arrange/", views.arrange_question, "member", "one", POST, roles=OWNER),
        Route(f"{QUESTION}when/", views.question_when, "member", "one", BOTH, roles=OWNER),
    ]


@hookimpl
def register_settings() -> Sequence[Setting]:
    # Declared once at start, read by many: the words are chosen when a page shows them.
    hint = lazy("Binds clients who signed up themselves; invited ones only if the invitation says so.")
    title = lazy("Intake has to be submitted before scheduling")
    return [Setting("require_before_scheduling", title, "flag", True, hint=hint)]


@hookimpl
def register_jobs() -> Sequence[Job]:
    return [Job("ask_again", DAY, service.ask_again)]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    if scope.kind != "client":
        return [NavItem(_("Forms"), "intake.forms", 45, "practice")]
    is_waiting = service.is_waiting(scope) or bool(service.open_requests(scope))
    return [NavItem(_("Intake"), "intake.home", 15)] if is_waiting else []


@hookimpl
def home_cards(scope: Scope) -> Sequence[Card]:
    intakes = service.outstanding(scope)
    return [*map(cards.intake_card, intakes), *map(cards.form_card, service.open_requests(scope))]


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
    differing = map(cards.difference_line, service.clients_to_decide(scope))
    return [*differing, *map(cards.sent_line, service.to_look_at(scope))]


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
    return [
        ChartTab(_("Forms"), "intake.client_forms", 55),
        ChartTab(_("Other Information"), "intake.other_information", 70),
    ]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    if scope.kind == "client":
        return [SettingsSection(_("Intake"), "intake.home", 50, "client")]
    return [
        SettingsSection(_("Intake: your questions"), "intake.design", 60, values={"form": "questions"}),
        SettingsSection(_("Forms: which for whom"), "intake.packet_list", 60),
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
        AuditEvent("intake.returned", _("Sent the intake back")),
        AuditEvent("intake.answers_read", _("Read the intake answers")),
        AuditEvent("intake.form_published", _("Published a form")),
        AuditEvent("intake.form_retired", _("Retired a form")),
        AuditEvent("intake.packet_changed", _("Changed which forms are asked")),
        AuditEvent("intake.form_asked", _("Asked a client for a form")),
        AuditEvent("intake.packet_asked", _("Asked a client for several forms")),
        AuditEvent("intake.form_sent", _("Sent a form")),
        AuditEvent("intake.form_accepted", _("Accepted a form")),
        AuditEvent("intake.form_returned", _("Sent a form back")),
        AuditEvent("intake.consent_withdrawn", _("Withdrew a consent")),
        AuditEvent("intake.record_compared", _("Compared the intake with My Clients Plus")),
        AuditEvent("intake.difference_decided", _("Decided what stands in My Clients Plus")),
    ]


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    return exporting.own_sections(scope, _("Intake"), _("Forms"))


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    return erasing.erase_intake(scope, client, _("Intake"))
