"""Law 14: any one folder of plugins/ taken away, everything else goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings.model import CHECKOUT

PARTS = ("core", "plugins", "rehearsal", "static", "templates", "translations", "vestibule")
PLUGINS = sorted(path.parent.name for path in (CHECKOUT / "plugins").glob("*/plugin.toml"))
VISITS = CHECKOUT / "tests" / "support" / "without_a_plugin.py"


@pytest.mark.parametrize("gone", PLUGINS)
def test_law_14_a_folder_that_never_was_leaves_no_trace(gone: str, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for part in PARTS:
        unwanted = shutil.ignore_patterns("__pycache__", "vendor")
        shutil.copytree(CHECKOUT / part, tree / part, ignore=unwanted)
    shutil.rmtree(tree / "plugins" / gone)
    done = subprocess.run(
        [sys.executable, str(VISITS), str(tmp_path / "data"), gone],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert int(done.stdout.splitlines()[0]) > 200, "pages were opened"


def test_there_are_plugins_to_take_away() -> None:
    assert "intake" in PLUGINS
