"""Locks what pyproject.toml and package.json name: hashes kept, no address of any index."""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.python_packages import LOCKS, SCAN_LOCK
from tools.telling import ROOT

UV = "uv==0.13.9"
OWN_UV = ROOT / "var" / "uv"
COMPILE = [
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
]


def main() -> int:
    uv = shutil.which("uv") or _own_uv()
    run_lock, test_lock = (path.relative_to(ROOT) for path in (LOCKS[False], LOCKS[True]))
    groups = ["--group", "setup"]
    command = [uv, *COMPILE, *sys.argv[1:], "pyproject.toml"]
    subprocess.run([*command, *groups, "-o", run_lock], cwd=ROOT, check=True)
    # What is an extra for whoever runs it, the tests have.
    groups += ["--group", "test", "--extra", "pdf", "-c", str(run_lock)]
    subprocess.run([*command, *groups, "-o", test_lock], cwd=ROOT, check=True)
    subprocess.run(
        [uv, *COMPILE, *sys.argv[1:], "--group", "scan", "-o", SCAN_LOCK.relative_to(ROOT)],
        cwd=ROOT,
        check=True,
    )
    npm = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(npm, cwd=ROOT, check=True)
    return 0


def _own_uv() -> Path:
    if not (OWN_UV / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", OWN_UV], check=True)
        subprocess.run([OWN_UV / "bin" / "pip", "install", "--quiet", UV], check=True)
    return OWN_UV / "bin" / "uv"


if __name__ == "__main__":
    sys.exit(main())
