"""Events: one outbox row for each plugin, written with the change and delivered after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import subscriptions
from core.hooks.calling import ask, implementations
from core.hooks.failing import note_fault
from core.hooks.plugin import House, Plugin, plugins
from core.hooks.shapes import WrongShape
from core.spec.carrying import packed, unpacked
from core.spec.errors import PluginRefused
from core.spec.scope import Scope as Asker
from core.spec.work import Work
from core.tenancy import Scope

WORK = "work_queued"


def tell(
    scope: Asker, hook: str, *, key: str, completes: bool = False, only: str = "", **records: Any
) -> None:
    """Queue an event, one outbox row for each plugin that is on; stands in a transaction.

    `completes` says that it finishes something begun: it is delivered even if the subscription ends
    meanwhile. A quarantined plugin that implements the hook gets its row too, and finds it when mended.
    `only` names the one plugin that it is for.
    """
    if House.put_event is None:
        msg = "hooks.bind was not called"
        raise RuntimeError(msg)
    provider_id = scope.provider_id
    payload = {name: packed(record) for name, record in records.items()}
    for plugin in _wanting(hook):
        if only and plugin.name != only:
            continue
        if plugin.is_core or subscriptions.on(provider_id, plugin.needs, plugin.name):
            House.put_event(
                scope,
                "event",
                f"{plugin.name}:{hook}",
                f"{hook}:{key}:{plugin.name}",
                payload,
                provider_id=provider_id,
                completes=completes,
            )


def queue_work(scope: Asker, kind: str, subject_id: UUID, *, key: str = "", completes: bool = False) -> None:
    """Put work off until after the commit; the plugin whose name begins `kind` gets it by `work_queued`.

    Stands in the transaction of the change. It is delivered at least once, tried again with growing pauses
    where it raises, and without end where it raises ConnectorFailed for what is away. A `kind` with the same
    `key` (else the same subject) is queued once. `completes` as in an event. Raises ValueError for a kind of
    nobody's.
    """
    plugin = kind.partition(".")[0]
    if plugin not in [one.name for one in _wanting(WORK)]:
        raise ValueError(f"{kind!r} is nobody's work: it begins with a plugin that implements {WORK}")
    work = Work(kind, scope.provider_id, subject_id)
    told_apart = f"{kind}:{key or subject_id}"
    tell(scope, "work_queued", key=told_apart, completes=completes, only=plugin, work=work)


def _wanting(hook: str) -> list[Plugin]:
    loaded = [implementation.plugin for implementation in implementations(hook)]
    return loaded + [one for one in plugins() if one.refused and hook in one.written]


def deliver_event(scope: Scope, target: str, payload: Any, provider_id: UUID | None) -> None:
    """The outbox's receiver of events: calls one plugin; what it raises is retried there.

    Raises PluginRefused while the plugin is quarantined or gone: its events wait and are not lost.
    """
    plugin, _, hook = target.partition(":")
    if plugin not in House.plugins or House.plugins[plugin].refused:
        raise PluginRefused(plugin, "is not loaded; its events wait")
    inner = Scope.system(f"event {hook}", provider_id)
    values = {name: unpacked(carried) for name, carried in payload.items()}
    for implementation in implementations(hook):
        if implementation.plugin.name == plugin:
            try:
                returned = ask(implementation, {"scope": inner, **values})
                _refuse_unrun(hook, returned)
            except BaseException as error:
                note_fault(implementation.plugin, hook, error, implementation.function)
                raise


def _refuse_unrun(hook: str, returned: Any) -> None:
    """A generator or a coroutine means that nothing was done yet; any other value harms nobody."""
    if hasattr(returned, "send"):
        returned.close()
        raise WrongShape(f"{hook} returned {type(returned).__name__}: nothing of it ran")
