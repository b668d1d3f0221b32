"""Connectors: the one plugin that answers for a provider, or a typed error; never another in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import UUID

import gevent

from core import subscriptions
from core.hooks.calling import ask, each_on
from core.hooks.failing import note_fault
from core.hooks.plugin import House, Implementation, Plugin, plugins
from core.spec.errors import ConnectorFailed, NotConnected, VestibuleError
from core.spec.records import PracticeRecords
from core.tenancy import Scope

CONNECTOR_SECONDS = 1.0


def practice_records(scope: Scope) -> PracticeRecords:
    """The record of the scope's one provider, as core.spec.records says.

    Raises NotConnected where no plugin keeps one, ConnectorFailed where the one that would can't answer.
    """
    return cast("PracticeRecords", connected("practice_records", scope))


def connected(hook: str, scope: Scope) -> Any:
    """What the one plugin that answers gave; each later call of it raises typed errors only.

    Raises NotConnected when none answers, ConnectorFailed when one fails, is broken or gone, or two answer:
    what was meant for a broken record must never reach another by accident.
    """
    for plugin in _broken(hook, scope.provider_id):
        raise ConnectorFailed("broken", plugin.name)
    answers = []
    for implementation in each_on(hook, scope):
        answer = _answer(implementation, scope)
        if answer is not None:
            answers.append(_Guarded(answer, implementation))
    if not answers:
        raise NotConnected(hook)
    if len(answers) > 1:
        raise ConnectorFailed("two_answer")
    return answers[0]


def _answer(implementation: Implementation, scope: Scope) -> Any:
    def call() -> Any:
        with gevent.Timeout(CONNECTOR_SECONDS):
            return ask(implementation, {"scope": scope})

    return _typed(implementation, call)


def _broken(hook: str, provider_id: UUID) -> Iterator[Plugin]:
    for plugin in [one for one in plugins() if one.refused] + House.absent:
        # Where only names of gates are remembered of a plugin that is gone, its connectors stand among them.
        is_its = hook in plugin.connectors or hook in plugin.gates
        if is_its and subscriptions.on(provider_id, plugin.needs, plugin.name):
            yield plugin


def _typed(implementation: Implementation, call: Callable[[], Any]) -> Any:
    """Call into a plugin; whatever it raises beside our own errors becomes ConnectorFailed."""
    plugin = implementation.plugin
    try:
        return call()
    except (VestibuleError, gevent.GreenletExit):
        raise
    except BaseException as error:  # noqa: BLE001 -- a connector's failure is typed, whatever it was
        note_fault(plugin, implementation.hook, error, implementation.function)
        code = "late" if isinstance(error, gevent.Timeout) else "broken"
        raise ConnectorFailed(code, plugin.name) from None


class _Guarded:
    """What a connector gave, with each call of it typed; values that aren't called pass as they are."""

    def __init__(self, inner: Any, implementation: Implementation) -> None:
        self._inner, self._implementation = inner, implementation

    def __getattr__(self, name: str) -> Any:
        found = _typed(self._implementation, lambda: getattr(self._inner, name))
        if callable(found):
            return lambda *args, **kwargs: _typed(self._implementation, lambda: found(*args, **kwargs))
        is_value = isinstance(found, str | bytes | int | float | tuple | frozenset | type(None))
        return found if is_value else _Guarded(found, self._implementation)
