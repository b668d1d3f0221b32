"""Gates: what stands before an act. One that fails, is broken or is gone counts as closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from typing import Any
from uuid import UUID

import gevent

from core import db, subscriptions
from core.hooks.calling import RETURNED, ask, each_on
from core.hooks.failing import note_fault
from core.hooks.patience import Patience
from core.hooks.plugin import House, Implementation, plugins
from core.hooks.shapes import WrongShape, checked
from core.spec.errors import Obstructed
from core.spec.types import Obstacle
from core.tenancy import Scope

GATE_SECONDS = 0.2
CODE = re.compile(r"[a-z0-9_.-]{1,64}")
FAILED, BROKEN, GONE = "gate_failed", "gate_broken", "gate_gone"


def obstacles(hook: str, scope: Scope, **values: Any) -> list[Obstacle]:
    """What stands before an act for the scope's one provider; a failing gate is closed.

    Raises Obstructed where a gate ran out of time inside a transaction: that one is rolled back and its
    connection dropped, because nobody knows what it was in the middle of.
    """
    found: list[Obstacle] = []
    for implementation in each_on(hook, scope):
        try:
            found += _answers(implementation, scope, values)
        except gevent.GreenletExit:
            raise
        except BaseException as error:  # noqa: BLE001 -- whatever comes out of a gate, it is closed
            note_fault(implementation.plugin, hook, error, implementation.function)
            found.append(Obstacle(FAILED, plugin=implementation.plugin.name))
            if isinstance(error, gevent.Timeout):
                _give_up_connection(found)
    return found + list(_closed(hook, scope.provider_id))


def _answers(implementation: Implementation, scope: Scope, values: dict[str, Any]) -> list[Obstacle]:
    hook = implementation.hook
    # A copy for each: what one plugin does to its arguments never reaches the next.
    own = {name: copy(value) for name, value in values.items()}
    with Patience(GATE_SECONDS):
        returned = ask(implementation, {"scope": scope, **own})
    answers = checked(hook, returned, RETURNED[hook])
    if unfit := [one.code for one in answers if not CODE.fullmatch(one.code)]:
        raise WrongShape(f"{hook} returned {len(unfit)} obstacles whose code is no code")
    return [replace(obstacle, plugin=implementation.plugin.name) for obstacle in answers]


def _give_up_connection(found: list[Obstacle]) -> None:
    if db.in_transaction():
        db.give_up(Obstructed(found))
    db.discard()


def _closed(hook: str, provider_id: UUID) -> Iterator[Obstacle]:
    """Gates of plugins that could not be loaded, or were here once and are gone, count as closed."""
    for plugin in plugins():
        if plugin.refused and hook in plugin.gates and _is_on(plugin.name, plugin.needs, provider_id):
            yield Obstacle(BROKEN, plugin=plugin.name)
    for absent in House.absent:
        if hook in absent.gates and _is_on(absent.name, absent.needs, provider_id):
            yield Obstacle(GONE, plugin=absent.name)


def _is_on(name: str, needs: frozenset[str], provider_id: UUID) -> bool:
    return subscriptions.on(provider_id, needs, name)
