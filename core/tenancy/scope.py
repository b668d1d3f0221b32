"""The scope: who asks, as what, for which providers; the only way to a tenant's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from core import db
from core.spec.errors import NotFound, Refused, ScopeRequired
from core.spec.scope import MemberRef, Role
from core.spec.types import ClientRecord, ProviderRecord


@dataclass(frozen=True, eq=False)
class Scope:
    """Made by the guard, narrowed on the way down, passed first to every service and hook.

    `features` is what the providers hold, as read at the start of the request; a
    transaction asks `core.subscriptions` again. `access_id` marks an operator's hour in a practice:
    such a scope reads as an owner does and writes nothing. `charts` are a client's own, from that moment too.
    `is_about_one` keeps a member's scope to the rows of the chart in `clients`.
    """

    kind: str
    account_id: UUID | None = None
    account_name: str = ""
    providers: frozenset[UUID] = frozenset()
    clients: Mapping[UUID, UUID] = field(default_factory=dict)
    members: Mapping[UUID, MemberRef] = field(default_factory=dict)
    records: Mapping[UUID, ProviderRecord] = field(default_factory=dict)
    features: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    charts: Mapping[UUID, ClientRecord] = field(default_factory=dict)
    address: str = ""
    reason: str = ""
    is_unlimited: bool = False
    is_about_one: bool = False
    access_id: UUID | None = None
    answers: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Close the mappings too: what one plugin is given is what the next one gets."""
        for name in ("clients", "members", "records", "features", "charts"):
            value = getattr(self, name)
            if type(value) is not MappingProxyType:
                object.__setattr__(self, name, MappingProxyType(value))

    @classmethod
    def system(cls, reason: str, provider_id: UUID | None = None) -> Scope:
        """For jobs, deliveries and logging in: one tenant, or all of them without an id."""
        if provider_id is None:
            return cls("system", reason=reason, is_unlimited=True)
        return cls("system", reason=reason, providers=frozenset({provider_id}))

    @classmethod
    def visitor(cls, address: str = "") -> Scope:
        """Nobody: reaches no row at all."""
        return cls("anyone", address=address)

    @property
    def provider_id(self) -> UUID:
        """The one provider; a scope of several has to be narrowed first."""
        if len(self.providers) != 1:
            msg = "narrow the scope to one provider first"
            raise ScopeRequired(msg)
        return next(iter(self.providers))

    @property
    def provider(self) -> ProviderRecord:
        return self.records[self.provider_id]

    @property
    def client_id(self) -> UUID:
        return self.clients[self.provider_id]

    @property
    def member(self) -> MemberRef:
        return self.members[self.provider_id]

    @property
    def role(self) -> Role:
        return self.member.role

    def narrow(self, provider_id: UUID) -> Scope:
        """The same asker for one provider. Raises NotFound for one outside."""
        if not self.is_unlimited and provider_id not in self.providers:
            raise NotFound
        return self.within(frozenset({provider_id}))

    def within(self, providers: frozenset[UUID]) -> Scope:
        """The same asker for some of the providers; others are dropped silently."""
        kept = providers if self.is_unlimited else self.providers & providers
        return replace(
            self,
            providers=kept,
            clients={key: value for key, value in self.clients.items() if key in kept},
            members={key: value for key, value in self.members.items() if key in kept},
            is_unlimited=False,
        )

    def about(self, record: ClientRecord) -> Scope:
        """The same asker for this one chart: another client's rows are out of reach. Raises NotFound."""
        inner = self.narrow(record.provider_id)
        return replace(inner, clients={record.provider_id: record.id}, is_about_one=True)

    def once(self, question: str, ask: Callable[[], Any]) -> Any:
        """What several hooks ask for one page, asked once; not for what the request itself changes.

        A question is its module's own: no plugin answers another's.
        """
        key = question, ask.__module__, self.kind, self.providers
        if key not in self.answers:
            self.answers[key] = ask()
        return self.answers[key]

    def rows(self, model: Any, *columns: Any) -> Any:
        """Select rows of the scope; further conditions by where(), joins by join()."""
        return db.ScopedSelect.of(self, model, *columns)

    def one(self, model: Any, id: UUID) -> Any:
        """The row of this id. Raises NotFound when missing or outside."""
        row = self.maybe(model, id)
        if row is None:
            raise NotFound
        return row

    def maybe(self, model: Any, id: UUID) -> Any:
        return self.rows(model).where(model.id == id).first()

    def add(self, model: Any, **values: Any) -> Any:
        """Insert a row of the scope's provider and return it."""
        self._refuse_reader()
        if "provider_id" in model._meta.fields:
            values.setdefault("provider_id", None)
            values["provider_id"] = values["provider_id"] or self.provider_id
            if not self.is_unlimited and values["provider_id"] not in self.providers:
                raise NotFound
        elif not self.is_unlimited:
            msg = f"{model.__name__} is the house's; only a system scope adds one"
            raise ScopeRequired(msg)
        if self.kind == "client" and "client_id" in model._meta.fields:
            mine = self.clients[values["provider_id"]]
            if values.setdefault("client_id", mine) != mine:
                raise NotFound
        return db.house_add(model, **values)

    def change(self, row: Any, **values: Any) -> Any:
        """Change columns of a row that this scope could read. Raises NotFound otherwise."""
        self._refuse_reader()
        inside = None if self.is_unlimited else type(row).within(self)
        if db.house_change(row, inside, **values) != 1:
            raise NotFound
        return row

    def change_while(self, row: Any, condition: Any, /, **values: Any) -> bool:
        """Change columns of a row as long as `condition` holds for it in the database; whether it did."""
        self._refuse_reader()
        inside = None if self.is_unlimited else type(row).within(self)
        return db.house_change(row, condition if inside is None else inside & condition, **values) == 1

    def update(self, model: Any, **values: Any) -> Any:
        """An update over the scope, still to be narrowed by where()."""
        self._refuse_reader()
        query = db.house_update(model, **values)
        inside = model.within(self)
        return query if inside is None else query.where(inside)

    def delete(self, model: Any) -> Any:
        """A delete over the scope, still to be narrowed by where()."""
        self._refuse_reader()
        query = db.house_delete(model)
        inside = model.within(self)
        return query if inside is None else query.where(inside)

    def _refuse_reader(self) -> None:
        if self.access_id is not None:
            raise Refused("read_only")

    def remove(self, row: Any) -> None:
        """Delete one row. Raises NotFound when it is gone or outside."""
        model = type(row)
        if self.delete(model).where(model.id == row.id).execute() != 1:
            raise NotFound
