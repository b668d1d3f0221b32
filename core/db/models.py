"""The bases of our models: nothing is read or written through them without a scope."""

from __future__ import annotations

import secrets
import time
from typing import Any, ClassVar, NoReturn, Self, cast
from uuid import UUID

import peewee

from core.db.fields import Id, Sealed
from core.db.pool import database, dialect
from core.db.transactions import in_transaction
from core.spec.errors import ScopeRequired


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562, section 5.7): sorts by time of making."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64
    return UUID(int=value | 2 << 62 | secrets.randbits(62))


class Model(peewee.Model):
    """A row; every way around the scope raises."""

    id = Id(primary_key=True, default=new_id)

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def _refuse(cls, *args: Any, **kwargs: Any) -> NoReturn:
        msg = f"{cls.__name__}: reach models through a scope"
        raise ScopeRequired(msg)

    select = insert = insert_many = insert_from = replace = replace_many = _refuse
    update = delete = raw = bulk_create = bulk_update = filter = _refuse


class HouseModel(Model):
    """A row of no provider; `house_rows` and system scopes reach it."""

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        """The predicate that keeps a query inside the scope; None for no limit."""
        if scope.is_unlimited:
            return None
        msg = f"{cls.__name__} belongs to no provider; only a system scope reaches it"
        raise ScopeRequired(msg)


class TenantModel(Model):
    """A row of one provider, and of one client where it has `client_id`."""

    provider_id = Id()
    owner_column: ClassVar[str] = "client_id"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        if scope.is_unlimited:
            return None
        inside = one_of(cls.provider_id, scope.providers)
        if scope.kind != "client" and not scope.is_about_one:
            return inside
        mine = cls._meta.fields.get(cls.owner_column)
        if mine is None:
            return inside
        return inside & one_of(mine, frozenset(scope.clients.values()))


def one_of(field: peewee.Field, values: frozenset[UUID]) -> peewee.Expression:
    if len(values) == 1:
        (value,) = values
        return field == value
    return field.in_(sorted(values))


class ScopedSelect(peewee.ModelSelect):
    """A select that can't leave its scope: joins carry the provider, `orwhere` is refused."""

    def __init__(self, scope: Any, model: type[Model], columns: tuple[Any, ...]) -> None:
        super().__init__(model, columns or (model,), is_default=not columns)
        self._scope = scope

    @classmethod
    def of(cls, scope: Any, model: Any, *columns: Any) -> Self:
        inside = model.within(scope)
        query = cls(scope, model, columns)
        return query if inside is None else query.where(inside)

    def join(  # type: ignore[override] # peewee's own ModelSelect has these arguments too
        self,
        dest: Any,
        join_type: Any = peewee.JOIN.INNER,
        on: Any = None,
        src: Any = None,
        attr: str | None = None,
    ) -> Self:
        if on is None:
            msg = "a join states its condition"
            raise ScopeRequired(msg)
        inside, base = dest.within(self._scope), cast("Any", self.model)
        if inside is not None:
            on = on & inside
        if "provider_id" in base._meta.fields and "provider_id" in dest._meta.fields:
            on = on & (base.provider_id == dest.provider_id)
        return super().join(dest, join_type, on=on, src=src, attr=attr)

    def orwhere(self, *expressions: Any) -> NoReturn:
        msg = "orwhere would leave the scope; combine conditions inside where()"
        raise ScopeRequired(msg)


def locked(query: Any) -> Any:
    """The same rows, nobody else's to change until the transaction ends; in SQLite it is the only writer."""
    return query.for_update() if dialect() == "postgresql" else query


def house_rows(model: type[Model], *columns: Any) -> Any:
    """A select over the machinery's own tables: outbox, jobs, limits, audit."""
    return peewee.ModelSelect(model, columns or (model,), is_default=not columns)


def house_add(model: type[Model], **values: Any) -> Any:
    """Insert a row, sealing what is sealed. Returns the row."""
    _require_transaction()
    values.setdefault("id", new_id())
    row = model(**values)
    peewee.ModelInsert(model, _columns(model, row.__data__, row.__data__)).execute()
    return row


def house_update(model: type[Model], **values: Any) -> peewee.ModelUpdate:
    """An update still to be narrowed by where(); a sealed column it can only empty."""
    _require_transaction()
    fields = model._meta.fields
    if any(isinstance(fields[name], Sealed) and value is not None for name, value in values.items()):
        msg = "a sealed column is changed row by row"
        raise ScopeRequired(msg)
    return peewee.ModelUpdate(model, {fields[name]: value for name, value in values.items()})


def house_change(row: Any, inside: Any = None, /, **values: Any) -> int:
    """Update one row by its id, sealing what is sealed; `inside` is a condition that it has to meet too.

    Returns how many rows it met.
    """
    _require_transaction()
    model = type(row)
    columns = _columns(model, values, row.__data__)
    mine = model.id == row.id
    count: int = peewee.ModelUpdate(model, columns).where(mine if inside is None else mine & inside).execute()
    if count:
        row.__data__.update(values)
    return count


def house_delete(model: type[Model]) -> peewee.ModelDelete:
    """A delete still to be narrowed by where()."""
    _require_transaction()
    return peewee.ModelDelete(model)


def _columns(model: type[Model], values: dict[str, Any], row: dict[str, Any]) -> dict[peewee.Field, Any]:
    columns = {}
    for name, value in values.items():
        field = model._meta.fields[name]
        is_sealed = isinstance(field, Sealed)
        columns[field] = field.sealed(value, row.get("provider_id"), row["id"]) if is_sealed else value
    return columns


def _require_transaction() -> None:
    if not in_transaction():
        msg = "writes stand inside core.db.transaction()"
        raise ScopeRequired(msg)
