"""How long a plugin may keep others waiting, counted only while the process has time for it."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

import gevent
from gevent.hub import get_hub

# A timer that fires later than this says that the process was busy, and not that the plugin hung.
LATE_SECONDS = 0.02
# After so many times it is the plugin's fault all the same.
MOST_TIMES = 20


class Patience:
    """`with Patience(seconds):` raises gevent.Timeout in the block once it has waited for so long.

    gevent's own time limit also counts while other greenlets hold the process: in a rush it would take
    the plugin for a hanging one. A busy loop is ended by neither (see the watchdog).
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self._times = seconds, 0
        self._timeout = gevent.Timeout(seconds)
        self._timer: Any = None

    def __enter__(self) -> None:
        self._greenlet: Any = gevent.getcurrent()
        self._begin()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def _begin(self) -> None:
        self._until = time.monotonic() + self._seconds
        self._timer = get_hub().loop.timer(self._seconds)
        self._timer.start(self._look, update=True)

    def _end(self) -> None:
        self._timer.stop()
        self._timer.close()

    def _look(self) -> None:
        """Called by the loop when the time is over."""
        self._end()
        self._times += 1
        if time.monotonic() - self._until > LATE_SECONDS and self._times < MOST_TIMES:
            self._begin()
        else:
            self._greenlet.throw(self._timeout)
