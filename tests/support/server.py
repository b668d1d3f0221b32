"""A real `python -m vestibule serve` in a process of its own, told apart by its port."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from tests.support import nursery
from tests.support.place import Place
from tests.support.ports import held_port
from tests.support.run import CHECKOUT, last_words, plain_environment

READY_SECONDS = 60.0
STOP_SECONDS = 15.0
SERVE = (sys.executable, "-m", "vestibule", "serve")
TROUBLE = ("Traceback (most recent call last)", "level=error", "level=critical")
# A developer's proxy settings must not stand between the test and its own machine.
_direct = build_opener(ProxyHandler({}))


class Server:
    """One server process; `output` is all it said so far."""

    def __init__(self, port: int, environment: Mapping[str, str], log: Path) -> None:
        self.port = port
        self.base_url = f"http://127.0.0.1:{port}"
        self.is_trouble_expected = False
        self.ready_seconds, self.stop_seconds = READY_SECONDS, STOP_SECONDS
        self._environment = plain_environment(environment)
        self._log = log
        self._process: subprocess.Popen[bytes] | nursery.Born | None = None

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    @property
    def last_words(self) -> str:
        """The end of its output."""
        return last_words(self._log)

    @property
    def pid(self) -> int:
        return self._running().pid

    def start(self) -> None:
        """Start the process and wait until it is ready to serve."""
        self.launch()
        self.wait_until_ready()

    def launch(self, command: tuple[str, ...] = ()) -> None:
        """Start the process without waiting; without a command it is `vestibule serve` from the nursery."""
        if not command:
            self._process = nursery.begin(["serve"], self._environment, self._log)
            return
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [*_ends_with_us(), *command],
                cwd=CHECKOUT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def wait_until_ready(self) -> None:
        """Return when /readyz answers 200; fails with the output when it doesn't."""
        give_up_at = time.monotonic() + self.ready_seconds
        while self.status("/readyz") != 200:
            if (code := self._running().poll()) is not None:
                raise AssertionError(f"The server ended with {code}:\n{self.last_words}")
            if time.monotonic() > give_up_at:
                raise AssertionError(f"Not ready in {self.ready_seconds} s:\n{self.last_words}")
            time.sleep(0.03)

    def status(self, path: str) -> int:
        """The status that `path` answers with; 0 when nobody answers."""
        try:
            with _direct.open(self.base_url + path, timeout=5) as response:
                return int(response.status)
        except HTTPError as error:
            return error.code
        except OSError:
            return 0

    def stop(self) -> int:
        """Ask it to stop, as a service manager does, and return its exit code."""
        self._running().send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and return the exit code; killed when it takes too long."""
        process = self._running()
        try:
            return process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(
                f"Still running {self.stop_seconds} s after SIGTERM:\n{self.last_words}"
            ) from None

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._running().kill()
        self._running().wait()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def check_output(self) -> None:
        """Fail if the server met an error that it did not expect, unless the test said it would."""
        if not self.is_trouble_expected and any(sign in self.output for sign in TROUBLE):
            raise AssertionError(f"The server met an error:\n{self.last_words}")

    def _running(self) -> "subprocess.Popen[bytes] | nursery.Born":
        assert self._process is not None, "The server was never started."
        return self._process


@contextmanager
def open_servers(
    place: Place, settings: Mapping[str, str], log_folder: Path, count: int = 1
) -> Iterator[list[Server]]:
    """Servers of one place, ready to serve; stopped, and their output looked at, at the end.

    More than one needs PostgreSQL. All mail links with the first one's address.
    """
    with ExitStack() as ports:
        numbers = [ports.enter_context(held_port()) for _ in range(count)]
        base = {"VESTIBULE_BASE_URL": f"http://127.0.0.1:{numbers[0]}"}
        servers = [
            Server(
                port,
                place.environment(base | {"VESTIBULE_PORT": str(port)} | dict(settings)),
                log_folder / f"server-{number}.log",
            )
            for number, port in enumerate(numbers, 1)
        ]
        try:
            for server in servers:
                server.start()
            yield servers
            for server in servers:
                if server.is_running():
                    server.stop()
                server.check_output()
        finally:
            for server in servers:
                if server.is_running():
                    server.kill()


def run_command(place: Place, *words: str, settings: Mapping[str, str] | None = None) -> str:
    """What `vestibule WORDS` prints for this place; fails with its output unless it exits with 0."""
    done = nursery.run(words, plain_environment(place.environment(settings or {})))
    if done.returncode != 0:
        raise AssertionError(
            f"vestibule {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def _ends_with_us() -> list[str]:
    """A prefix that lets the kernel end the server when this process is killed."""
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "KILL"] if program else []
