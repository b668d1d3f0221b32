"""Front-end packages from npm, and the few of their files that the browser gets."""

import re
import shutil
import subprocess

from tools.python_packages import LOCKS, PYTHON
from tools.stamps import Stamp, digest
from tools.telling import ROOT, SetupError, run

OLDEST_NODE = 18
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
HOW = (
    "Install Node 18 or newer with npm (Debian 12 and newer: apt-get install nodejs npm), then run it again."
)


class Node:
    """Node is needed only while packages are fetched: a checkout that is set up starts without it."""

    def __init__(self, *, for_tests: bool) -> None:
        self.for_tests = for_tests
        self.packages = Stamp(MODULES / ".vestibule-packages.json")
        self.files = Stamp(VENDOR / ".vestibule-files.json")
        self.lock = digest([ROOT / "package.json", ROOT / "package-lock.json"])
        # The packages for Python are a source too: fonttools and brotli cut the font.
        self.sources = digest([ROOT / "tools" / "assets.py", ROOT / "package-lock.json", LOCKS[False]])

    def is_current(self) -> bool:
        return self._has_packages() and self.files.holds(sources=self.sources)

    def _has_packages(self) -> bool:
        told = self.packages.read()
        return told.get("lock") == self.lock and (told.get("for") == "tests" or not self.for_tests)

    def check(self) -> str:
        """Say which Node is there; raises `SetupError` when packages must be fetched and it can't."""
        if self._has_packages():
            return "front-end packages there already"
        node, npm = shutil.which("node"), shutil.which("npm")
        if not node or not npm:
            raise SetupError(f"{'npm' if node else 'Node'} is missing. {HOW}")
        said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
        found = re.match(r"v(\d+)", said)
        if not found or int(found[1]) < OLDEST_NODE:
            raise SetupError(f"this is Node {said.strip() or 'of an unknown version'}. {HOW}")
        return f"Node {said.strip().removeprefix('v')}"

    def install(self) -> str:
        if self._has_packages():
            return "unchanged"
        self.packages.clear()
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        run(["npm", "ci", *([] if self.for_tests else ["--omit=dev"]), *quiet], "Front-end packages")
        self.packages.write(**{"lock": self.lock, "for": "tests" if self.for_tests else "running"})
        return "installed"

    def copy_files(self) -> str:
        if self.files.holds(sources=self.sources):
            return "unchanged"
        run([PYTHON, "-m", "tools.assets"], "Front-end files")
        self.files.write(sources=self.sources)
        return "copied, font cut"
