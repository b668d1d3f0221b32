"""The wheel carries everything: the portal is made, checked and served from it, far from the checkout."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.environments import Environment, portal_environment
from tests.support.run import Run, plain_environment
from vestibule.testing.ports import held_port

PATIENCE_SECONDS = 60


@pytest.fixture
def installed(run: Run, tmp_path: Path) -> Environment:
    return portal_environment(run, tmp_path / "environment")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An empty folder to work in."""
    made = tmp_path / "empty"
    made.mkdir()
    return made


def test_the_wheel_is_what_is_imported(installed: Environment, empty: Path) -> None:
    asked = "import core, plugins, rehearsal; print(core.__file__, plugins.__file__, rehearsal.__file__)"
    told = installed.run("-c", asked, cwd=empty).stdout.split()
    assert told
    assert all(Path(place).is_relative_to(installed.site) for place in told)


def test_a_portal_is_made_from_the_wheel(installed: Environment, empty: Path) -> None:
    settings = {"VESTIBULE_MODE": "test", "VESTIBULE_DATA": str(empty / "data")}
    for words in (["migrate"], ["plugins", "list"], ["check"]):
        done = installed.run("-m", "vestibule", *words, cwd=empty, environment=settings)
        assert done.returncode == 0, done.stdout + done.stderr
    listed = installed.run("-m", "vestibule", "plugins", "list", cwd=empty, environment=settings)
    assert "intake" in listed.stdout


def test_the_demo_is_served_from_the_wheel(installed: Environment, empty: Path) -> None:
    with held_port() as port, serving(installed, empty, port):
        base = f"http://127.0.0.1:{port}"
        page = read(f"{base}/login")
        assert "client@demo.test" in page
        sheet = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert "@font-face" in read(base + sheet)


def test_a_strangers_core_is_refused(installed: Environment, empty: Path) -> None:
    (empty / "core").mkdir()
    (empty / "core" / "__init__.py").write_text('raise SystemExit("the stranger was run")\n')
    done = installed.run("-m", "vestibule", "plugins", "list", cwd=empty)
    assert done.returncode == 1
    assert f"`core` would be taken from {empty / 'core'}" in done.stderr
    assert "the stranger was run" not in done.stderr


@contextmanager
def serving(installed: Environment, folder: Path, port: int) -> Iterator[None]:
    command = [str(installed.python), "-m", "vestibule", "demo", "--port", str(port), "--data", "demo"]
    log = folder / "log"
    with log.open("wb") as told:
        server = subprocess.Popen(command, cwd=folder, env=plain_environment(), stdout=told, stderr=told)
        try:
            give_up_at = time.monotonic() + PATIENCE_SECONDS
            while not is_open(port):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < give_up_at, log.read_text()
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait(20)


def is_open(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 -- an address of our own
        text: str = answer.read().decode()
        return text
