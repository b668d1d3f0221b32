"""The virtual environment, and the locked packages in it."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.stamps import Stamp, digest
from tools.telling import ROOT, Counter, SetupError, run

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {False: ROOT / "requirements" / "run.txt", True: ROOT / "requirements" / "test.txt"}
SCAN_LOCK = ROOT / "requirements" / "scan.txt"


class Environment:
    """`.venv` with the packages of one lock; the lock for tests holds everything of the other."""

    def __init__(self, *, for_tests: bool) -> None:
        self.lock = LOCKS[for_tests]
        self.uv = shutil.which("uv")
        self.stamp = Stamp(VENV / "vestibule-packages.json")
        # A moved checkout has scripts that point to the old place, hence the place is a fact too.
        self.facts = {"place": str(VENV), "project": _project()}
        self.facts[self.lock.name] = digest([self.lock])

    def version(self) -> str:
        return ".".join(str(part) for part in sys.version_info[:3])

    def is_current(self) -> bool:
        return PYTHON.exists() and self.stamp.holds(**self.facts)

    def make(self) -> str:
        """Make the environment unless a usable one is there; says which in a few words."""
        if self.is_current() or (self._is_in_place() and self._is_usable()):
            return "there already"
        self.stamp.clear()
        if self.uv:
            run([self.uv, "venv", "--clear", "--quiet", "--python", sys.executable, VENV], "The environment")
            return "made with uv"
        _need_venv_module()
        run([sys.executable, "-m", "venv", "--clear", VENV], "The environment")
        return "made"

    def _is_in_place(self) -> bool:
        return self.stamp.read().get("place", str(VENV)) == str(VENV)

    def _is_usable(self) -> bool:
        """Whether its Python still starts, is new enough, and can install: upgrades break it quietly."""
        ask = "import sys; assert sys.version_info >= (3, 11)" + ("" if self.uv else "; import pip")
        try:
            return subprocess.run([PYTHON, "-c", ask], check=False, capture_output=True).returncode == 0
        except OSError:
            return False

    def install(self) -> str:
        """Install what the lock names, then the checkout itself as `vestibule`."""
        if self.is_current():
            return "unchanged"
        known = self.stamp.read()
        self.stamp.clear()
        pins = re.findall(r"^[a-z0-9].*==", self.lock.read_text(encoding="utf-8"), re.MULTILINE)
        counter = Counter(len(pins), ("Collecting ", "Requirement already satisfied"))
        # The lock is complete. Left to resolve, pip would want a newer release of what one names with extras.
        exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
        only_wheels: list[str | Path] = [*exact, "-r", self.lock]
        checkout: list[str | Path] = ["--no-deps", "--no-build-isolation", "-e", ROOT]
        run([*self._installer(), *only_wheels], "Python packages", counter.line)
        counter.close()
        run([*self._installer(), *checkout], "The `vestibule` command")
        kept = {LOCKS[is_test].name: digest([LOCKS[is_test]]) for is_test in LOCKS}
        is_for_tests = self.lock == LOCKS[True]
        facts = {name: fact for name, fact in kept.items() if is_for_tests or known.get(name) == fact}
        self.stamp.write(**{**facts, **self.facts})
        return f"{len(pins)} installed"

    def _installer(self) -> list[str | Path]:
        if self.uv:
            return [self.uv, "pip", "install", "--python", PYTHON]
        patience = ["--retries", "2", "--timeout", "20"]
        return [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *patience]


def _project() -> str:
    """What the `vestibule` command is made from; rules for checkers, in the same file, are no part of it."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = told["project"]
    return json.dumps(
        [told["build-system"], project["scripts"], project["entry-points"], told["tool"]["hatch"]]
    )


def _need_venv_module() -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415  asked for here only: Debian packs it apart
        import venv  # noqa: F401, PLC0415
    except ImportError:
        raise SetupError(
            "Python's venv module is missing. Debian and Ubuntu: apt-get install python3-venv"
        ) from None
