"""How set-up speaks: numbered steps, how far a long one is, and one line for what went wrong."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "setup.log"

# Words of pip, uv, npm and apt-get, each with what a person can do about it.
CAUSES = (
    (
        ("No space left on device", "ENOSPC", "not enough free space"),
        "the disk is full. Make room (about 1 GB), then run it again.",
    ),
    (
        (
            "Temporary failure in name resolution",
            "Temporary failure resolving",
            "Name or service not known",
            "NewConnectionError",
            "Network is unreachable",
            "Connection refused",
            "Connection timed out",
            "ConnectTimeoutError",
            "error sending request",
            "dns error",
            "EAI_AGAIN",
            "ENOTFOUND",
            "ECONNREFUSED",
            "ETIMEDOUT",
            "ENETUNREACH",
        ),
        "no network. The first start fetches packages; connect, then run it again.",
    ),
    (
        ("DO NOT MATCH THE HASHES", "Hash mismatch", "EINTEGRITY"),
        "a package differs from the one that was locked. Nothing was installed from it; try again later.",
    ),
    (("EACCES", "Permission denied"), "no permission to write here. Check who owns the folder."),
)


class SetupError(Exception):
    """One line: what stopped set-up, and what to do."""


class Steps:
    """Prints `[2/6] Python packages ...` and how each step ended."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0

    def begin(self, title: str) -> None:
        self.number += 1
        print(f"[{self.number}/{self.total}] {title} ... ", end="", flush=True)

    def end(self, how: str) -> None:
        print(how, flush=True)


class Counter:
    """Says how many of `total` things are done: in place on a terminal, else at each quarter."""

    def __init__(self, total: int, starts: Sequence[str]) -> None:
        self.total = total
        self.starts = tuple(starts)
        self.done = 0
        self.told = 0

    def line(self, text: str) -> None:
        if not text.startswith(self.starts) or self.done == self.total:
            return
        self.done += 1
        words = f"{self.done} of {self.total}"
        if sys.stdout.isatty():
            print("\b" * self.told + words, end="", flush=True)
            self.told = len(words)
        elif self.done < self.total and self.done * 4 // self.total > (self.done - 1) * 4 // self.total:
            print(f"{words}, ", end="", flush=True)

    def close(self) -> None:
        if self.told:
            print(", ", end="", flush=True)


def run(command: Sequence[str | Path], what: str, heard: Callable[[str], None] | None = None) -> None:
    """Run a command with its words in `var/setup.log`; raises `SetupError` with the likely cause."""
    LOG.parent.mkdir(exist_ok=True)
    said: list[str] = []
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        for line in process.stdout or ():
            log.write(line)
            said.append(line)
            if heard:
                heard(line.strip())
        code = process.wait()
    if code:
        raise SetupError(f"{what}: {_cause(said)}")


def _cause(said: Sequence[str]) -> str:
    text = "".join(said)
    for signs, advice in CAUSES:
        if any(sign in text for sign in signs):
            return advice
    lines = [line.strip() for line in said if line.strip()]
    last = lines[-1] if lines else "it failed without a word."
    return f"{last} (all of it: {LOG.relative_to(ROOT)})"
