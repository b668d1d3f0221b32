"""Everything that My Clients Plus adds: the record behind the connector, and its pages."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from plugins.myclientsplus import service, views
from plugins.myclientsplus.words import erased_words, kept_words, standing_words
from vestibule.data import ClientRecord, DataSection, Erasure, Work, records
from vestibule.web import (
    AuditEvent,
    ChartFact,
    ChartTab,
    Mark,
    NavItem,
    Route,
    Scope,
    Setting,
    SettingsSection,
    format_money,
    hookimpl,
    lazy,
)
from vestibule.web import gettext as _

ONE = "/practice/<slug>/clients/<uuid:client_id>/"
NOTES = f"{ONE}notes/"
NOTE = f"{NOTES}<uuid:note_id>/"
BALANCE = f"{ONE}balance/"
IMPORT = "/practice/<slug>/settings/my-clients-plus-import/"
BOTH, POST = ("GET", "POST"), ("POST",)
READERS = ("owner", "clinician")
OFFICE = ("owner", "clinician", "desk")
MONEY = ("owner", "clinician", "biller")
CURRENCIES = (("USD", "USD"), ("CAD", "CAD"), ("EUR", "EUR"), ("GBP", "GBP"), ("AUD", "AUD"))


@hookimpl
def practice_records(scope: Scope) -> records.PracticeRecords | None:
    return service.record_of(scope)


@hookimpl
def register_routes() -> Sequence[Route]:
    return [
        Route(NOTES, views.notes, "member", "one", roles=READERS),
        Route(f"{NOTES}write/", views.write_note, "member", "one", BOTH, roles=READERS),
        Route(NOTE, views.change_note, "member", "one", BOTH, roles=READERS),
        Route(f"{NOTE}sign/", views.sign_note, "member", "one", POST, roles=READERS),
        Route(f"{NOTE}drop/", views.drop_note, "member", "one", POST, roles=READERS),
        Route(f"{NOTE}amend/", views.amend_note, "member", "one", BOTH, roles=READERS),
        Route(f"{ONE}documents/<uuid:document_id>/", views.document, "member", "one", roles=READERS),
        Route(f"{ONE}my-clients-plus/", views.person, "member", "one", BOTH, roles=OFFICE),
        Route(IMPORT, views.import_file, "member", "one", BOTH, roles=("owner",), takes_files=True),
        Route(f"{IMPORT}<uuid:import_id>/", views.import_lines, "member", "one", BOTH, roles=("owner",)),
        *_money_routes(),
    ]


def _money_routes() -> Sequence[Route]:
    return [
        Route("/practice/<slug>/balances/", views.balances, "member", "one", roles=MONEY),
        Route(BALANCE, views.balance, "member", "one", roles=MONEY),
        Route(f"{BALANCE}charge/", views.charge, "member", "one", BOTH, roles=MONEY),
        Route(f"{BALANCE}payment/", views.payment, "member", "one", BOTH, roles=MONEY),
        Route(f"{BALANCE}<uuid:charge_id>/cancel/", views.cancel_charge, "member", "one", POST, roles=MONEY),
    ]


@hookimpl
def register_settings() -> Sequence[Setting]:
    hint = lazy(
        "Switch it off where another system keeps your practice's record: nothing is then written here."
    )
    return [
        Setting("kept_here", lazy("My Clients Plus is kept here"), "flag", True, hint=hint),
        Setting("currency", lazy("Currency of charges"), "choice", "USD", choices=CURRENCIES),
    ]


@hookimpl
def register_audit_events() -> Sequence[AuditEvent]:
    return [
        AuditEvent("myclientsplus.notes_read", _("Read the progress notes")),
        AuditEvent("myclientsplus.note_written", _("Wrote a draft of a note")),
        AuditEvent("myclientsplus.note_signed", _("Signed a note")),
        AuditEvent("myclientsplus.document_read", _("Opened a document of the record")),
        AuditEvent("myclientsplus.record_read", _("Opened the record in My Clients Plus")),
        AuditEvent("myclientsplus.demographics_changed", _("Changed the demographics in My Clients Plus")),
        AuditEvent("myclientsplus.balance_read", _("Looked at the balance")),
        AuditEvent("myclientsplus.imported", _("Brought in a file of clients or sessions")),
        AuditEvent("myclientsplus.balance_changed", _("Noted a charge or a payment")),
    ]


@hookimpl
def nav_items(scope: Scope) -> Sequence[NavItem]:
    return (
        [NavItem(_("Balances"), "myclientsplus.balances", 60, "practice")] if scope.kind == "member" else []
    )


@hookimpl
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    return [
        ChartTab(_("Progress Notes"), "myclientsplus.notes", 30),
        ChartTab(_("Balance"), "myclientsplus.balance", 50),
        ChartTab(_("My Clients Plus"), "myclientsplus.person", 65),
    ]


@hookimpl
def chart_facts(scope: Scope, client_id: UUID) -> Sequence[ChartFact]:
    if not service.is_kept_here(scope):
        return []
    accounts = service.accounts_of(scope, frozenset({client_id}))
    return [ChartFact(_("Balance"), standing_words(accounts), "myclientsplus.balance", 30)]


@hookimpl
def client_marks(scope: Scope, client_ids: frozenset[UUID]) -> Sequence[Mark]:
    if scope.role not in MONEY:
        return []
    return [
        Mark(each.client.id, _("Balance %(amount)s") % {"amount": format_money(each.due, each.currency)})
        for each in service.accounts_of(scope, client_ids)
        if each.due
    ]


@hookimpl
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    if scope.kind == "client":
        return []
    own = {"plugin": "myclientsplus"}
    return [
        SettingsSection(_("My Clients Plus"), "practice.plugin_settings", 62, values=own),
        SettingsSection(_("Bring in clients and sessions"), "myclientsplus.import_file", 64),
    ]


@hookimpl
def work_queued(scope: Scope, work: Work) -> None:
    service.import_slice(scope, work.subject_id)


@hookimpl
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    titles = {
        "record_demographics": _("Demographics in My Clients Plus"),
        "record_notes": _("Progress Notes"),
        "record_charges": _("What sessions cost"),
        "record_payments": _("Payments"),
        "record_documents": _("Documents"),
    }
    return service.own_sections(scope, client.id, titles)


@hookimpl
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    titles, why = erased_words(), kept_words()
    found = service.erase(scope, client.id).items()
    return [
        Erasure(titles[kind], left.erased, left.kept, why[kind] if left.kept else "") for kind, left in found
    ]
