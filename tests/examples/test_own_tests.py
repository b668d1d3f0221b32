"""Each example passes its own tests where an author runs them: installed beside the wheel of Vestibule."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.settings import CHECKOUT
from tests.support.environments import build_plugin, new_environment, portal_environment
from tests.support.postgres import postgres_of
from tests.support.run import Run

EXAMPLES = sorted(path.parent for path in CHECKOUT.glob("examples/*/pyproject.toml"))
QUIETLY = ("-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:randomly")


@pytest.mark.timeout(300)
def test_the_examples_own_tests_pass(database: str, run: Run, tmp_path: Path) -> None:
    """All three installed beside each other, and their tests alone: they import what was installed."""
    environment = portal_environment(run, tmp_path / "environment")
    for example in EXAMPLES:
        environment.install(build_plugin(example, tmp_path / "dist" / example.name))
        shutil.copytree(example / "tests", tmp_path / example.name / "tests")
    server = ("--portal-database", postgres_of(run).url("postgres")) if database == "postgresql" else ()
    tests = [f"{example.name}/tests" for example in EXAMPLES]
    done = environment.run("-m", "pytest", *QUIETLY, *server, *tests, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_a_distribution_whose_wheel_has_everything(example: Path, tmp_path: Path) -> None:
    environment = new_environment(tmp_path / "environment")
    environment.install(build_plugin(example, tmp_path / "dist"))
    (package,) = [path.name for path in example.iterdir() if (path / "plugin.toml").exists()]
    own = {file.relative_to(example) for file in (example / package).rglob("*") if file.is_file()}
    packed = {file for file in own if "__pycache__" not in file.parts}
    assert {file.suffix for file in packed} >= {".py", ".sql", ".html", ".toml", ".po", ".mo"}
    assert not [file for file in packed if not (environment.site / file).exists()]
    assert {path.name for path in environment.site.iterdir() if path.suffix != ".pth"} >= {package}
