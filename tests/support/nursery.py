"""Processes of `vestibule` that begin in a moment: Python's loading of modules, a second of it, is spared.

`python -m tests.support.nursery` loads everything once and forks for each line of its input: a JSON object
with `words` (as after `vestibule`), `environment`, `log` and, if that is another file, `errors`. It answers
with the number of the process, whose end is written beside the log. What is run is the command itself.
"""

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import atexit
import ctypes
import gc
import json
import marshal
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PR_SET_PDEATHSIG = 1
PAUSE_SECONDS = 0.01


class Born:
    """A process of the nursery, with those methods of `subprocess.Popen` that a server needs."""

    def __init__(self, pid: int, end: Path) -> None:
        self.pid = pid
        self._end = end

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return int(self._end.read_text()) if self._end.exists() else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code. Raises subprocess.TimeoutExpired."""
        begun_at = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - begun_at > timeout:
                raise subprocess.TimeoutExpired("vestibule", timeout)
            time.sleep(PAUSE_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def begin(
    words: Sequence[str], environment: Mapping[str, str], log: Path, errors: Path | None = None
) -> Born:
    """Begin `vestibule WORDS`; what it says is added to `log`, what goes wrong too or to `errors`."""
    nursery = _nursery()
    end = log.with_name(f"{log.name}.{time.monotonic_ns()}.end")
    told = {"words": words, "environment": dict(environment), "log": str(log), "end": str(end)}
    told |= {"errors": str(errors)} if errors else {}
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps(told) + "\n")
    nursery.stdin.flush()
    return Born(int(nursery.stdout.readline()), end)


def run(
    words: Sequence[str], environment: Mapping[str, str], seconds: float = 60
) -> "subprocess.CompletedProcess[str]":
    """Run `vestibule WORDS` to its end, as `subprocess.run` does. Raises subprocess.TimeoutExpired."""
    with TemporaryDirectory() as folder:
        said, complained = Path(folder, "said"), Path(folder, "complained")
        born = begin(words, environment, said, complained)
        try:
            code = born.wait(seconds)
        finally:
            born.kill()
        return subprocess.CompletedProcess(words, code, said.read_text(), complained.read_text())


@cache
def _nursery() -> "subprocess.Popen[str]":
    """This test process's own, from its first server on."""
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.support.nursery"],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(started.communicate)
    return started


def load_plugins() -> None:
    """Have the plugins read, judged and imported once; each child loads them as they lie there then."""
    from core import hooks  # noqa: PLC0415 -- only a nursery's own process loads it

    hooks.load({}, [CHECKOUT / "plugins"])


def compile_templates(fork: Any) -> None:
    """Have each template compiled before the first child is born, by one that opens a house for it."""
    from core.web.compiled import COMPILED  # noqa: PLC0415 -- only a nursery's own process loads it

    mouth, ear = os.pipe()
    if not fork():
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _open_a_house()
        with os.fdopen(ear, "wb") as told:
            marshal.dump(COMPILED.codes, told)
        os._exit(0)
    os.close(ear)
    with os.fdopen(mouth, "rb") as said:
        COMPILED.codes |= marshal.load(said)  # noqa: S302 -- our own child's


def _open_a_house() -> None:
    """One without anybody in it, whose templates are all asked for."""
    from vestibule.testing.house import open_app, prepare  # noqa: PLC0415 -- likewise
    from vestibule.testing.place import Place  # noqa: PLC0415 -- likewise

    with TemporaryDirectory() as folder:
        place = Place("sqlite", Path(folder) / "data")
        place.data.mkdir(mode=0o700)
        prepare(place)
        with open_app(place) as house:
            for name in house.app.jinja_env.list_templates(["html", "txt"]):
                house.app.jinja_env.get_template(name)


def _main() -> None:
    # gevent's own fork would start its hub here, and no child may find it running.
    fork = monkey.get_original("os", "fork")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    compile_templates(fork)
    load_plugins()
    # Otherwise the collector of each child would touch, and so copy, all that it shares with the others.
    gc.freeze()
    for line in sys.stdin:
        told = json.loads(line)
        mouth, ear = os.pipe()
        if not fork():
            _mind(told, fork, ear)
        os.close(ear)
        with os.fdopen(mouth) as said:
            sys.stdout.write(said.readline())
            sys.stdout.flush()


def _mind(told: Mapping[str, Any], fork: Any, ear: int) -> None:
    """Have a child live, tell its number, and write down how it ended."""
    end_with_parent()
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    born = fork()
    if not born:
        end_with_parent()
        live(told)
    os.write(ear, f"{born}\n".encode())
    os.close(ear)
    _pid, status = monkey.get_original("os", "waitpid")(born, 0)
    end = Path(told["end"])
    written = end.with_suffix(".new")
    written.write_text(str(os.waitstatus_to_exitcode(status)))
    written.replace(end)
    os._exit(0)


def live(told: Mapping[str, Any]) -> NoReturn:
    """Be the command: its words, its environment, its output."""
    from vestibule.commands import cli  # noqa: PLC0415 -- only a nursery's own process loads it

    for number, name in ((1, "log"), (2, "errors")):
        os.dup2(os.open(told.get(name, told["log"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(told["environment"])
    code = 1
    try:
        cli(told["words"], prog_name="vestibule")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 -- told as Python tells it at the end of a process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def end_with_parent() -> None:
    """Let the kernel end this process when the one ends that it was forked from."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    from core import app  # noqa: F401 -- loaded before the fork, so that no child has to
    from vestibule import commands  # noqa: F401 -- likewise

    _main()
