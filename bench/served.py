"""The figures over HTTP: keep-alive answers of two servers, and a first visit in Chromium."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.browser import MOUSE, new_context, open_browser
from tests.support.house import House
from tests.support.place import Place
from tests.support.ports import held_port
from tests.support.run import CHECKOUT, plain_environment
from tests.support.server import open_servers
from tests.support.wire import Visit, first_visit

SECONDS, ROUNDS = 0.7, 4


def measured(place: Place, house: House, folder: Path, email: str) -> tuple[float, float, Visit]:
    """Answers a second of `vestibule serve` and of a bare route, and a first visit of the inbox."""
    name, _, value = house.browser(email).cookie.partition("=")
    settings = {"VESTIBULE_LOG_LEVEL": "warning"}
    with open_servers(place, settings, folder) as (server,), _bare_server() as bare:
        rates = [(_rate(server.port), _rate(bare)) for _round in range(ROUNDS)]
        with open_browser() as browser:
            context = new_context(browser, server.base_url, MOUSE)
            context.add_cookies([{"name": name, "value": value, "url": server.base_url}])
            visit = first_visit(browser, server.base_url, "/inbox/", context)
            context.close()
    return max(ours for ours, _ in rates), max(theirs for _, theirs in rates), visit


def _rate(port: int) -> float:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    count, began = 0, time.monotonic()
    while time.monotonic() - began < SECONDS:
        line.request("GET", "/healthz")
        if line.getresponse().read() != b"ok\n":
            raise RuntimeError("/healthz is not well")
        count += 1
    line.close()
    return count / (time.monotonic() - began)


@contextmanager
def _bare_server() -> Iterator[int]:
    with held_port() as port:
        command = [sys.executable, "-m", "bench.bare", str(port)]
        process = subprocess.Popen(command, cwd=CHECKOUT, env=plain_environment())
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    for _try in range(400):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the bare server did not start")
