"""A second look at whoever came in by a socket: whether the guard would admit them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from flask import Flask

from core import db, live, subscriptions
from core.spec.errors import NotFound
from core.tenancy import Account, Scope
from core.tenancy.logins import accounts_of
from core.tenancy.standing import Features, FeaturesOf
from core.web.guard import Bound, admit


def looker(app: Flask) -> live.LookAgain:
    """What the lines ask: the scope that each entry would have now, None where it would be refused."""

    def look_again(entries: Sequence[live.Entry]) -> list[Scope | None]:
        routes = app.extensions["routes"]
        with db.connection():
            accounts = accounts_of({entry.login_id for entry in entries})
            return _Look(routes, accounts).at(entries)

    return look_again


class _Look:
    """One look at many: what the entries share is asked once."""

    def __init__(self, routes: Mapping[str, Bound], accounts: Mapping[UUID, Account]) -> None:
        self._routes, self._accounts = routes, accounts
        self._held: dict[frozenset[UUID], Features] = {}
        self._scopes: dict[tuple[UUID, str, str | None], Scope | None] = {}

    def at(self, entries: Sequence[live.Entry]) -> list[Scope | None]:
        return [self._scope(entry) for entry in entries]

    def _scope(self, entry: live.Entry) -> Scope | None:
        account = self._accounts.get(entry.login_id)
        if account is None:
            return None
        key = (account.id, entry.endpoint, entry.slug)
        if key not in self._scopes:
            self._scopes[key] = _admitted(self._routes[entry.endpoint], account, entry.slug, self._features)
        return self._scopes[key]

    def _features(self, providers: frozenset[UUID]) -> Features:
        if providers not in self._held:
            self._held[providers] = subscriptions.of(providers)
        return self._held[providers]


def _admitted(bound: Bound, account: Account, slug: str | None, features_of: FeaturesOf) -> Scope | None:
    for kind in bound.route.kinds:
        with suppress(NotFound):
            return admit(bound, kind, account, slug, features_of)
    return None
