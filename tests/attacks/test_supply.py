"""What is installed is what was locked, and what a plugin may do is said plainly."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from core.settings import CHECKOUT
from tests.support.house import House
from tools.python_packages import LOCKS, Environment

EXACT = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-index", "--dry-run")


def wheel(folder: Path, name: str, body: bytes) -> Path:
    """A wheel with one module."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": body,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},sha256={digest(told)},{len(told)}\n" for file, told in files.items())
    with zipfile.ZipFile(path, "w") as archive:
        for file, told in {**files, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(file, told)
    return path


def digest(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def installed(folder: Path, line: str) -> int:
    """How pip ends that is told to install as set-up does."""
    (folder / "lock.txt").write_text(line + "\n", encoding="utf-8")
    installer = Environment(for_tests=True)._installer()
    command = [*installer, *EXACT, "--find-links", folder, "-r", folder / "lock.txt"]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_A82_a_changed_package_or_one_without_a_hash_is_not_installed(tmp_path: Path) -> None:
    path = wheel(tmp_path, "stranger", b"x = 1\n")
    good = hashlib.sha256(path.read_bytes()).hexdigest()
    assert installed(tmp_path, f"stranger==1.0 --hash=sha256:{good}") == 0
    assert installed(tmp_path, "stranger==1.0") != 0
    wheel(tmp_path, "stranger", b"x = 2  # changed on its way\n")
    assert installed(tmp_path, f"stranger==1.0 --hash=sha256:{good}") != 0


def test_A82_set_up_installs_by_hashes_alone_and_our_name_from_here() -> None:
    source = (CHECKOUT / "tools" / "python_packages.py").read_text(encoding="utf-8")
    assert '"--no-deps", "--require-hashes", "--only-binary", ":all:"' in source
    for lock in LOCKS.values():
        names = [line.partition("==")[0] for line in lock.read_text(encoding="utf-8").splitlines()]
        assert "vestibule" not in names


def test_A85_what_a_plugin_may_do_is_said_plainly(house: House) -> None:
    told = (CHECKOUT / "docs/how-to/trust.md").read_text(encoding="utf-8")
    assert "Nothing confines it" in told
    page = house.browser("operator@demo.test").get("/operator/plugins/intake/").text
    for declared in ("/intake/", "booking_obstacles", "intake_"):
        assert declared in page


@pytest.fixture
def database() -> str:
    return "sqlite"
