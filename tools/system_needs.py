"""What the tests need from the system: installed where that is ours to do, else named, a line each."""

import os
import shutil
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.telling import SetupError, run


@dataclass(frozen=True)
class Need:
    """A program, where it may lie beside PATH, and the Debian packages that bring it."""

    title: str
    program: str
    elsewhere: str
    packages: tuple[str, ...]
    without_it: str

    def is_met(self) -> bool:
        return shutil.which(self.program) is not None or any(Path("/").glob(self.elsewhere))


NEEDS = (
    Need(
        "Chromium without its windows",
        "chromium-headless-shell",
        "usr/bin/chromium-headless-shell",
        ("chromium-headless-shell", "fonts-liberation"),
        "journeys run in a whole Chromium at three times the cost, or are left out where there is none",
    ),
    Need(
        "libatomic",
        "libatomic.so.1",
        "usr/lib*/**/libatomic.so.1",
        ("libatomic1",),
        "Playwright can't start, and journeys in the browser fail",
    ),
    Need(
        "PostgreSQL",
        "initdb",
        "usr/lib/postgresql/*/bin/initdb",
        ("postgresql",),
        "what runs on both databases runs on SQLite only",
    ),
    Need(
        "a Java runtime",
        "java",
        "usr/lib/jvm/*/bin/java",
        ("default-jre-headless",),
        "the HTML checker is left out",
    ),
    Need(
        "Pango",
        "libpangoft2-1.0.so.0",
        "usr/lib*/**/libpangoft2-1.0.so.0",
        ("libpango-1.0-0", "libpangoft2-1.0-0"),
        "copies of forms are tested as pages to print, and not as PDF",
    ),
)


def install() -> str:
    """Install what is missing on Debian as root; elsewhere say what is missing and go on without it.

    With VESTIBULE_REQUIRE_ALL=1 a missing thing stops set-up.
    """
    must = os.environ.get("VESTIBULE_REQUIRE_ALL") == "1"
    missing = [need for need in NEEDS if not need.is_met()]
    if not missing:
        return "there already"
    if shutil.which("apt-get") and os.geteuid() == 0:
        with nullcontext() if must else suppress(SetupError):
            _fetch([package for need in missing for package in need.packages])
        missing = [need for need in NEEDS if not need.is_met()]
    if missing and must:
        raise SetupError("\n".join(_sentence(need) for need in missing))
    told = [f"\n      {_sentence(need)}: {need.without_it}" for need in missing]
    return f"{len(missing)} missing{''.join(told)}" if missing else "installed"


def _fetch(packages: list[str]) -> None:
    print(f"fetching {', '.join(packages)} ... ", end="", flush=True)
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    run([*apt, "update"], "Debian's package lists")
    run([*apt, "install", "--no-install-recommends", *packages], "Debian's packages")


def _sentence(need: Need) -> str:
    return f"{need.title} is missing (Debian and Ubuntu: apt-get install {' '.join(need.packages)})"
