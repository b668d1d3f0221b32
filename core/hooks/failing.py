"""What becomes of a failure: a plugin left out, or a failure counted; said by type and place only."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from core import clock
from core.hooks.finding import forget
from core.hooks.plugin import FIRST_LINE, Failure, Fault, House, Plugin
from core.spec.errors import PluginRefused

_log = structlog.get_logger()


def quarantine(name: str, error: BaseException) -> None:
    """Leave a plugin out, keep why. A core room is never left out: its error goes up."""
    plugin = House.plugins[name]
    if plugin.is_core:
        raise error
    words = error.sentence if isinstance(error, PluginRefused) else str(fault_of(plugin, error))
    leave_out(plugin, [words])


def leave_out(plugin: Plugin, sentences: list[str]) -> None:
    """Quarantine for these reasons, and unregister what was registered."""
    plugin.refusals = tuple(f"{plugin.name}: {sentence}" for sentence in sentences)
    plugin.refused = plugin.refusals[0]
    _log.error("plugin quarantined", plugin=plugin.name, why=plugin.refused)
    if House.plugins.get(plugin.name) is plugin and House.manager.has_plugin(plugin.name):
        House.manager.unregister(name=plugin.name)
        House.implementations.clear()
    if plugin.origin == "folder":
        forget(plugin.package)


def note_fault(
    plugin: Plugin,
    hook: str,
    error: BaseException,
    function: Callable[..., Any] | None = None,
    place: tuple[str, int] | None = None,
) -> None:
    """Count a failure and keep where it was; `function` is the hook, for errors that left no trace in it."""
    file, line = place or place_of(plugin, error, function)
    kind = type(error).__name__
    plugin.faults[hook] = plugin.faults.get(hook, 0) + 1
    plugin.last_failure = Failure(hook, kind, file, line, clock.now())
    _log.warning("plugin failed", plugin=plugin.name, hook=hook, kind=kind, file=file, line=line)


def fault_of(plugin: Plugin, error: BaseException) -> Fault:
    """A failure as type and place: its message may carry what people wrote, so it is not kept."""
    file, line = place_of(plugin, error)
    if isinstance(error, SyntaxError):
        return Fault(file, line, "is no Python: mend what stands there.")
    if isinstance(error, ModuleNotFoundError) and error.name:
        return Fault(file, line, f"imports {error.name}, which is not installed: install it or leave it out.")
    return Fault(file, line, f"raises {type(error).__name__}: mend what stands there.")


def place_of(
    plugin: Plugin, error: BaseException, function: Callable[..., Any] | None = None
) -> tuple[str, int]:
    """The last line of the plugin's own that a failure went through, relative to its folder."""
    if isinstance(error, SyntaxError) and error.filename and (inside := _inside(plugin, error.filename)):
        return inside, error.lineno or FIRST_LINE
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if inside := _inside(plugin, frame.filename):
            return inside, frame.lineno or FIRST_LINE
    code = getattr(function, "__code__", None)
    if code is not None and (inside := _inside(plugin, code.co_filename)):
        return inside, code.co_firstlineno
    return "hooks.py", FIRST_LINE


def _inside(plugin: Plugin, filename: str) -> str:
    path = Path(filename)
    if plugin.folder is None or not path.is_relative_to(plugin.folder):
        return ""
    return path.relative_to(plugin.folder).as_posix()
