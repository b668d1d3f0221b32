"""The HTTP server against slow, large, ambiguous and rude visitors; and how it stops."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.ports import held_port
from tests.support.run import CHECKOUT, plain_environment
from tests.support.small_server import LIMITS

# What a limit of one second may take on a busy machine.
PATIENCE = 8


class Small:
    """The small server in a process of its own."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.small_server", str(port)],
                cwd=CHECKOUT,
                env=plain_environment({}),
                stdout=subprocess.PIPE,
                stderr=output,
            )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def send(self, raw: bytes = b"") -> socket.socket:
        """A new connection that has sent `raw` and no more."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        opened.sendall(raw)
        return opened

    def ask(self, raw: bytes) -> str:
        """What comes back until the server ends the connection."""
        with self.send(raw) as opened:
            return said_by(opened)

    def status(self, path: str = "/") -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()


def said_by(opened: socket.socket) -> str:
    said = b""
    try:
        while piece := opened.recv(65_536):
            said += piece
    except ConnectionResetError:
        pass
    return said.decode()


@contextmanager
def running(log: Path) -> Iterator[Small]:
    with held_port() as port:
        made = Small(port, log)
        yield made
        made.process.kill()
        made.process.communicate()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    with running(tmp_path_factory.mktemp("small") / "server.log") as made:
        yield made


def test_a_kept_connection_answers_at_once(small: Small) -> None:
    connection = HTTPConnection("127.0.0.1", small.port, timeout=PATIENCE)
    start = time.monotonic()
    for _ in range(40):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"0"
    connection.close()
    assert time.monotonic() - start < 40 * 0.03, "Nagle's algorithm would take 40 ms for each"


def test_A50_half_sent_headers_are_ended_and_others_are_served(small: Small) -> None:
    halves = [small.send(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ") for _ in range(8)]
    silent = small.send()
    assert small.status() == 200
    assert all(said_by(half).startswith("HTTP/1.1 408 ") for half in halves)
    assert said_by(silent) == ""
    for opened in (*halves, silent):
        opened.close()


def test_A50_drops_of_a_header_do_not_stretch_its_time(small: Small) -> None:
    start = time.monotonic()
    with small.send(b"GET / HTTP/1.1\r\n") as opened:
        while time.monotonic() - start < PATIENCE:
            try:
                opened.sendall(b"X: y\r\n")
            except OSError:
                break
            time.sleep(0.1)
    assert time.monotonic() - start < PATIENCE


def test_A50_a_slow_body_is_ended(small: Small) -> None:
    said = small.ask(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nabc")
    assert "200 OK" not in said
    assert small.status() == 200


def test_A50_a_slow_reader_is_left(small: Small) -> None:
    with small.send(b"GET /much HTTP/1.1\r\nHost: a\r\n\r\n") as opened:
        time.sleep(LIMITS.write_seconds + 1)
        assert small.status() == 200
        opened.settimeout(PATIENCE)
        assert len(said_by(opened)) < 40_000_000
    assert "Traceback" not in small.log


def test_a_kept_connection_that_asks_nothing_is_ended(small: Small) -> None:
    with small.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") as opened:
        assert said_by(opened).startswith("HTTP/1.1 200 ")


def test_A50_one_address_has_so_many_connections_and_no_more(small: Small) -> None:
    held = [small.send(b"GET / HTTP/1.1\r\n") for _ in range(LIMITS.per_address)]
    with small.send() as one_more:
        refused = said_by(one_more)
    assert refused.startswith("HTTP/1.1 503 ")
    assert "Retry-After:" in refused
    for opened in held:
        opened.close()
    give_up_at = time.monotonic() + PATIENCE
    while small.status() != 200:
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def test_A40_too_long_a_body_is_refused(small: Small) -> None:
    length = f"Content-Length: {LIMITS.body_bytes + 1}".encode()
    assert small.ask(b"POST / HTTP/1.1\r\nHost: a\r\n" + length + b"\r\n\r\n").startswith("HTTP/1.1 413 ")


def test_A40_a_body_without_length_is_cut_too(small: Small) -> None:
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    opened = small.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    sent = 0
    with opened:
        try:
            while sent < 100 * LIMITS.body_bytes:
                opened.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
    assert sent < 100 * LIMITS.body_bytes
    assert small.status() == 200


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3\r\nContent-Length: 3",
        "Content-Length: 0_3",
        "Content-Length: +3",
        "Content-Length: -3",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Host: b",
    ],
)
def test_A55_headers_that_a_proxy_could_read_otherwise_are_refused(small: Small, headers: str) -> None:
    raw = f"POST / HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\nabc".encode()
    assert small.ask(raw).startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/7.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00 secret words\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", 400),
    ],
)
def test_A52_what_is_no_request_gets_a_short_answer_and_no_words_in_the_log(
    small: Small, raw: bytes, code: int
) -> None:
    said = small.ask(raw)
    assert said.startswith(f"HTTP/1.1 {code} ")
    for header in ("X-Content-Type-Options: nosniff", "Content-Security-Policy: ", "Connection: close"):
        assert header in said, "A38: the guards stand on refusals too"
    assert "secret" not in small.log
    assert "Traceback" not in small.log


def test_A75_the_access_log_holds_neither_queries_nor_one_time_tokens(small: Small) -> None:
    key = uuid4()
    for path in (f"/inbox/{key}/?q=secret", "/reset/kZ3x_9TTbq-secretsecretsecret", "/%1b[31m"):
        small.status(path)
    small.ask(b"GET /\x1b[31mred HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert f"GET /inbox/{key}/ 200" in small.log
    assert "secret" not in small.log
    assert "\x1b" not in small.log, "A76: no control signs"


def test_law_05_a_failure_in_an_answer_is_told_by_type_and_ends_nothing(small: Small) -> None:
    assert small.status("/exit") == 500
    assert small.status() == 200
    assert "SystemExit in an answer, raised at" in small.log
    assert "secret words" not in small.log


def test_A70_a_stop_finishes_what_runs_and_takes_nothing_new(tmp_path: Path) -> None:
    with running(tmp_path / "server.log") as small:
        idle = HTTPConnection("127.0.0.1", small.port, timeout=PATIENCE)
        idle.request("GET", "/")
        idle.getresponse().read()
        with small.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n") as slow:
            time.sleep(0.3)
            small.process.send_signal(signal.SIGTERM)
            answer = said_by(slow)
        assert answer.startswith("HTTP/1.1 200 ")
        assert "Connection: close" in answer
        assert idle.sock.recv(1) == b"", "it was ended, not left hanging"
        idle.close()
        assert small.process.wait(PATIENCE) == 0
        with pytest.raises(ConnectionRefusedError):
            small.send()


def test_A70_who_had_connected_before_a_stop_is_answered(tmp_path: Path) -> None:
    with running(tmp_path / "log") as small:
        with small.send() as one, small.send() as another:
            small.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            for opened in (one, another):
                opened.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                answer = said_by(opened)
                assert answer.startswith("HTTP/1.1 200 ")
                assert "Connection: close" in answer
        assert small.process.wait(PATIENCE) == 0
