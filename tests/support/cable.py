"""A cable between browser and server that can be cut and mended: bytes pass, or nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.tap import Tap


class Cable:
    """Forwards a port of its own to a server's."""

    def __init__(self, server_port: int) -> None:
        self._tap = Tap(server_port)
        self.base_url = f"http://127.0.0.1:{self._tap.port}"

    def cut(self) -> None:
        """End what runs, and whatever comes, until it is mended."""
        self._tap.close()

    def mend(self) -> None:
        self._tap.open()

    def close(self) -> None:
        self._tap.end()


@contextmanager
def cable_to(server_port: int) -> Iterator[Cable]:
    """A cable for the block."""
    made = Cable(server_port)
    try:
        yield made
    finally:
        made.close()
