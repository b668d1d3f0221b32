"""The product's HTTP server before a few tiny answers, with small limits: `small_server PORT`."""

from gevent import monkey

if __name__ == "__main__":  # and not in a test that only wants to know the limits
    monkey.patch_all()

import logging
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from gevent.event import Event

from core.server import Limits, listen, serve

LIMITS = Limits(
    header_seconds=1,
    idle_seconds=1,
    body_seconds=1,
    write_seconds=1,
    body_bytes=100_000,
    per_address=20,
    finish_seconds=5,
)
SLOW_SECONDS = 1.5
MUCH = 40_000_000


def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/slow":
        gevent.sleep(SLOW_SECONDS)
    if path == "/exit":
        raise SystemExit("secret words")
    body = b"x" * MUCH if path == "/much" else str(len(environ["wsgi.input"].read())).encode()
    start("200 OK", [("Content-Type", "text/plain")])
    return [body]


def main(port: int) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop = Event()
    gevent.signal_handler(signal.SIGTERM, stop.set)
    serve(
        listen("127.0.0.1", port),
        answer,
        stop,
        is_behind_proxy=False,
        ready=lambda: print("ready", flush=True),  # noqa: T201 -- whoever started this waits for it
        limits=LIMITS,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
