"""Changes of somebody's standing, told to whoever keeps doors open for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from uuid import UUID

Kind = Literal["login", "account", "provider"]
Receive = Callable[[Kind, UUID | None], None]


class _Told:
    receive: Receive | None = None


def bind(receive: Receive) -> None:
    """Take who is told; it stands above this room."""
    _Told.receive = receive


def announce(kind: Kind, id: UUID | None) -> None:
    """A login ended, an account's charts or roles changed, or what a provider holds; None is all of the kind.

    Stands in the transaction of the change, and is told after its commit.
    """
    if _Told.receive is not None:
        _Told.receive(kind, id)
