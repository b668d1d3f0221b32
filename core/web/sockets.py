"""Sockets: the handshake after the guard's yes, limits on what comes in and goes out, and an orderly end."""

from __future__ import annotations

import errno
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from socket import SHUT_RDWR, SHUT_WR
from typing import Any

import gevent
import simple_websocket
from flask import Response, request
from flask_sock import Sock
from gevent.lock import BoundedSemaphore
from simple_websocket import ConnectionClosed
from werkzeug.exceptions import BadRequest, Forbidden, ServiceUnavailable, TooManyRequests
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from core import db, live
from core.tenancy import Scope
from core.web import origins

# Without pings one browser that sends tiny frames freezes everybody: the reader would never wait.
OPTIONS = {"ping_interval": 25, "max_message_size": 65_536}
MESSAGES_A_SECOND, PIECES_A_SECOND = 20, 400
MOST_WAITING = 100
SEND_SECONDS, GOODBYE_SECONDS, LOOK_SECONDS = 3, 1, 30
GONE = (OSError, ConnectionClosed, LocalProtocolError)

View = Callable[..., Any]


class _Wire:
    """A connection whose frames go out whole, one after the other, or not at all."""

    def __init__(self, plain: Any) -> None:
        self._plain, self._turn = plain, BoundedSemaphore()

    def fileno(self) -> int:
        found: int = self._plain.fileno()
        return found

    def recv(self, most: int) -> bytes:
        data: bytes = self._plain.recv(most)
        return data

    def send(self, data: bytes) -> None:
        """All of it within three seconds, or the connection ends: a reader that reads nothing is dead."""
        try:
            with self._turn, gevent.Timeout(SEND_SECONDS, TimeoutError(errno.ETIMEDOUT, "slow reader")):
                self._plain.sendall(data)
        except OSError:
            self.shut()
            raise

    def shut(self) -> None:
        with suppress(OSError):
            self._plain.shutdown(SHUT_RDWR)

    def drain(self) -> None:
        """What was sent last arrives only if what still comes is read: a reset would overtake it."""
        with suppress(OSError), gevent.Timeout(GOODBYE_SECONDS, TimeoutError()):
            self._plain.shutdown(SHUT_WR)
            while self._plain.recv(65_536):
                gevent.sleep(0.01)

    def close(self) -> None:
        self._plain.close()


class Socket:
    """An open socket: its view receives, and anybody in the process sends and closes without waiting."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain
        self._wire = plain.sock = _Wire(plain.sock)
        self._waiting: deque[str] = deque()
        self._writer: gevent.Greenlet | None = None
        self._second, self._messages, self._pieces = 0.0, 0, 0
        self._line: live.Line | None = None
        plain.ws.events = self._counted(plain.ws.events)

    def hear(self, since: int | None) -> None:
        """Send this page the hints that its scope may hear, those since it was drawn too."""
        if self._line is not None:
            live.hear(self._line, since)

    def receive(self) -> str | bytes | None:
        """The next message, or None once the socket is closed."""
        while self._plain.connected:
            with suppress(ConnectionClosed):
                message: str | bytes | None = self._plain.receive(timeout=LOOK_SECONDS)
                if message is not None:
                    return message
        return None

    def send(self, text: str) -> None:
        """Send soon. A browser that doesn't take 100 messages is let go; it comes back and asks anew."""
        if len(self._waiting) >= MOST_WAITING:
            self._wire.shut()
            return
        self._waiting.append(text)
        if self._writer is None:
            self._writer = gevent.spawn(self._write)

    def wake(self, text: str) -> None:
        """Send soon, unless the same is waiting already."""
        if text not in self._waiting:
            self.send(text)

    def close(self, code: int = 1000) -> None:
        """Close soon, with a code that tells the page whether to come back."""
        gevent.spawn(self._end, code)
        # A browser answers and goes; whoever doesn't is let go.
        gevent.spawn_later(GOODBYE_SECONDS, self._wire.shut)

    def attach(self, line: live.Line) -> None:
        """Take the line by which the bus knows this socket."""
        self._line = line

    def _write(self) -> None:
        with suppress(*GONE):
            while self._waiting:
                self._plain.send(self._waiting.popleft())
        self._writer = None

    def _end(self, code: int) -> None:
        with suppress(*GONE):
            self._plain.close(code)
        self._plain.connected = False
        # Closing from this side wakes nobody by itself.
        self._plain.event.set()

    def _counted(self, events: Callable[[], Iterator[Any]]) -> Callable[[], Iterator[Any]]:
        def counted() -> Iterator[Any]:
            for event in events():
                self._count(is_whole=getattr(event, "message_finished", True))
                yield event

        return counted

    def _count(self, *, is_whole: bool) -> None:
        now = time.monotonic()
        if now - self._second >= 1:
            self._second, self._messages, self._pieces = now, 0, 0
        self._messages, self._pieces = self._messages + is_whole, self._pieces + 1
        if self._messages > MESSAGES_A_SECOND or self._pieces > PIECES_A_SECOND:
            # In the reader's own greenlet, so nobody else reads.
            self._end(live.POLICY)
            self._wire.drain()
            raise OSError(errno.EPIPE, "too many messages")


class _Taker:
    """Stands where flask-sock registers its views: the guard registers ours."""

    def __init__(self) -> None:
        self.taken: View | None = None

    def route(self, _path: str, **_options: Any) -> Callable[[View], None]:
        def take(view: View) -> None:
            self.taken = view

        return take


def door(view: View) -> Callable[..., Response]:
    """What answers a handshake that was admitted: `door(view)(scope, entry, values)`."""

    def talk(plain: Any, scope: Scope, entry: live.Entry, values: dict[str, Any]) -> None:
        socket = Socket(plain)
        line = live.Line(entry, scope, socket.wake, socket.close)
        socket.attach(line)
        with live.opened(line):
            view(scope, socket, **values)

    taker = _Taker()
    Sock().route("", bp=taker)(talk)

    def answer(scope: Scope, entry: live.Entry, values: dict[str, Any]) -> Response:
        # Compression would cost each socket a quarter of a megabyte, and let a small frame grow large.
        request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        # A socket stays for hours; a connection of the pool may not.
        if not db.database.is_closed():
            db.database.close()
        try:
            with live.place_for(entry):
                response: Response = taker.taken(scope, entry, values)  # type: ignore[misc] # taken above
        except live.Full as error:
            raise (ServiceUnavailable if error.is_of_all else TooManyRequests) from error
        except (RemoteProtocolError, simple_websocket.ConnectionError) as error:
            raise BadRequest from error
        return response

    return answer


def is_handshake() -> bool:
    """Whether the request asks for a socket (RFC 6455, 4.2.1)."""
    upgrade = request.headers.get("Upgrade", "").lower()
    return upgrade == "websocket" and "upgrade" in request.headers.get("Connection", "").lower()


def refuse_foreign_origin() -> None:
    """Sockets are open to every page of the web unless the server asks where it came from.

    Raises Forbidden unless the Origin is ours in scheme, host and port.
    """
    if not origins.is_own():
        raise Forbidden
