"""One test run: what its workers share is made once, by whoever needs it first, behind a file lock."""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 15
MOST_WORDS = 4000
Facts = dict[str, str | int]
# Held, so that Python doesn't warn of processes that are meant to outlive their maker.
_started: "list[subprocess.Popen[bytes]]" = []


class FailedBefore(AssertionError):
    """Something shared could not be made; each test that needs it says the same."""


@dataclass(frozen=True)
class Run:
    """The run's own folder, and the process whose end is the end of the run."""

    folder: Path
    owner: int

    def once(self, name: str, make: Callable[[], Facts]) -> Facts:
        """What `make` returned in this run; only the first worker to ask calls it.

        The others wait. A skip or a failure is told to all of them and not tried again.
        """
        told = self.folder / f"{name}.json"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not told.exists():
                told.write_text(json.dumps(_outcome(make)), encoding="utf-8")
        outcome = json.loads(told.read_text(encoding="utf-8"))
        if "skipped" in outcome:
            pytest.skip(outcome["skipped"])
        if "failed" in outcome:
            raise FailedBefore(f"{name} could not be made:\n{outcome['failed']}")
        facts: Facts = outcome["made"]
        return facts

    def keep(self, command: list[str], log: Path, user: str | None = None) -> "subprocess.Popen[bytes]":
        """Start a process that outlives this worker and ends with the run; returns its keeper."""
        keeper = [sys.executable, "-m", "tests.support.keeper", str(self.owner), user or "", *command]
        with log.open("ab") as output:
            started = subprocess.Popen(
                keeper,
                cwd=CHECKOUT,
                env=plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        with self._keepers.open("a", encoding="utf-8") as kept:
            kept.write(f"{started.pid}\n")
        _started.append(started)
        return started

    def end(self) -> None:
        """Stop what `keep` started and remove the folder."""
        kept = self._keepers.read_text(encoding="utf-8").split() if self._keepers.exists() else []
        ends = [end for pid in kept if (end := _asked_to_end(int(pid))) is not None]
        for end in ends:
            select.select([end], [], [], STOP_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _keepers(self) -> Path:
        return self.folder / "keepers"


def last_words(log: Path) -> str:
    """The end of a log, short enough to be read in a report."""
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return said if len(said) < MOST_WORDS else f"…{said[-MOST_WORDS:]}"


def begin() -> Run:
    """Begin a run owned by this process."""
    folder = Path(tempfile.mkdtemp(prefix="vestibule-tests-"))
    # PostgreSQL runs as another user and must pass through to its own folder.
    folder.chmod(0o755)
    return Run(folder, os.getpid())


def plain_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment without settings of Vestibule, so that a developer's own can't leak in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VESTIBULE_")}
    return kept | {"PYTHONUNBUFFERED": "1"} | dict(more or {})


def _outcome(make: Callable[[], Facts]) -> dict[str, object]:
    try:
        return {"made": make()}
    except pytest.skip.Exception as reason:
        return {"skipped": str(reason)}
    except Exception:  # noqa: BLE001 -- every worker must be told, whatever it was
        return {"failed": traceback.format_exc()}


def _asked_to_end(pid: int) -> int | None:
    """A descriptor that becomes readable when the process has ended; None if it has already."""
    try:
        end = os.pidfd_open(pid)
        signal.pidfd_send_signal(end, signal.SIGTERM)
    except ProcessLookupError:
        return None
    return end
