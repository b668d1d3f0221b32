"""The tutorial is run as it stands: an empty folder, a fresh environment, the wheel, and no network."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.examples import tutorial
from tests.support.environments import Environment, lend_packages, wheel_of
from tests.support.run import Run, plain_environment

VENV = "python3 -m venv .venv"
DEMO = re.compile(r"\S+/vestibule demo --port (\d+)")
PATIENCE_SECONDS = 60


@pytest.fixture
def workshop(run: Run, tmp_path: Path) -> Path:
    """An empty folder but for the wheel that the reader copied into it."""
    folder = tmp_path / "workshop"
    folder.mkdir()
    shutil.copy(wheel_of(run), folder)
    programs = tmp_path / "programs"
    programs.mkdir()
    # Of all that this machine has, `python3` is the version whose packages are lent.
    (programs / "python3").symlink_to(Path(sys.executable).resolve())
    return folder


def environment_of(workshop: Path) -> dict[str, str]:
    """A shell without network, ours or anybody's settings; pip builds with what is there."""
    path = f"{workshop.parent / 'programs'}{os.pathsep}{os.environ['PATH']}"
    pip = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return plain_environment(pip | {"PATH": path, "HOME": str(workshop.parent)})


@pytest.mark.timeout(300)
def test_the_tutorial_runs_as_it_stands(workshop: Path) -> None:
    printed = ""
    for step in tutorial.steps():
        if step.kind in ("write", "add"):
            tutorial.apply(step, workshop)
        elif step.kind == "see":
            assert all(line in printed for line in step.text.splitlines()), f"{step.text}\n{printed}"
        else:
            printed = "".join(execute(command, workshop) for command in step.text.splitlines())
    assert (workshop / "goals" / "hooks.py").exists()


def test_the_tutorial_says_how_long_it_takes() -> None:
    told = tutorial.TUTORIAL.read_text(encoding="utf-8")
    assert f"about {tutorial.minutes()} minutes" in told


def execute(command: str, workshop: Path) -> str:
    """Run one command as it stands, and return what it printed."""
    if demo := DEMO.fullmatch(command):
        return look_at_the_demo(command, int(demo[1]), workshop)
    done = subprocess.run(
        ["bash", "-ec", command],
        cwd=workshop,
        env=environment_of(workshop),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    if command == VENV:
        # Instead of an index: the packages that Vestibule stands on, from this environment.
        lend_packages(Environment(workshop / ".venv").site, workshop / ".venv" / "lent")
    return done.stdout


def look_at_the_demo(command: str, port: int, workshop: Path) -> str:
    """Start it, open the door, and end it as Ctrl+C does."""
    with serving(command, workshop):
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not is_open(port):
            assert time.monotonic() < give_up_at, (workshop / "log").read_text()
            time.sleep(0.1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=20) as answer:
            assert b"client@demo.test" in answer.read()
    return (workshop / "log").read_text()


@contextmanager
def serving(command: str, workshop: Path) -> Iterator[None]:
    with (workshop / "log").open("wb") as log:
        server = subprocess.Popen(
            ["bash", "-ec", f"exec {command}"],
            cwd=workshop,
            env=environment_of(workshop),
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            server.terminate()
            server.wait(20)


def is_open(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
