"""A browser's end of a socket, for tests: small enough to send what no browser would (RFC 6455)."""

from __future__ import annotations

import base64
import os
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

OPEN_SECONDS = 10.0
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Refused(Exception):
    """The handshake was answered with another status than 101."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Ear:
    """One open socket; `heard` are the messages so far, `code` is why it was closed (1006: it broke)."""

    def __init__(
        self,
        base_url: str,
        path: str,
        cookie: str = "",
        origin: str | None = "",
        more: Mapping[str, str] | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        self.heard: list[str] = []
        self.code: int | None = None
        self._come = b""
        self.line = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=OPEN_SECONDS)
        headers = {
            "Host": parts.netloc,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Extensions": "permessage-deflate",
        }
        if origin is not None:
            headers["Origin"] = origin or base_url
        if cookie:
            headers["Cookie"] = cookie
        told = "".join(f"{name}: {value}\r\n" for name, value in (headers | dict(more or {})).items())
        try:
            self.line.sendall(f"GET {path} HTTP/1.1\r\n{told}\r\n".encode())
            while b"\r\n\r\n" not in self._come:
                self._come += self._received() or b"HTTP/1.1 000\r\n\r\n"
        except BaseException:
            self.line.close()
            raise
        self.head, _, self._come = self._come.partition(b"\r\n\r\n")
        status = int(self.head.split()[1])
        if status != 101:
            self.line.close()
            raise Refused(status)

    def hear(self, seconds: float) -> list[str]:
        """Listen for so long; returns what came in this time."""
        start, give_up_at = len(self.heard), time.monotonic() + seconds
        while (left := give_up_at - time.monotonic()) > 0 and self.code is None:
            self._take(left)
        return self.heard[start:]

    def hear_about(self, topic: str, seconds: float = OPEN_SECONDS) -> float:
        """Wait until a message tells of this topic; returns the moment on this machine's steady clock."""
        give_up_at, start = time.monotonic() + seconds, len(self.heard)
        while (left := give_up_at - time.monotonic()) > 0 and self.code is None:
            self._take(left)
            if any(topic in message.split() for message in self.heard[start:]):
                return time.monotonic()
        raise AssertionError(f"nothing of {topic} in {seconds} s; heard {self.heard}, closed {self.code}")

    def closed(self, seconds: float = OPEN_SECONDS) -> int:
        """Wait for the end; returns the close code."""
        self.hear(seconds)
        if self.code is None:
            raise AssertionError(f"still open after {seconds} s; heard {self.heard}")
        return self.code

    def send(self, payload: bytes, opcode: int = TEXT, *, is_final: bool = True) -> None:
        """One frame, masked as a browser's are."""
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            size = bytes([0x80 | length])
        elif length < 65_536:
            size = b"\xfe" + length.to_bytes(2, "big")
        else:
            size = b"\xff" + length.to_bytes(8, "big")
        body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self.line.sendall(bytes([is_final << 7 | opcode]) + size + mask + body)

    def _take(self, seconds: float) -> None:
        # The first frames may have come together with the answer to the handshake.
        if (frame := self._frame()) is None:
            self.line.settimeout(max(seconds, 0.001))
            try:
                self._come += self._received()
            except TimeoutError:
                return
            frame = self._frame()
        while frame is not None:
            self._understand(*frame)
            frame = self._frame()

    def _received(self) -> bytes:
        try:
            piece = self.line.recv(65_536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            self.code = self.code or 1006
        return piece

    def _frame(self) -> tuple[int, bytes] | None:
        if len(self._come) < 2:
            return None
        length, start = self._come[1] & 0x7F, 2
        if length == 126:
            length, start = int.from_bytes(self._come[2:4], "big"), 4
        if len(self._come) < start + length:
            return None
        opcode, body = self._come[0] & 0x0F, self._come[start : start + length]
        self._come = self._come[start + length :]
        return opcode, body

    def _understand(self, opcode: int, body: bytes) -> None:
        if opcode == TEXT:
            self.heard.append(body.decode())
        elif opcode == PING:
            self.send(body, PONG)
        elif opcode == CLOSE:
            self.code = int.from_bytes(body[:2], "big") if body else 1005
            try:
                self.send(body[:2], CLOSE)
            except OSError:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.line.close()


def refusal(base_url: str, path: str, cookie: str = "", origin: str | None = "") -> int:
    """The status with which a handshake is answered; 101 lets it in."""
    try:
        with Ear(base_url, path, cookie, origin):
            return 101
    except Refused as error:
        return error.status
