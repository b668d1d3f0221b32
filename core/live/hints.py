"""Hints: wake-ups that carry ids only; a page that hears one asks for its parts anew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import hooks, subscriptions
from core.live import bus
from core.spec.scope import Scope as Asker
from core.spec.types import ROLES
from core.tenancy import Scope

# What a page hears when it may have missed something.
EVERYTHING = "*"
_TOPIC = re.compile(r"([a-z][a-z0-9]*)(\.[a-z][a-z0-9_]*)?(:[0-9a-f-]{36})?")


@dataclass(frozen=True, slots=True)
class Hint:
    """What changed at one provider, for members of these roles and for the one client named."""

    provider_id: UUID
    topics: tuple[str, ...]
    client_id: UUID | None
    roles: tuple[str, ...]

    def topics_for(self, scope: Scope) -> list[str]:
        """Those topics that this asker may hear: the right person, where the plugin is on."""
        if self.provider_id not in scope.providers or not self._is_meant(scope):
            return []
        return [topic for topic in self.topics if _is_on(scope, self.provider_id, topic)]

    def _is_meant(self, scope: Scope) -> bool:
        if scope.kind == "client":
            return self.client_id is not None and scope.clients.get(self.provider_id) == self.client_id
        member = scope.members.get(self.provider_id)
        return member is not None and member.role in self.roles

    def packed(self) -> dict[str, Any]:
        client = str(self.client_id) if self.client_id else None
        told = {"provider": str(self.provider_id), "client": client}
        return {**told, "topics": self.topics, "roles": self.roles}

    @classmethod
    def unpacked(cls, told: Mapping[str, Any]) -> Hint:
        client = UUID(told["client"]) if told["client"] else None
        return cls(UUID(told["provider"]), tuple(told["topics"]), client, tuple(told["roles"]))


def hint(scope: Asker, *topics: str, client_id: UUID | None = None, roles: Sequence[str] = ROLES) -> None:
    """Tell open pages of the scope's one provider that something changed; told after the commit.

    Members of `roles` hear it, and the client whose chart is named. A topic is the name of a room
    or plugin, with `.word` for a part of it and `:id` for one row: `inbox`, `inbox.thread:0190…`.
    A hint may be lost or come twice: it wakes, and carries nothing that a page needs.
    Raises ScopeRequired for a scope of several providers, ValueError for another kind of topic.
    """
    for topic in topics:
        found = _TOPIC.fullmatch(topic)
        if found is None or found[1] not in {plugin.name for plugin in hooks.plugins()}:
            raise ValueError(f"{topic!r} is no topic: it begins with the name of a room or plugin")
    told = Hint(scope.provider_id, topics, client_id, tuple(roles))
    bus.publish({"hint": told.packed()})


def _is_on(scope: Scope, provider_id: UUID, topic: str) -> bool:
    plugin = re.split(r"[.:]", topic, maxsplit=1)[0]
    if not hooks.is_plugin(plugin):
        return True
    only = scope.within(frozenset({provider_id}))
    return bool(subscriptions.where_on(only, hooks.needs_of(plugin), plugin))
