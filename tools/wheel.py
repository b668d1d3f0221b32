"""Builds the wheel of this checkout, for an environment of its own."""

import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

from tools.telling import ROOT

DIST = ROOT / "dist"
# What has to be in it besides Python, each made by set-up or kept in the tree.
NEEDED = {
    "static/vendor/": "front-end files of set-up",
    "translations/es/LC_MESSAGES/messages.mo": "compiled translations",
    "templates/layout.html": "core's pages",
    "core/migrations/": "tables of the machinery",
    "plugins/intake/plugin.toml": "our plugins' manifests",
    "plugins/intake/migrations/": "our plugins' tables",
    "vestibule/testing/": "the authors' kit",
    "rehearsal/mailbox.py": "the demo's stand-ins",
}


def build(folder: Path) -> Path:
    """Build the wheel into an empty folder and return it. Raises SystemExit naming what it lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.absolute())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"The wheel could not be built:\n{done.stdout}{done.stderr}")
    (made,) = folder.glob("vestibule-*.whl")
    names = zipfile.ZipFile(made).namelist()
    lacking = [why for start, why in NEEDED.items() if not any(name.startswith(start) for name in names)]
    if lacking:
        sys.exit(f"{made.name} lacks {', '.join(lacking)}: run `make setup`.")
    return made


def main() -> None:
    """Build into dist/, and tell what is inside."""
    shutil.rmtree(DIST, ignore_errors=True)
    made = build(DIST)
    counts = Counter(name.partition("/")[0] for name in zipfile.ZipFile(made).namelist())
    parts = ", ".join(f"{part} {count}" for part, count in sorted(counts.items()))
    print(f"{made.relative_to(ROOT)}: {made.stat().st_size // 1024} kB, files: {parts}")


if __name__ == "__main__":
    main()
