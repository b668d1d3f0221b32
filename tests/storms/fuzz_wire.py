"""Wild requests and wild frames over a wire to a real server, which goes on serving others."""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.storms.fuzz import TURN, Found
from tests.storms.undoing import Undo
from tests.storms.wild import Ask, Wild
from tests.support import harbor
from tests.support.server import TROUBLE, Server, open_servers
from tests.support.sockets import Ear, Refused
from tests.support.street import PEOPLE, Street

ASK_SECONDS = 5.0
SETTLED_SECONDS = 15.0
POOLED = 8  # connections that the pool may keep open
LOOK = 50  # after so many frames another visitor is served
STATUS = re.compile(rb"^HTTP/1\.1 (\d{3})")
PAYLOADS = (
    b"",
    b"x",
    b"\xff\xfe",
    b"\x03",
    b"\x00\x00bye",
    b'{"a": 1}',
    b"[" * 5000,
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
)


@dataclass(frozen=True)
class Served:
    """A furnished street behind a real server."""

    street: Street
    server: Server

    def troubles(self) -> list[str]:
        """What the server complained about; it is told here, and no test fails for it once more."""
        lines = [line for line in self.server.output.splitlines() if any(words in line for words in TROUBLE)]
        self.server.is_trouble_expected = bool(lines)
        return lines if self.server.is_running() else [*lines, "the server is gone"]


@contextmanager
def served(street: Street, folder: Path) -> Iterator[Served]:
    """A server for the street's place, for the block."""
    with open_servers(street.house.place, {}, folder) as servers:
        yield Served(street, servers[0])


def requests(served: Served, chance: random.Random, count: int) -> Found:
    """So many wild requests, byte for byte as they are."""
    browsers = {who: served.street.house.browser(who) for who in PEOPLE}
    wild, found = Wild(chance, served.street.doors, PEOPLE, browsers[""].csrf_token), Found()
    undo = Undo(served.street.house.place)
    for number in range(1, count + 1):
        ask = wild.ask()
        start = time.monotonic()
        status = _status(served.server, ask, browsers[ask.who].cookie)
        fault = "" if 100 < status < 500 else f"answered {status}"
        found.note(ask, status, time.monotonic() - start, fault)
        if number % TURN == 0 or number == count:
            undo.undo()
    found.faults += served.troubles()
    return found


def _status(server: Server, ask: Ask, cookie: str) -> int:
    """The status of the last answer's head; 0 for none."""
    lines = [f"{ask.method} {ask.target} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Cookie: {cookie}"]
    lines += [f"{name}: {value}" for name, value in ask.headers]
    lines += [f"Content-Length: {len(ask.body)}", "", ""]
    come = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=ASK_SECONDS) as line:
        with suppress(OSError):
            line.sendall("\r\n".join(lines).encode("latin-1", "replace") + ask.body)
            line.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while piece := line.recv(65_536):
                come += piece
    heads = STATUS.findall(come.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b""))
    return int(heads[0]) if heads else 0


def frames(served: Served, chance: random.Random, count: int) -> tuple[int, float]:
    """So many wild frames; returns over how many sockets they went, and how long another waited at most."""
    cookie = served.street.house.browser(harbor.CLIENT).cookie
    ear, opened, worst = None, 0, 0.0
    for sent in range(count):
        if ear is None:
            ear, opened = _opened(served.server, cookie), opened + 1
        try:
            _send_wild(ear, chance)
            ear.hear(0.002)
        except OSError:
            ear.code = 1006
        if ear.code is not None:
            ear.line.close()
            ear = None
        if sent % LOOK == 0:
            start = time.monotonic()
            assert served.server.status("/healthz") == 200
            worst = max(worst, time.monotonic() - start)
    if ear is not None:
        ear.line.close()
    return opened, worst


def descriptors(server: Server) -> int:
    """How many files, connections and sockets the server holds."""
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


def settled_descriptors(server: Server, before: int) -> int:
    """The same once what was cut off has been noticed."""
    give_up_at = time.monotonic() + SETTLED_SECONDS
    while (count := descriptors(server)) > before + POOLED and time.monotonic() < give_up_at:
        time.sleep(0.1)
    return count


def memory(server: Server) -> int:
    """What the server holds in memory, in KiB."""
    told = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmRSS")))


def _opened(server: Server, cookie: str) -> Ear:
    """A socket, once the places of those that were closed are free again."""
    give_up_at = time.monotonic() + ASK_SECONDS
    while True:
        try:
            return Ear(server.base_url, "/live/", cookie)
        except Refused:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)


def _send_wild(ear: Ear, chance: random.Random) -> None:
    """A frame that no browser sends: odd kinds, half messages, no UTF-8, or bytes that are no frame."""
    if chance.random() < 0.1:
        ear.line.sendall(chance.randbytes(chance.choice([1, 2, 60])))
        return
    payload = chance.choice([*PAYLOADS, chance.randbytes(chance.choice([1, 125, 126, 4000]))])
    opcode = chance.choice([0, 1, 1, 1, 2, 2, 3, 8, 9, 9, 10, 11, 15])
    ear.send(payload, opcode, is_final=chance.random() < 0.8)
