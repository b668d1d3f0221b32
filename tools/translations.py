"""Compiles the .po files of core and of each plugin where they are newer than what was made from them."""

from pathlib import Path

from tools.python_packages import PYTHON
from tools.telling import ROOT, run

FOLDERS = ("translations", "plugins/*/translations", "examples/*/*/translations")


def compile_all() -> str:
    sources = [po for folder in FOLDERS for po in sorted(ROOT.glob(f"{folder}/*/LC_MESSAGES/messages.po"))]
    stale = [po for po in sources if _is_stale(po)]
    for po in stale:
        babel: list[str | Path] = [PYTHON, "-m", "babel.messages.frontend", "compile"]
        run([*babel, "--input-file", po, "--output-file", po.with_suffix(".mo")], "Translations")
    if not sources:
        return "none yet"
    return f"{len(stale)} compiled" if stale else "unchanged"


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime
