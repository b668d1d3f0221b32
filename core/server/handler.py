"""One connection: requests read within limits, answered, and logged without what could be private."""

from __future__ import annotations

import errno
import logging
import re
import socket
import time
from typing import Any

import gevent
from gevent.pywsgi import WSGIHandler

from core.server.body import Body
from core.server.refusals import refusal

log = logging.getLogger("vestibule.server")
access = logging.getLogger("vestibule.access")

_NUMBER = re.compile(r"[0-9]{1,18}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PROBES = ("/healthz", "/readyz", "/metrics")

Result = tuple[str, bytes] | bool | None


class SlowReader(OSError):
    """The other end doesn't take what we send; to pywsgi it is gone."""

    def __init__(self) -> None:
        super().__init__(errno.EPIPE, "slow reader")


class SlowHeaders(BaseException):
    """The headers did not come in time; no Exception, which pywsgi would take for a bad request."""


# The stubs know less of pywsgi than is overridden here.
_Plain: Any = WSGIHandler


class Handler(_Plain):
    """Adds to pywsgi: time limits, no Nagle, strict headers, and logs that hold no words of people."""

    is_idle = True
    wsgi_input: Body
    status: Any

    def handle(self) -> None:
        # With Nagle's algorithm each keep-alive answer waits 40 ms for the other end's ACK.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.handlers.add(self)
        try:
            super().handle()
        finally:
            self.server.handlers.discard(self)

    def hang_up(self) -> None:
        """End an idle connection from outside."""
        if self.is_idle and self.__dict__.get("socket") is not None:
            self.socket.shutdown(socket.SHUT_RDWR)

    def handle_one_request(self) -> Result:
        if not self._has_request():
            return None
        self._headers_until = gevent.Timeout.start_new(self.server.limits.header_seconds, SlowHeaders)
        try:
            result: Result = super().handle_one_request()
        except SlowHeaders:
            result = ("408", b"")
        finally:
            self._headers_until.close()
            self.is_idle = True
        if isinstance(result, tuple):
            # What was sent is no request, so no part of it is a method or a path for the log.
            self.command = self.path = None
            return (result[0], refusal(int(result[0])))
        return None if self.server.is_stopping else result

    def _has_request(self) -> bool:
        """Wait for the next request's first byte; a new connection has less time than a kept one."""
        limits = self.server.limits
        patience = limits.idle_seconds if self.environ else limits.header_seconds
        try:
            with gevent.Timeout(patience, False):  # type: ignore[arg-type] # False: no error
                self.is_idle = not self.rfile.peek(1)
        except (OSError, ValueError):
            return False
        return not self.is_idle

    def MessageClass(self, *args: Any) -> Any:  # noqa: N802 -- pywsgi's name
        headers = super().MessageClass(*args)
        _refuse_ambiguous(headers)
        return headers

    def read_request(self, raw_requestline: str) -> bool:
        is_read: bool = super().read_request(raw_requestline)
        if self.request_version == "HTTP/0.9":
            raise ValueError(self.request_version)
        return is_read

    def get_environ(self) -> dict[str, Any]:
        self._headers_until.close()
        environ: dict[str, Any] = super().get_environ()
        plain: Any = self.wsgi_input
        self.wsgi_input = Body(
            self.server.limits,
            self.rfile,
            plain.content_length,
            socket=plain.socket,
            chunked_input=plain.chunked_input,
        )
        if environ["wsgi.input"] is plain:
            environ["wsgi.input"] = self.wsgi_input
        return environ

    def handle_one_response(self) -> None:
        # Pages that only compute would otherwise keep others from their turn.
        gevent.sleep(0)
        if (self.content_length or 0) > self.server.limits.body_bytes:
            self._refuse(413)
            return
        super().handle_one_response()
        if self.wsgi_input.is_broken or self.connection_upgraded:
            self.close_connection = True

    def finalize_headers(self) -> None:
        super().finalize_headers()
        if self.server.is_stopping and not self.connection_upgraded:
            self.response_headers.append((b"Connection", b"close"))

    def _refuse(self, code: int) -> None:
        self.time_start = self.time_finish = time.time()
        self.status, self.close_connection = str(code), True
        self._sendall(refusal(code))
        self.log_request()

    def _sendall(self, data: bytes) -> None:
        with gevent.Timeout(self.server.limits.write_seconds, SlowReader):
            super()._sendall(data)

    def _send_error_response_if_possible(self, error_code: int) -> None:
        self.close_connection = True
        if not self.response_length:
            self.status, self._orig_status = str(error_code).encode(), str(error_code)
            try:
                self._sendall(refusal(error_code))
            except OSError:
                return

    def log_request(self) -> None:
        """One line for an answer; probes only when one looks closely, one-time tokens never."""
        path = (self.path or "").partition("?")[0]
        level = logging.DEBUG if path in _PROBES else logging.INFO
        if not access.isEnabledFor(level):
            return
        status = str(self._orig_status or self.status or "000").split()[0]
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
