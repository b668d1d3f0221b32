"""The watchdog: a thread of its own that sees when nothing else in the process gets a turn.

All requests share one thread, so code that neither waits nor ends holds them all, and nothing inside can
stop it. A greenlet beats; a real thread counts the beats that are missing, says whose code holds the
process, and from then on /healthz is red, so that whoever watches the process restarts it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import gevent
import structlog
from gevent import monkey

from core.hooks.calling import ask
from core.hooks.failing import note_fault
from core.hooks.plugin import House, Implementation, Plugin, plugins

LOOKS = 5
STACK = 12
STANDARD_ERROR = 2

_log = structlog.get_logger()
_start_thread = monkey.get_original("_thread", "start_new_thread")
_thread_id = monkey.get_original("_thread", "get_ident")
_real_sleep = monkey.get_original("time", "sleep")


class HeldTheProcess(Exception):
    """A plugin's code ran on and let nobody else have a turn; kept as its failure."""


@dataclass(frozen=True, slots=True)
class Held:
    """Whose code held the process: a plugin with its hook or none, or core with an empty plugin."""

    plugin: str
    hook: str
    place: str
    stack: str


class Watchdog:
    """Watches the thread that starts it; `seconds` without a turn for others is too long."""

    def __init__(self, seconds: float) -> None:
        self.held: Held | None = None
        self._step = seconds / LOOKS
        self._beats = 0
        self._ends = False
        self._unsaid: list[Held] = []
        self._watched = _thread_id()
        self._beating = gevent.spawn(self._beat)
        _start_thread(self._watch, ())

    @property
    def is_red(self) -> bool:
        """Whether a plugin has held this process for too long since it started."""
        return self.held is not None and bool(self.held.plugin)

    def stop(self) -> None:
        self._ends = True
        self._beating.kill()

    def _beat(self) -> None:
        while not self._ends:
            self._beats += 1
            while self._unsaid:
                _say_afterwards(self._unsaid.pop())
            gevent.sleep(self._step / 2)

    def _watch(self) -> None:
        """Runs in the thread: waits really, and touches nothing that waits for greenlets."""
        seen, missing = self._beats, 0
        while not self._ends:
            _real_sleep(self._step)
            # Counted in looks of our own: a process that was stopped as a whole has held nobody up.
            missing = missing + 1 if self._beats == seen else 0
            seen = self._beats
            if missing == LOOKS:
                self._bark()

    def _bark(self) -> None:
        held = _holder(sys._current_frames().get(self._watched))  # noqa: SLF001 -- the documented door
        if self.held is None or not self.held.plugin:
            self.held = held
        self._unsaid.append(held)
        who = f"the plugin {held.plugin}" if held.plugin else "core"
        line = f"watchdog: {who} lets nobody else have a turn, at {held.place}; stack: {held.stack}\n"
        # Past the log, whose locks wait for greenlets: it may be the last that this process says.
        os.write(STANDARD_ERROR, line.encode())


class _Kept:
    watchdog: Watchdog | None = None


def watch(seconds: float) -> Watchdog:
    """Start watching the thread that calls this; `is_held` tells what came of it."""
    _Kept.watchdog = Watchdog(seconds)
    return _Kept.watchdog


def is_held() -> bool:
    """Whether a plugin has held this process for too long: it serves, and should be restarted."""
    return _Kept.watchdog is not None and _Kept.watchdog.is_red


def _say_afterwards(held: Held) -> None:
    """What the thread could not do: log it, and count it among the plugin's failures."""
    _log.error("process was held", plugin=held.plugin, hook=held.hook, at=held.place)
    plugin = House.plugins.get(held.plugin)
    if plugin is not None:
        file, _, line = held.place.rpartition(" line ")
        note_fault(plugin, held.hook or "view", HeldTheProcess(), place=(file, int(line)))


def _holder(frame: FrameType | None) -> Held:
    """Who runs: the plugin whose hook is being called, or the one whose file is on the stack, or core."""
    frames = list(_frames(frame))
    stack = " < ".join(f"{_shown(one)}:{one.f_lineno}" for one in frames[:STACK])
    asked: list[Implementation] = [
        one.f_locals["implementation"] for one in frames if one.f_code is ask.__code__
    ]
    suspects = [(one.plugin, one.hook) for one in asked[:1]] or [(plugin, "") for plugin in plugins()]
    for one in frames:
        for plugin, hook in suspects:
            if inside := _inside(plugin, one):
                return Held(plugin.name, hook, f"{inside} line {one.f_lineno}", stack)
    place = f"{_shown(frames[0])} line {frames[0].f_lineno}" if frames else "nowhere line 0"
    name, hook = (asked[0].plugin.name, asked[0].hook) if asked and not asked[0].plugin.is_core else ("", "")
    return Held(name, hook, place, stack)


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _inside(plugin: Plugin, frame: FrameType) -> str:
    prefix, name = f"{plugin.folder}{os.sep}", frame.f_code.co_filename
    return name.removeprefix(prefix) if plugin.folder and name.startswith(prefix) else ""


def _shown(frame: FrameType) -> str:
    return "/".join(Path(frame.f_code.co_filename).parts[-3:])
