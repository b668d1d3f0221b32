"""A request's body, read within a time and a size."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from typing import Any

import gevent
from gevent.pywsgi import Input

from core.server.limits import Limits


class BodyRefused(OSError):
    """Too slow or too long; to pywsgi the other end is gone."""

    def __init__(self) -> None:
        super().__init__(errno.EPIPE, "body refused")


class Body(Input):
    """pywsgi's input with a deadline, counted from when somebody begins to read it."""

    __slots__ = ("_most", "_seconds", "_taken", "_until", "is_broken")

    def __init__(self, limits: Limits, rfile: Any, content_length: int | None, **more: Any) -> None:
        super().__init__(rfile, content_length, **more)
        self.is_broken = False
        self._taken, self._most = 0, limits.body_bytes
        self._seconds, self._until = limits.body_seconds, 0.0

    def read(self, length: int | None = None) -> bytes:
        return self._within_limits(super().read, length)

    def readline(self, length: int | None = None) -> bytes:
        return self._within_limits(super().readline, length)

    def _within_limits(self, read: Callable[..., bytes], length: int | None) -> bytes:
        self._until = self._until or time.monotonic() + self._seconds
        left = self._until - time.monotonic()
        if left <= 0 or self._taken > self._most:
            self.is_broken = True
            raise BodyRefused
        # A read without a length must not take more than is allowed either.
        most = self._most + 1 if length is None or length < 0 else length
        try:
            with gevent.Timeout(left, BodyRefused):
                data = read(most)
        except OSError:
            self.is_broken = True
            raise
        self._taken += len(data)
        return data
