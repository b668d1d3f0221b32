"""A tap on the line to a database, a mail server or a server of ours: cut, slow, silent, or open."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 65_536


class Tap:
    """Forwards a port of its own to another one; `delay` seconds for each piece, nothing while `is_silent`.

    While `rubbish` is set, whoever connects is told that, and nothing else.
    """

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.delay = 0.0
        self.is_silent = False
        self.rubbish = b""
        self._is_closed = False
        self._lines: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """End every line that stands; new ones are still taken."""
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Refuse whatever comes, and end what stands."""
        self._is_closed = True
        self.cut()

    def open(self) -> None:
        self._is_closed = self.is_silent = False
        self.delay, self.rubbish = 0.0, b""

    def end(self) -> None:
        self.close()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(line,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            if self.rubbish:
                near.sendall(self.rubbish)
            if self._is_closed or self.rubbish:
                return
            with socket.create_connection(("127.0.0.1", self.behind)) as far:
                self._lines |= {near, far}
                back = threading.Thread(target=self._pass_on, args=(far, near), daemon=True)
                back.start()
                self._pass_on(near, far)
                back.join()
                self._lines -= {near, far}

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if self.delay:
                    time.sleep(self.delay)
                while self.is_silent and not self._is_closed:
                    time.sleep(0.02)
                target.sendall(piece)
        for line in (source, target):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@contextmanager
def tap_to(port: int) -> Iterator[Tap]:
    """A tap for the block."""
    made = Tap(port)
    try:
        yield made
    finally:
        made.end()
