# mypy: disable-error-code="empty-body"
"""Every hook of the platform: its kind, when it is called and what it returns.

The kind fixes what a failure means: a declaration quarantines its plugin, a contribution is
skipped and counted, a gate that fails is closed, an event is retried and then parked, a connector
is a typed error for its caller, a record says which part is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pluggy

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.spec.own_data import DataSection, Erasure
    from core.spec.records import PracticeRecords
    from core.spec.running import Command, HealthCheck
    from core.spec.scope import Scope
    from core.spec.slots import (
        Attention,
        Card,
        ChartFact,
        ChartTab,
        Mark,
        NavItem,
        News,
        SettingsSection,
        SetupStep,
    )
    from core.spec.types import (
        AppointmentRecord,
        AuditEvent,
        ClientRecord,
        Job,
        MessageRecord,
        Obstacle,
        Route,
        Setting,
        Slot,
    )
    from core.spec.work import Work

Kind = Literal["declaration", "contribution", "gate", "event", "connector", "record"]
API_VERSION = 1
KINDS: dict[str, Kind] = {}

_marker = pluggy.HookspecMarker("vestibule")
_Spec = TypeVar("_Spec", bound=Callable[..., Any])


def _hook(kind: Kind) -> Callable[[_Spec], _Spec]:
    def mark(spec: _Spec) -> _Spec:
        KINDS[spec.__name__] = kind
        return _marker(spec)

    return mark


@_hook("declaration")
def register_routes() -> Sequence[Route]:
    """The addresses of the plugin; called once at start, each becomes an endpoint."""


@_hook("declaration")
def register_settings() -> Sequence[Setting]:
    """The settings that a provider has for the plugin; called once at start."""


@_hook("declaration")
def register_jobs() -> Sequence[Job]:
    """Repeated work; called once at start, a job then runs for each provider that is on."""


@_hook("declaration")
def register_audit_events() -> Sequence[AuditEvent]:
    """The sensitive acts that the plugin notes; called once at start."""


@_hook("declaration")
def register_health_checks() -> Sequence[HealthCheck]:
    """Whether the plugin is well; called once at start, each check is asked when the operator looks."""


@_hook("declaration")
def register_commands() -> Sequence[Command]:
    """Commands `vestibule <plugin> <name>`; called once at start, a command runs when it is typed."""


@_hook("contribution")
def nav_items(scope: Scope) -> Sequence[NavItem]:
    """Lines of the menu; called for each whole page, returned in any order."""


@_hook("contribution")
def home_cards(scope: Scope) -> Sequence[Card]:
    """What waits for the client; called when the Inbox is drawn, nothing means no card."""


@_hook("contribution")
def chart_tabs(scope: Scope) -> Sequence[ChartTab]:
    """Tabs of a client's record; called when a record's page is drawn for a member."""


@_hook("contribution")
def chart_facts(scope: Scope, client_id: UUID) -> Sequence[ChartFact]:
    """What stands in the head of a client's record, on each of its tabs; called when one is drawn."""


@_hook("contribution")
def settings_sections(scope: Scope) -> Sequence[SettingsSection]:
    """Links on the settings page of the practice or of the client; called when it is drawn."""


@_hook("contribution")
def setup_steps(scope: Scope) -> Sequence[SetupStep]:
    """What a practice still has to set up; called when Today is drawn for a member."""


@_hook("contribution")
def client_marks(scope: Scope, client_ids: frozenset[UUID]) -> Sequence[Mark]:
    """Words beside clients' names; called for the clients on Today, a list or the calendar."""


@_hook("contribution")
def needs_attention(scope: Scope) -> Sequence[Attention]:
    """Lines of Today's "Needs you"; called when Today is drawn for a member."""


@_hook("contribution")
def latest_news(scope: Scope, since: datetime) -> Sequence[News]:
    """Lines of Today's "Since you last looked"; called when Today is drawn, for what came after `since`."""


@_hook("gate")
def booking_obstacles(scope: Scope, client: ClientRecord, slot: Slot | None) -> Sequence[Obstacle]:
    """Why this client may not book now; called before the page and inside the transaction.

    `slot` is None when the question is whether the client may search at all.
    """


@_hook("event")
def appointment_booked(scope: Scope, appointment: AppointmentRecord) -> None:
    """An appointment was booked; delivered after the commit, returns nothing."""


@_hook("event")
def appointment_moved(scope: Scope, appointment: AppointmentRecord) -> None:
    """An appointment has another time; delivered after the commit, returns nothing."""


@_hook("event")
def appointment_cancelled(scope: Scope, appointment: AppointmentRecord) -> None:
    """An appointment was cancelled; delivered after the commit, returns nothing."""


@_hook("event")
def message_sent(scope: Scope, message: MessageRecord) -> None:
    """A message was sent to an inbox; delivered after the commit, returns nothing."""


@_hook("event")
def work_queued(scope: Scope, work: Work) -> None:
    """Work that the plugin itself put off; delivered after the commit to it alone, returns nothing."""


@_hook("connector")
def practice_records(scope: Scope) -> PracticeRecords | None:
    """The record of the scope's one provider; asked when it is needed, None if another keeps it.

    Only one of all plugins that are on may answer: the one that the provider chose.
    """


@_hook("record")
def export_client_data(scope: Scope, client: ClientRecord) -> Sequence[DataSection]:
    """What is kept about a client, to be read by them; asked when they download it, on or off."""


@_hook("record")
def erase_client_data(scope: Scope, client: ClientRecord) -> Sequence[Erasure]:
    """Erase what is kept about a client; asked when an owner erases them, on or off, perhaps again.

    The scope reaches this one client's rows alone. What has to be kept is counted, with the rule in words.
    """
