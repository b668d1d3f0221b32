"""Who asks: the scope as services and hooks see it, whatever makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self
from uuid import UUID

if TYPE_CHECKING:
    from core.spec.types import ClientRecord, ProviderRecord

Role = Literal["owner", "clinician", "desk", "biller"]


@dataclass(frozen=True, slots=True)
class MemberRef:
    """A member as the scope knows them."""

    id: UUID
    role: Role
    name: str


class Scope(Protocol):
    """Who asks, as what, for which providers; the first argument of services and hooks.

    It is given, never made: what one reaches was decided before. `kind` is "client", "member", "operator",
    "anyone" or "system"; `clients` and `members` are who the asker is, by provider.
    """

    @property
    def kind(self) -> str: ...
    @property
    def account_id(self) -> UUID | None: ...
    @property
    def account_name(self) -> str: ...
    @property
    def providers(self) -> frozenset[UUID]: ...
    @property
    def provider_id(self) -> UUID: ...
    @property
    def provider(self) -> ProviderRecord: ...
    @property
    def records(self) -> Mapping[UUID, ProviderRecord]: ...
    @property
    def features(self) -> Mapping[UUID, frozenset[str]]: ...
    @property
    def client_id(self) -> UUID: ...
    @property
    def clients(self) -> Mapping[UUID, UUID]: ...
    @property
    def charts(self) -> Mapping[UUID, ClientRecord]: ...
    @property
    def members(self) -> Mapping[UUID, MemberRef]: ...
    @property
    def member(self) -> MemberRef: ...
    @property
    def role(self) -> Role: ...
    @property
    def address(self) -> str: ...
    @property
    def access_id(self) -> UUID | None: ...
    def narrow(self, provider_id: UUID) -> Self:
        """The same asker for one provider. Raises NotFound for one outside."""
        ...

    def once(self, question: str, ask: Callable[[], Any]) -> Any:
        """What several hooks ask for one page, asked once; not for what the request itself changes."""
        ...

    def rows(self, model: Any, *columns: Any) -> Any:
        """Select rows of the scope; further conditions by where(), joins by join()."""
        ...

    def one(self, model: Any, id: UUID) -> Any:
        """The row of this id. Raises NotFound when missing or outside."""
        ...

    def maybe(self, model: Any, id: UUID) -> Any:
        """The row of this id, or None."""
        ...

    def add(self, model: Any, **values: Any) -> Any:
        """Insert a row of the scope's provider and return it."""
        ...

    def change(self, row: Any, **values: Any) -> Any:
        """Change columns of a row that this scope could read. Raises NotFound otherwise."""
        ...

    def change_while(self, row: Any, condition: Any, /, **values: Any) -> bool:
        """Change columns of a row as long as `condition` holds for it in the database; whether it did."""
        ...

    def update(self, model: Any, **values: Any) -> Any:
        """An update over the scope, still to be narrowed by where(); a sealed column it can only empty."""
        ...

    def delete(self, model: Any) -> Any:
        """A delete over the scope, still to be narrowed by where()."""
        ...

    def remove(self, row: Any) -> None:
        """Delete one row. Raises NotFound when it is gone or outside."""
        ...
