"""One connection: requests read within limits, answered, and logged without what could be private."""

from __future__ import annotations

import logging
import re
import time
from contextlib import suppress
from socket import IPPROTO_TCP, SHUT_RD, SHUT_RDWR, TCP_NODELAY
from typing import Any

import gevent
from gevent.pywsgi import WSGIHandler

from core.server.body import Body
from core.server.refusals import refusal

log = logging.getLogger("vestibule.server")
access = logging.getLogger("vestibule.access")

_NUMBER = re.compile(r"[0-9]{1,18}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What goes into one packet together with its headers.
TOGETHER = 64 * 1024
# By then who has connected while the server was asked to stop has sent the request.
FIRST_SECONDS = 1.0
_PROBES = ("/healthz", "/readyz", "/metrics")

Result = tuple[str, bytes] | bool | None


# The stubs know less of pywsgi than is overridden here.
_Plain: Any = WSGIHandler


class Handler(_Plain):
    """Adds to pywsgi: time limits, no Nagle, strict headers, and logs that hold no words of people."""

    wsgi_input: Body
    status: Any

    def __init__(self, sock: Any, address: Any, server: Any) -> None:
        super().__init__(sock, address, server)
        self._what, self._until, self._is_late = "request", 0.0, False
        self._body_until, self._came_at = 0.0, time.monotonic()
        self._held: bytearray | None = None

    def handle(self) -> None:
        # With Nagle's algorithm each keep-alive answer waits 40 ms for the other end's ACK.
        self.socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self.server.handlers.add(self)
        try:
            # Whoever is gone when a refusal is sent needs none.
            with suppress(OSError):
                super().handle()
        finally:
            self.server.handlers.discard(self)

    def _wait_for(self, what: str, seconds: float) -> None:
        """The other end has so long; a timer for each wait would cost more than a small answer."""
        self._what, self._until = what, time.monotonic() + seconds

    def _wait_no_longer(self) -> None:
        self._until = 0.0

    def look_at_clock(self, now: float) -> None:
        """End what has waited too long; called by the server from time to time."""
        if 0 < self._until < now:
            self._until, self._is_late = 0.0, True
            # Late headers and bodies end here and still get their answer.
            self.socket.shutdown(SHUT_RD if self._what in ("headers", "body") else SHUT_RDWR)

    def hang_up_if_idle(self) -> None:
        """End a connection that has no request; one that has just come has a moment to send it."""
        is_new = not self.environ and time.monotonic() - self._came_at < FIRST_SECONDS
        if self._what == "request" and self._until > 0 and not is_new:
            self.socket.shutdown(SHUT_RD)

    def handle_one_request(self) -> Result:
        if not self._has_request():
            return None
        self._wait_for("headers", self.server.limits.header_seconds)
        result: Result = super().handle_one_request()
        self._wait_no_longer()
        if isinstance(result, tuple):
            # What was sent is no request, so no part of it is a method or a path for the log.
            self.command = self.path = None
            code = 408 if self._is_late else int(result[0])
            return (str(code), refusal(code))
        return None if self.server.is_stopping else result

    def _has_request(self) -> bool:
        """Wait for the next request's first byte; a new connection has less time than a kept one."""
        limits = self.server.limits
        self._wait_for("request", limits.idle_seconds if self.environ else limits.header_seconds)
        try:
            return bool(self.rfile.peek(1))
        except (OSError, ValueError):
            return False

    def MessageClass(self, *args: Any) -> Any:  # noqa: N802 -- pywsgi's name
        headers = super().MessageClass(*args)
        # Where the headers break off, http.client takes them for complete.
        if self._is_late:
            raise ValueError("late")
        _refuse_ambiguous(headers)
        return headers

    def read_request(self, raw_requestline: str) -> bool:
        is_read: bool = super().read_request(raw_requestline)
        if self.request_version == "HTTP/0.9":
            raise ValueError(self.request_version)
        return is_read

    def get_environ(self) -> dict[str, Any]:
        self._wait_no_longer()
        self._body_until = 0.0
        environ: dict[str, Any] = super().get_environ()
        plain: Any = self.wsgi_input
        self.wsgi_input = Body(
            plain, self.server.limits.body_bytes, self._wait_for_body, self._wait_no_longer
        )
        if environ["wsgi.input"] is plain:
            environ["wsgi.input"] = self.wsgi_input
        return environ

    def _wait_for_body(self) -> None:
        now = time.monotonic()
        self._body_until = self._body_until or now + self.server.limits.body_seconds
        self._wait_for("body", self._body_until - now)

    def handle_one_response(self) -> None:
        # Pages that only compute would otherwise keep others from their turn.
        gevent.sleep(0)
        if (self.content_length or 0) > self.server.limits.body_bytes:
            self._refuse(413)
            return
        super().handle_one_response()
        # After a socket its last frames may still come, which are no requests.
        if self.wsgi_input.is_broken or self.connection_upgraded or self._is_taken_over():
            self.close_connection = True

    def _is_taken_over(self) -> bool:
        """Whether the application answered on the connection itself, as sockets do."""
        return self.status is None and "HTTP_UPGRADE" in (self.environ or {})

    def finalize_headers(self) -> None:
        super().finalize_headers()
        if self.server.is_stopping and not self.connection_upgraded:
            self.response_headers.append((b"Connection", b"close"))

    def _refuse(self, code: int) -> None:
        self.time_start = self.time_finish = time.time()
        self.status, self.close_connection = str(code), True
        self._sendall(refusal(code))
        self.log_request()

    def _write_with_headers(self, data: bytes) -> None:
        """Head and small body in one packet instead of two."""
        self._held = bytearray() if len(data) < TOGETHER else None
        super()._write_with_headers(data)
        held, self._held = self._held, None
        if held:
            self._sendall(bytes(held))

    def _sendall(self, data: bytes) -> None:
        if self._held is not None:
            self._held += data
            return
        self._wait_for("reader", self.server.limits.write_seconds)
        try:
            super()._sendall(data)
        finally:
            self._wait_no_longer()

    def _send_error_response_if_possible(self, error_code: int) -> None:
        self.close_connection, self._held = True, None
        if not self.response_length:
            self.status, self._orig_status = str(error_code).encode(), str(error_code)
            with suppress(OSError):
                self._sendall(refusal(error_code))

    def log_request(self) -> None:
        """One line for an answer; probes only when one looks closely, one-time tokens never."""
        path = (self.path or "").partition("?")[0]
        level = logging.DEBUG if path in _PROBES else logging.INFO
        if not access.isEnabledFor(level):
            return
        status = "101" if self._is_taken_over() else str(self._orig_status or self.status or "000").split()[0]
        took = (self.time_finish or time.time()) - self.time_start
        fields = (self.command or "-", shown(path), status, self.response_length, took * 1000)
        access.log(level, "%s %s %s %d bytes %.1f ms %s", *fields, self._peer())

    def log_error(self, *_words: object) -> None:
        """Nothing of what was sent: it may be anything."""
        log.info("bad request from %s", self._peer())

    def _handle_client_error(self, _error: BaseException) -> tuple[str, bytes]:
        self.log_error()
        return ("400", refusal(400))

    def _log_error(self, kind: type[BaseException], _error: BaseException, trace: Any) -> None:
        """Type and place only: the message and the variables may hold people's words."""
        if issubclass(kind, gevent.GreenletExit):
            return
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "nowhere"
        log.error("%s in an answer, raised at %s", kind.__name__, place)

    def _peer(self) -> str:
        return str(self.client_address[0]) if isinstance(self.client_address, tuple) else "-"


def shown(path: str) -> str:
    """A path for the log: long parts that aren't ids may be one-time tokens, and signs are encoded."""
    parts = [part if len(part) < 24 or _UUID.fullmatch(part) else f"{part[:4]}…" for part in path.split("/")]
    return "/".join(parts).encode("ascii", "backslashreplace").decode() if path.isprintable() else repr(path)


def _refuse_ambiguous(headers: Any) -> None:
    """Headers that a proxy in front could understand otherwise than we do (RFC 9112, 6.3, 11.2)."""
    lengths = headers.get_all("content-length") or []
    codings = headers.get_all("transfer-encoding") or []
    if len(lengths) + len(codings) > 1 or len(headers.get_all("host") or []) > 1:
        raise ValueError("said twice")
    if any(not _NUMBER.fullmatch(length.strip()) for length in lengths):
        raise ValueError("no length")
    if any(coding.strip().lower() != "chunked" for coding in codings):
        raise ValueError("unknown coding")
