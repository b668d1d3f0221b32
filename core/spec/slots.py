"""What rooms and plugins put into pages that aren't theirs: lines of menus, cards, tabs, facts, news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Urgency = Literal["now", "blocks", "waits", "plain"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the menu; `side` is the menu that it stands in, lower `order` comes first."""

    text: str
    endpoint: str
    order: int
    side: Literal["client", "practice", "operator"] = "client"
    badge: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """What waits for the client, a row at the top of the Inbox; `at` sorts equals."""

    title: str
    endpoint: str
    action: str
    text: str = ""
    urgency: Urgency = "plain"
    at: datetime | None = None
    provider_id: UUID | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChartTab:
    """A tab of a client's record: an endpoint that takes `client_id`."""

    text: str
    endpoint: str
    order: int


@dataclass(frozen=True, slots=True)
class ChartFact:
    """A fact in the head of a client's record; the endpoint, which takes `client_id`, is where it is from.

    Who may not open that endpoint doesn't see the fact.
    """

    label: str
    text: str
    endpoint: str
    order: int


@dataclass(frozen=True, slots=True)
class SettingsSection:
    """A link on the settings page of the practice or of the client."""

    text: str
    endpoint: str
    order: int
    side: Literal["client", "practice"] = "practice"
    hint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetupStep:
    """What a practice still has to do; `blocks` says that clients can't book before it."""

    text: str
    endpoint: str
    is_done: bool
    blocks: bool = False
    order: int = 50
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word beside a client's name on Today and the calendar: "Intake outstanding"."""

    client_id: UUID
    text: str
    tone: Literal["plain", "waits", "now"] = "plain"


@dataclass(frozen=True, slots=True)
class Attention:
    """A line of Today's "Needs you"; `endpoint` leads to where it is dealt with."""

    text: str
    endpoint: str
    at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class News:
    """A line of Today's "Since you last looked"; `endpoint` leads to what it tells of."""

    text: str
    endpoint: str
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
