"""The frozen records and declarations that cross the line between core, rooms and plugins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from core.spec.scope import Role

Who = Literal["anyone", "token", "signed", "client", "member", "operator"]
Of = Literal["one", "all"]

FEATURES = ("CP", "MA", "RS", "MCP")
ROLES: tuple[Role, ...] = ("owner", "clinician", "desk", "biller")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: who may open it, whose data it shows, and what it needs.

    `needs=None` takes the plugin's manifest; a core room states its own, `()` included.
    `roles` narrows members; `who` may be several kinds, asked in order. `takes_files` lets a body be
    as large as a few pictures. `proven` asks for the password again when it was last given more than
    ten minutes ago. The view of a socket is called with the scope and the open socket, which closes
    when it returns.
    """

    rule: str
    view: Callable[..., Any]
    who: Who | tuple[Who, ...]
    of: Of | None = None
    methods: tuple[str, ...] = ("GET",)
    needs: frozenset[str] | None = None
    roles: tuple[str, ...] = ROLES
    name: str = ""
    open_when_closed: bool = False
    takes_files: bool = False
    proven: bool = False
    kind: Literal["page", "socket"] = "page"

    @property
    def kinds(self) -> tuple[Who, ...]:
        return self.who if isinstance(self.who, tuple) else (self.who,)

    @property
    def view_name(self) -> str:
        return self.name or self.view.__name__


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a gate is closed: a code for the sentence and the endpoint that opens it."""

    code: str
    text: str = ""
    leads_to: str = ""
    action: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a provider sets for a plugin; kept in one table, shown on one page.

    A `secret` text is sealed in the database, and never shown again.
    """

    key: str
    title: str
    kind: Literal["flag", "text", "number", "choice"]
    default: Any
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """Work that repeats: `function(scope)` every `every_seconds`, once among all processes."""

    name: str
    every_seconds: int
    function: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """A sensitive act that a room notes; `name` starts with the room, `title` is for reading."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that could be booked; both ends in UTC."""

    type_id: UUID
    member_id: UUID
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """A provider as other rooms and plugins see one."""

    id: UUID
    slug: str
    name: str
    outside_name: str
    zone: str
    locale: str
    phone: str
    answer_days: int
    address: tuple[str, ...] = ()
    crisis_line: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; empty strings where unknown."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        last = " ".join(part for part in (self.state, self.postal) if part)
        place = ", ".join(part for part in (self.city, last) if part)
        return tuple(line for line in (self.line1, self.line2, place) if line)


@dataclass(frozen=True, slots=True)
class EmergencyContact:
    """Whom to call; empty strings where unknown."""

    name: str = ""
    relation: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Demographics:
    """What the record knows of a person apart from care; `birth_on` is a day without zone."""

    given_name: str
    family_name: str
    preferred_name: str = ""
    pronouns: str = ""
    birth_on: date | None = None
    phone: str = ""
    address: Address = Address()
    emergency_contact: EmergencyContact = EmergencyContact()


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """One chart: a person at one provider."""

    id: UUID
    provider_id: UUID
    account_id: UUID | None
    given_name: str
    family_name: str
    preferred_name: str
    pronouns: str
    birth_on: date | None
    origin: str
    needs_intake_first: bool
    zone: str
    is_joined: bool
    is_erased: bool = False

    @property
    def name(self) -> str:
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """An appointment as events carry it; moments in UTC."""

    id: UUID
    provider_id: UUID
    client_id: UUID
    member_id: UUID
    type_id: UUID
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_by: UUID | None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message as events carry it: ids only, never its words."""

    id: UUID
    provider_id: UUID
    client_id: UUID
    thread_id: UUID
    author_kind: str
    kind: str
