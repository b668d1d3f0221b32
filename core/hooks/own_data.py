"""A person's own data, read or erased: all are asked, on or off, and who could not answer is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import copy
from typing import Any

import gevent

from core import db
from core.hooks.calling import ask, implementations
from core.hooks.failing import note_fault
from core.hooks.plugin import House, Implementation, Plugin, plugins
from core.hooks.shapes import WrongShape, checked
from core.spec.own_data import DataSection, Erasure, OwnPart, PartState
from core.spec.types import ClientRecord
from core.subscriptions import KnownPlugin
from core.tenancy import Scope

PART_SECONDS = 10.0
RETURNED: dict[str, type] = {"export_client_data": DataSection, "erase_client_data": Erasure}


def recorded(hook: str, scope: Scope, *, client: ClientRecord) -> list[OwnPart]:
    """What each room and plugin answered, in the order of loading, then those that are missing.

    `scope` is of the client's one provider, whatever that holds now.
    """
    answering = implementations(hook)
    found = [_part(implementation, scope, client) for implementation in answering]
    return found + list(_missing([one.plugin for one in answering]))


def _part(implementation: Implementation, scope: Scope, client: ClientRecord) -> OwnPart:
    plugin, hook = implementation.plugin, implementation.hook
    try:
        answers = _asked(implementation, scope, client)
    except gevent.GreenletExit:
        raise
    except BaseException as error:  # noqa: BLE001 -- a part that fails is named, and the others are kept
        note_fault(plugin, hook, error, implementation.function)
        if isinstance(error, gevent.Timeout) and not db.in_transaction():
            db.discard()
        return OwnPart(plugin.name, plugin.title, "failed")
    return OwnPart(plugin.name, plugin.title, "whole", tuple(answers))


def _asked(implementation: Implementation, scope: Scope, client: ClientRecord) -> list[Any]:
    values = {"scope": scope, "client": copy(client)}
    with gevent.Timeout(PART_SECONDS):
        returned = ask(implementation, values)
    answers = checked(implementation.hook, returned, RETURNED[implementation.hook])
    for answer in answers:
        _check(implementation.hook, answer)
    return answers


def _check(hook: str, answer: Any) -> None:
    """What a record of the right types can still get wrong."""
    if isinstance(answer, DataSection):
        json.dumps([dict(row) for row in answer.rows])
    elif min(answer.erased, answer.kept) < 0 or bool(answer.kept) != bool(str(answer.why).strip()):
        raise WrongShape(f"{hook} returned an Erasure whose counts and why don't fit")


def _missing(answering: list[Plugin]) -> Iterator[OwnPart]:
    for plugin in plugins():
        if plugin.refused:
            yield _named(plugin, "quarantined")
        elif plugin not in answering and _keeps_rows(plugin):
            yield _named(plugin, "silent")
    yield from (_named(plugin, "absent") for plugin in House.absent)
    yield from _forgotten({plugin.name for plugin in [*plugins(), *House.absent]})


def _forgotten(others: set[str]) -> Iterator[OwnPart]:
    """Plugins that are gone for good and whose tables were left."""
    with db.connection():
        tables = db.database.get_tables()
        for row in db.house_rows(KnownPlugin).order_by(KnownPlugin.name):
            if row.name not in others and any(table.startswith(f"{row.name}_") for table in tables):
                yield OwnPart(row.name, row.title, "forgotten")


def _keeps_rows(plugin: Plugin) -> bool:
    return plugin.folder is not None and any((plugin.folder / "migrations").glob("*.sql"))


def _named(plugin: Plugin, state: PartState) -> OwnPart:
    return OwnPart(plugin.name, plugin.title, state)
