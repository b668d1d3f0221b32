"""Selects that every request makes: their SQL is written once, not once a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from core.db.pool import database, dialect


@dataclass(frozen=True, slots=True)
class _Blank:
    """Where a value of a field will stand."""

    name: str
    field: Any

    def filled(self, values: Mapping[str, Any]) -> Any:
        return self.field.db_value(values[self.name])


@dataclass(frozen=True, slots=True)
class _Sent:
    """The database, as one query meets it whose SQL is there already."""

    sql: str
    parameters: Sequence[Any]

    def execute(self, _query: Any) -> Any:
        return database.execute_sql(self.sql, self.parameters)


def blank(field: Any, name: str) -> Any:
    """Stands in a prepared select for a value of `field`, to be given as `name` with each call."""
    return peewee.Value(_Blank(name, field), converter=False)


class Prepared:
    """A select with blanks; called with their values, it gives the rows.

    `make` builds it from `blank`s, as soon as it is first called on a kind of database. For house
    models, and conditions that don't depend on who asks: a scope writes its own into the SQL.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._written: dict[str, tuple[Any, str, Sequence[Any]]] = {}

    def __call__(self, **values: Any) -> list[Any]:
        kind = dialect()
        if kind not in self._written:
            query = self._make()
            self._written[kind] = (query, *query.sql())
        query, sql, held = self._written[kind]
        parameters = [one.filled(values) if isinstance(one, _Blank) else one for one in held]
        return list(query.clone().execute(_Sent(sql, parameters)))
