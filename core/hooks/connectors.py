"""Connectors: the one plugin that answers for a provider, or a typed error; never another in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import UUID

import gevent

from core import db, subscriptions
from core.hooks.calling import ask, implementations
from core.hooks.failing import note_fault
from core.hooks.patience import Patience
from core.hooks.plugin import House, Implementation, Plugin, plugins
from core.hooks.shapes import WrongShape, wrong_field
from core.spec.errors import ConnectorFailed, NotConnected, VestibuleError
from core.spec.records import PracticeRecords, Written
from core.spec.scope import Scope

CONNECTOR_SECONDS = 1.0
# A delivery of the outbox has half a minute, and asks a few times in it.
CALL_SECONDS = 5.0
# What is written only counts with an answer that says so.
WRITES = frozenset("write file amend add_charge cancel_charge record_payment".split())


def practice_records(scope: Scope, *, completes: bool = False) -> PracticeRecords:
    """The record of the scope's one provider, as core.spec.records says.

    `completes` is for what was begun while the provider held it: the subscription may have ended since.
    Raises NotConnected where no plugin keeps one, ConnectorFailed where the one that would can't answer.
    """
    return cast("PracticeRecords", connected("practice_records", scope, completes=completes))


def connected(hook: str, scope: Scope, *, completes: bool = False) -> Any:
    """What the one plugin that answers gave; each later call of it raises typed errors only.

    Raises NotConnected when none answers, ConnectorFailed when one fails, is broken or gone, or two answer:
    what was meant for a broken record must never reach another by accident.
    """
    for plugin in _broken(hook, scope.provider_id):
        raise ConnectorFailed("broken", plugin.name)
    answers = []
    for implementation in implementations(hook):
        if not _is_on(implementation.plugin, scope.provider_id, completes=completes):
            continue
        answer = _answer(implementation, scope)
        if answer is not None:
            answers.append(_Guarded(answer, implementation))
    if not answers:
        raise NotConnected(hook)
    if len(answers) > 1:
        raise ConnectorFailed("two_answer")
    return answers[0]


def _is_on(plugin: Plugin, provider_id: UUID, *, completes: bool) -> bool:
    """Whether a plugin may answer; for what completes, it is enough that nobody switched it off."""
    needs = frozenset[str]() if completes else plugin.needs
    return plugin.is_core or subscriptions.on(provider_id, needs, plugin.name)


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
        if isinstance(error, gevent.Timeout) and not db.in_transaction():
            db.discard()
        code = "late" if isinstance(error, gevent.Timeout) else "broken"
        raise ConnectorFailed(code, plugin.name) from None


def _in_time(name: str, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with Patience(CALL_SECONDS):
        answer = call(*args, **kwargs)
    if name in WRITES and (not isinstance(answer, Written) or wrong_field(answer)):
        raise WrongShape(f"{name} answered {type(answer).__name__}, not Written")
    return answer


class _Guarded:
    """What a connector gave, with each call of it typed; values that aren't called pass as they are."""

    def __init__(self, inner: Any, implementation: Implementation) -> None:
        self._inner, self._implementation = inner, implementation

    def __getattr__(self, name: str) -> Any:
        found = _typed(self._implementation, lambda: getattr(self._inner, name))
        if callable(found):
            return lambda *args, **kwargs: _typed(
                self._implementation, lambda: _in_time(name, found, *args, **kwargs)
            )
        is_value = isinstance(found, str | bytes | int | float | tuple | frozenset | type(None))
        return found if is_value else _Guarded(found, self._implementation)
