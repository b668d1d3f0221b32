"""The processes of one place under a storm: begun from the nursery, ended at will, begun again at once."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.storms.points import Page
from tests.support.place import Place
from tests.support.ports import held_port
from tests.support.run import CHECKOUT, last_words, plain_environment

LOOK_SECONDS = 0.01
READY_SECONDS = 60
STOP_SECONDS = 20
TROUBLE = ("Traceback (most recent call last)", "event=fault", "level=critical")


@dataclass
class Process:
    """One process that has to be there; `port` is 0 for a worker."""

    words: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    port: int = 0
    pid: int = 0
    end: int = field(default=-1, repr=False)

    @property
    def is_alive(self) -> bool:
        return self.end >= 0 and not select.select([self.end], [], [], 0)[0]

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def is_ready(self) -> bool:
        return self.status("/readyz") == 200

    def status(self, path: str) -> int:
        """The status of a page, 0 where nobody answers."""
        return self.ask(path)[0]

    def ask(self, path: str, seconds: float = 10) -> tuple[int, str]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            line.close()


class Crew:
    """Processes that are begun again whenever they end, as a service manager does it."""

    def __init__(self, nursery: subprocess.Popen[str], page: Page, processes: list[Process]) -> None:
        self.page, self.processes = page, processes
        self.deaths = 0
        self._nursery, self._keeps = nursery, True
        self._lock = threading.Lock()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def servers(self) -> list[Process]:
        return [process for process in self.processes if process.port]

    @property
    def ports(self) -> list[int]:
        return [process.port for process in self.servers]

    @property
    def deliverer(self) -> Process:
        """The process that delivers what the outbox holds."""
        return self.processes[-1]

    def start(self) -> None:
        for process in self.processes:
            self._begin(process)
        self.wait_until_ready()
        self._keeper.start()

    def wait_until_ready(self) -> None:
        give_up_at = time.monotonic() + READY_SECONDS
        while not all(process.is_alive for process in self.processes) or not all(
            process.is_ready() for process in self.servers
        ):
            if time.monotonic() > give_up_at:
                raise AssertionError(f"not ready: {[last_words(one.log) for one in self.processes]}")
            time.sleep(0.05)

    def stop(self) -> list[int]:
        """Ask all to stop and wait for it; returns how many seconds each took, rounded up."""
        self._keeps = False
        self._keeper.join()
        took = []
        for process in self.processes:
            began = time.monotonic()
            process.signal(signal.SIGTERM)
            if not select.select([process.end], [], [], STOP_SECONDS)[0]:
                process.signal(signal.SIGKILL)
                raise AssertionError(
                    f"Still running {STOP_SECONDS} s after SIGTERM: {last_words(process.log)}"
                )
            took.append(int(time.monotonic() - began) + 1)
        return took

    def kill(self) -> None:
        self._keeps = False
        for process in self.processes:
            process.signal(signal.SIGKILL)

    def troubles(self) -> list[str]:
        """Lines of the logs that tell of an error nobody expected."""
        return self.lines(*TROUBLE)

    def lines(self, *signs: str) -> list[str]:
        """Lines of the logs with one of these in them."""
        said = [line for process in self.processes for line in process.output.splitlines()]
        return [line for line in said if any(sign in line for sign in signs)]

    def _keep(self) -> None:
        while self._keeps:
            for process in self.processes:
                if not process.is_alive and self._keeps:
                    self.deaths += 1
                    self._begin(process)
            time.sleep(LOOK_SECONDS)

    def _begin(self, process: Process) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        told = {
            "words": process.words,
            "environment": dict(process.environment),
            "log": str(process.log),
        }
        with self._lock:
            self._nursery.stdin.write(json.dumps(told) + "\n")
            self._nursery.stdin.flush()
            pid = int(self._nursery.stdout.readline())
        if process.end >= 0:
            os.close(process.end)
        # A process that ended in this moment leaves nothing to wait for, and is begun again.
        try:
            process.pid, process.end = pid, os.pidfd_open(pid)
        except ProcessLookupError:
            process.pid, process.end = pid, -1


@contextmanager
def open_crew(
    place: Place,
    settings: Mapping[str, str],
    folder: Path,
    prefix: tuple[tuple[str, str], ...] = (),
    *,
    is_delivering: bool = True,
) -> Iterator[Crew]:
    """The processes of a place, ready: one server on SQLite; two and a worker on PostgreSQL.

    `prefix` is added to the environment of the nursery itself: what is loaded before Python.
    """
    page = Page(folder / "page")
    command = [sys.executable, "-m", "tests.storms.nursery", str(folder / "page")]
    with ExitStack() as stack:
        numbers = [stack.enter_context(held_port()) for _ in range(2 if place.database_url else 1)]
        base = {"VESTIBULE_BASE_URL": f"http://127.0.0.1:{numbers[0]}", "VESTIBULE_LOG_LEVEL": "warning"}
        base |= {"VESTIBULE_TRUSTED_PROXIES": "1"} | dict(settings)
        processes = []
        for number, port in enumerate(numbers, 1):
            words = ("serve", "--without-worker") if place.database_url else ("serve",)
            told = plain_environment(place.environment(base | {"VESTIBULE_PORT": str(port)})) | dict(prefix)
            processes.append(Process(words, told, folder / f"server-{number}.log", port))
        if place.database_url and is_delivering:
            told = plain_environment(place.environment(base)) | dict(prefix)
            processes.append(Process(("worker",), told, folder / "worker.log"))
        nursery = stack.enter_context(
            subprocess.Popen(
                [*_ends_with_us(), *command],
                cwd=CHECKOUT,
                env=plain_environment(dict(prefix)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        crew = Crew(nursery, page, processes)
        try:
            crew.start()
            yield crew
        finally:
            crew.kill()
            nursery.kill()


def _ends_with_us() -> list[str]:
    return ["setpriv", "--pdeathsig", "KILL"]
