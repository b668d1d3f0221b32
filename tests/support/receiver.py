"""A receiver for the outbox that keeps what it gets and fails on demand, and rows for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import gevent

from core import clock, db, outbox, subscriptions
from core.tenancy import Provider, Scope

HOUSE = Scope.system("test")
WORDS = "the panic came back"


class Receiver:
    """Takes what is delivered; fails for the payloads that say how."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    @classmethod
    def of_all(cls) -> Receiver:
        """One that has the events and the mail."""
        made = cls()
        outbox.deliver("event", made)
        outbox.deliver("mail", made)
        return made

    def __call__(self, _scope: Scope, _target: str, payload: Any, _provider_id: UUID | None) -> None:
        self.got.append(payload["n"])
        raise_as = payload.get("raise")
        if raise_as:
            raise FAILURES[raise_as]


FAILURES: dict[str, BaseException] = {
    "error": RuntimeError(WORDS),
    "exit": SystemExit(WORDS),
    "timeout": gevent.Timeout(),
    "for good": outbox.Undeliverable(),
    "unwanted": outbox.Dropped("join_ended"),
}


def put(n: int, kind: str = "event", **more: Any) -> None:
    payload = {"n": n, "words": WORDS} | {key: more.pop(key) for key in ("raise",) if key in more}
    with db.transaction():
        outbox.put(
            HOUSE, kind, more.pop("target", "room:it_happened"), more.pop("key", f"k{n}"), payload, **more
        )


def row(n: int) -> Any:
    return HOUSE.rows(outbox.Outbox).where(outbox.Outbox.key == f"k{n}").get()


def add_provider(*features: str) -> UUID:
    with db.transaction():
        provider = HOUSE.add(Provider, slug="ortiz", name="Ortiz", zone="UTC", created_at=clock.now())
        for feature in features:
            subscriptions.switch(HOUSE, provider.id, feature, is_on=True)
    found: UUID = provider.id
    return found
