"""Wild requests to every Route as everybody: nothing may break, hang, lead away or show markup."""

from __future__ import annotations

import io
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import structlog
from werkzeug.test import run_wsgi_app

from core import db
from tests.storms.undoing import Undo
from tests.storms.wild import MARKUP, Ask, Wild
from tests.support.house import Browser, House
from tests.support.street import HOST, PEOPLE, Street

# What was done is undone after so many, so that the house stays furnished.
TURN = 50
SLOW_SECONDS = 2.0
HOME = f"http://{HOST}/"
QUIET = {"VESTIBULE_LOG_LEVEL": "error"}


@dataclass
class Found:
    """What came of wild requests: the worst of each kind is told."""

    seconds: float = 0
    slowest: str = ""
    order: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def note(self, ask: Ask, status: int, took: float, fault: str) -> None:
        self.order.append(status)
        if took > self.seconds:
            self.seconds, self.slowest = took, f"{took:.2f} s: {ask}"
        if fault:
            self.faults.append(f"{fault}: {ask}")

    @property
    def statuses(self) -> Counter[int]:
        return Counter(self.order)

    @property
    def is_well(self) -> bool:
        return not self.faults and self.seconds < SLOW_SECONDS

    def __str__(self) -> str:
        return f"{len(self.faults)} faults, worst {self.seconds * 1000:.0f} ms"


def storm(street: Street, chance: random.Random, count: int) -> Found:
    """So many wild requests to the app, one after the other."""
    house = street.house
    browsers = {who: house.browser(who) for who in PEOPLE}
    wild = Wild(chance, street.doors, PEOPLE, browsers[""].csrf_token)
    undo, found = Undo(house.place), Found()
    with structlog.testing.capture_logs() as told:
        for number in range(count):
            ask = wild.ask()
            told.clear()
            start = time.monotonic()
            status, fault = _answered(house, ask, browsers[ask.who])
            took = time.monotonic() - start
            where = " ".join(
                str(line.get("where", line.get("kind", ""))) for line in told if line["log_level"] == "error"
            )
            found.note(ask, status, took, f"{fault} {where}" if fault else "")
            if number % TURN == TURN - 1:
                undo.undo()
    return found


def _answered(house: House, ask: Ask, browser: Browser) -> tuple[int, str]:
    """The status, and what is wrong with the answer if anything is."""
    path, _, query = ask.target.partition("?")
    environ = {
        "REQUEST_METHOD": ask.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(ask.body)),
        "HTTP_COOKIE": browser.cookie,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(ask.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in ask.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    body, status_line, headers = run_wsgi_app(house.app.wsgi_app, environ, buffered=True)
    content = b"".join(body)
    db.database.connect(reuse_if_open=True)
    status = int(status_line.split()[0])
    if status >= 500:
        return status, str(status)
    for name in ("Location", "HX-Redirect", "HX-Location"):
        if urlsplit(urljoin(HOME, headers.get(name, "/"))).netloc != HOST:
            return status, f"leads to {headers[name]!r}"
    if headers.get("Content-Type", "").startswith("text/html") and MARKUP.encode() in content:
        return status, "shows markup"
    return status, ""
