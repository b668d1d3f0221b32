"""Selects that every request makes: their SQL is written once, not once a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import peewee

from core.db.fields import Id
from core.db.models import ScopedSelect
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


class _Written(NamedTuple):
    """A select and its SQL, with blanks among the parameters."""

    query: Any
    sql: str
    parameters: Sequence[Any]

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        parameters = [one.filled(values) if isinstance(one, _Blank) else one for one in self.parameters]
        return list(self.query.clone().execute(_Sent(self.sql, parameters)))


def _write(query: Any) -> _Written:
    return _Written(query, *query.sql())


class Prepared:
    """A select of house models with blanks; called with their values, it gives the rows.

    `make` builds it from `blank`s, as soon as it is first called on a kind of database.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._written: dict[str, _Written] = {}

    def __call__(self, **values: Any) -> list[Any]:
        kind = dialect()
        if kind not in self._written:
            self._written[kind] = _write(self._make())
        return self._written[kind].rows(values)


class _AskersId(peewee.Node):
    """Stands in a scope where an id of the asker's will."""

    def __init__(self, name: str) -> None:
        self._value = blank(Id(), name)

    def __sql__(self, context: Any) -> Any:
        return context.sql(self._value)


_PROVIDER, _CLIENT = _AskersId("asker's provider"), _AskersId("asker's client")
_ACCOUNT = _AskersId("asker's account")


@dataclass(frozen=True, slots=True)
class _Asker:
    """A scope of one provider, and of one client there or none, whose ids come later."""

    kind: str
    is_about_one: bool
    is_unlimited: bool = False
    account_id: Any = _ACCOUNT
    providers: frozenset[Any] = frozenset({_PROVIDER})
    clients: Mapping[Any, Any] = field(default_factory=lambda: {_PROVIDER: _CLIENT})

    def rows(self, model: Any, *columns: Any) -> Any:
        return ScopedSelect.of(self, model, *columns)


class PreparedRows:
    """A select by `scope.rows(...)` with blanks; called with a scope and their values, it gives the rows.

    `make(scope)` builds it, knowing of the scope no more than `rows` and `account_id`. Whoever asks at
    several providers at once has it written anew.

        goals_of = PreparedRows(
            lambda scope: scope.rows(Goal).where(Goal.client_id == blank(Goal.client_id, "client_id"))
        )
        found = goals_of(scope, client_id=client.id)
    """

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make
        self._written: dict[tuple[str, str, bool], _Written] = {}

    def __call__(self, scope: Any, **values: Any) -> list[Any]:
        is_usual = not scope.is_unlimited and len(scope.providers) == 1 and len(scope.clients) < 2
        if not is_usual:
            return _write(self._make(scope)).rows(values)
        kind = dialect(), scope.kind, scope.is_about_one
        if kind not in self._written:
            self._written[kind] = _write(self._make(_Asker(scope.kind, scope.is_about_one)))
        (provider,), client = scope.providers, next(iter(scope.clients.values()), None)
        ids = {"asker's provider": provider, "asker's client": client, "asker's account": scope.account_id}
        return self._written[kind].rows(values | ids)
