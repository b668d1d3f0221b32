"""Listening, the caps on connections, and the stop that lets running requests finish."""

from __future__ import annotations

import errno
import gc
import logging
import resource
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from core.server.handler import Handler
from core.server.limits import Limits
from core.server.refusals import refusal

BACKLOG = 512
LOOK_SECONDS = 0.25
USUAL = Limits()
# What stays free for the database, mail and files.
DESCRIPTORS_KEPT = 64
YOUNG_OBJECTS = 10_000  # before the collector looks at the newest ones; a page makes thousands

log = logging.getLogger("vestibule.server")


class PortTaken(OSError):
    """Somebody else listens there."""


class Server(WSGIServer):
    """pywsgi with caps; behind a proxy all visitors share its address, so the proxy counts them."""

    handler_class = Handler

    def __init__(
        self, listener: socket.socket, application: Any, limits: Limits, *, is_behind_proxy: bool
    ) -> None:
        super().__init__(listener, application, log=None, error_log=None)
        self.handlers: set[Handler] = set()
        self.is_stopping = False
        self.on_stop: Callable[[], None] | None = None
        self.limits = limits
        self._per_address: Counter[str] = Counter()
        self._cap = None if is_behind_proxy else limits.per_address
        self._most = _descriptors() - DESCRIPTORS_KEPT

    def handle(self, sock: Any, address: Any) -> None:
        name = address[0] if isinstance(address, tuple) else ""
        is_over = self._cap is not None and self._per_address[name] >= self._cap
        if is_over or len(self.handlers) >= self._most:
            log.warning("too many connections, one from %s refused", name)
            with suppress(OSError):
                sock.sendall(refusal(503))
            return
        self._per_address[name] += 1
        try:
            super().handle(sock, address)
        finally:
            self._per_address[name] -= 1
            if not self._per_address[name]:
                del self._per_address[name]

    def watch_clock(self) -> None:
        """End connections that wait too long; one look at all of them is cheaper than timers."""
        while True:
            gevent.sleep(LOOK_SECONDS)
            now = time.monotonic()
            for handler in list(self.handlers):
                with suppress(OSError):
                    handler.look_at_clock(now)

    def finish(self) -> None:
        """Take no new connection, end idle ones, and wait a while for requests that run."""
        self.is_stopping = True
        self._take_last()
        if self.on_stop is not None:
            self.on_stop()
        with gevent.Timeout(self.limits.finish_seconds, False):  # type: ignore[arg-type] # False: no error
            while self.handlers:
                for handler in list(self.handlers):
                    with suppress(OSError):
                        handler.hang_up_if_idle()
                gevent.sleep(0.05)
        if self.handlers:
            log.warning("%d requests did not finish in time", len(self.handlers))

    def _take_last(self) -> None:
        """Who stands in the queue was told that somebody listens; closing it would break them off."""
        self.stop_accepting()
        read: Callable[[], Any] = self.do_read  # the stubs leave out its None, for an empty queue
        while (waiting := read()) is not None:
            self.do_handle(*waiting)
        # At once: whoever connects while pages have their turn would be broken off by a later end.
        self.close()
        gevent.sleep(0)  # each has its handler now


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises `PortTaken` when somebody else has it."""
    try:
        made = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(error.errno, f"port {port} is taken") from error
        raise
    made.setblocking(False)
    return made


def serve(
    listener: socket.socket,
    application: Any,
    stop: Event,
    *,
    is_behind_proxy: bool,
    ready: Callable[[], None],
    on_stop: Callable[[], None] | None = None,
    limits: Limits = USUAL,
) -> None:
    """Answer requests until `stop` is set, then finish what runs; `on_stop` ends what would go on."""
    _raise_descriptors()
    server = Server(listener, application, limits, is_behind_proxy=is_behind_proxy)
    server.on_stop = on_stop
    server.start()
    watching = gevent.spawn(server.watch_clock)
    _spare_collector()
    ready()
    stop.wait()
    server.finish()
    watching.kill()


def _spare_collector() -> None:
    """What was loaded stays for good: Python's collector need not go through it while people wait."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def _raise_descriptors() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _descriptors() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 65_536 if soft == resource.RLIM_INFINITY else soft
