"""Runs every checker, tells which complained, and fails if one did."""

import subprocess
import sys
import time
from pathlib import Path

from tools.telling import ROOT

BIN = Path(sys.executable).parent
TYPED = ("vestibule", "core", "plugins", "examples", "rehearsal", "bench", "tools", "tests")
PAGES = ("templates", "plugins", "examples")


def main() -> int:
    typed = [folder for folder in TYPED if any((ROOT / folder).rglob("*.py"))]
    paged = [folder for folder in PAGES if any((ROOT / folder).rglob("*.html"))]
    checks: list[tuple[str, list[str]]] = [
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
        ("mypy", ["mypy", *typed]),
        ("import-linter", ["lint-imports"]),
    ]
    if paged:
        checks.append(("djlint", ["djlint", "--lint", "--quiet", *paged]))
    failed = [title for title, command in checks if not _passes(title, command)]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _passes(title: str, command: list[str]) -> bool:
    print(f"== {title}", flush=True)
    start = time.monotonic()
    code = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, check=False).returncode
    print(f"   {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - start:.1f} s", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main())
