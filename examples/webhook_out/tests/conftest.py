"""A real receiver on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from receiver import Receiver
from webhooks.reaching import ALLOWED


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that the operator did not allow yet."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            made.headers.append(dict(self.headers))
            status = made.answers.pop(0) if made.answers else 200
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is http.server's
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Receiver(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def allowed(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """The same, with the operator's leave."""
    monkeypatch.setenv(ALLOWED, receiver.host)
    return receiver
