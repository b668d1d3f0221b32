"""A request's body, read within a time and a size."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from gevent.pywsgi import Input


class BodyRefused(OSError):
    """Too slow or too long; to pywsgi the other end is gone."""

    def __init__(self) -> None:
        super().__init__(errno.EPIPE, "body refused")


class Body(Input):
    """pywsgi's input with a size, and a deadline counted from when somebody begins to read it.

    `begin` and `end` tell the connection when it waits for the other end and when it doesn't.
    """

    __slots__ = ("_begin", "_end", "_most", "_taken", "is_broken")

    def __init__(self, plain: Any, most: int, begin: Callable[[], None], end: Callable[[], None]) -> None:
        super().__init__(plain.rfile, plain.content_length, plain.socket, plain.chunked_input)
        self.is_broken = False
        self._begin, self._end = begin, end
        self._taken, self._most = 0, most

    def read(self, length: int | None = None) -> bytes:
        return self._within_limits(super().read, length)

    def readline(self, length: int | None = None) -> bytes:
        return self._within_limits(super().readline, length)

    def _within_limits(self, read: Callable[..., bytes], length: int | None) -> bytes:
        if not self.chunked_input and self.position >= (self.content_length or 0):
            return b""
        if self._taken > self._most:
            self.is_broken = True
            raise BodyRefused
        # A read without a length must not take more than is allowed either.
        most = self._most + 1 if length is None or length < 0 else length
        self._begin()
        try:
            data = read(most)
        except OSError:
            self.is_broken = True
            raise
        finally:
            self._end()
        self._taken += len(data)
        return data
