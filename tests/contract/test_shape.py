"""The shape of the source: short files, plain names, rooms that are told of, nothing of one machine."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from core.settings import CHECKOUT

LINES = 300
SHORT = {".py", ".html", ".css", ".js"}
GRAB_BAGS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
MACHINE = re.compile(r"(?<![\w.:/$~-])/(?:work|root|home)/[\w.-]+")
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|file://")
ROOM = re.compile(r"^\| `([\w/.]+?)/?`(?:, `[\w/.]+`)* \|", re.MULTILINE)


def own_files() -> list[Path]:
    """What git keeps of this checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True)
    paths = [CHECKOUT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


FILES = own_files()
TEXTS = [
    path for path in FILES if path.suffix not in {".png", ".jpg", ".webp", ".woff2", ".ico", ".gif", ".webm"}
]


def test_no_own_file_is_long() -> None:
    long = {}
    for path in FILES:
        count = len(path.read_text(encoding="utf-8").splitlines()) if path.suffix in SHORT else 0
        if count > LINES:
            long[str(path.relative_to(CHECKOUT))] = count
    assert not long


def test_no_file_or_folder_is_a_grab_bag() -> None:
    named = [path.relative_to(CHECKOUT) for path in FILES]
    assert not [path for path in named if {Path(part).stem for part in path.parts} & GRAB_BAGS]


def test_the_architecture_names_each_room() -> None:
    told = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.relative_to(CHECKOUT / "core").parts[0] for path in FILES if _is_of_core(path)}
    missing = [
        room
        for room in sorted(rooms - {"__init__.py", "__main__.py", "migrations", "py.typed", "README.md"})
        if f"`{room}`" not in told and f"`{room}/`" not in told and f"`{room}/" not in told
    ]
    assert not missing, f"docs/architecture.md does not name {missing}"


def _is_of_core(path: Path) -> bool:
    return path.is_relative_to(CHECKOUT / "core")


def test_each_room_of_the_architecture_is_there() -> None:
    told = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = told.partition("## The rooms of `core/`")[2].partition("\n## ")[0]
    named = ROOM.findall(rooms)
    assert len(named) > 10
    assert not [name for name in named if not (CHECKOUT / "core" / name).exists()]


def test_no_path_of_one_machine_stands_anywhere() -> None:
    found = {}
    for path in TEXTS:
        if hits := MACHINE.findall(path.read_text(encoding="utf-8")):
            found[str(path.relative_to(CHECKOUT))] = hits
    found.pop("tests/contract/test_shape.py", None)
    assert not found


@pytest.mark.parametrize("name", ["run.txt", "test.txt", "scan.txt"])
def test_A82_the_lock_of_python_has_hashes_and_no_address(name: str) -> None:
    lines = (CHECKOUT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if ADDRESS.search(line)]
    pins = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]
    assert pins
    assert all("==" in pin for pin in pins)
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins)


def test_A82_the_lock_of_the_front_end_has_hashes_and_no_address() -> None:
    lock = json.loads((CHECKOUT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: told for name, told in lock["packages"].items() if name}
    assert packages
    assert not [name for name, told in packages.items() if "integrity" not in told or "resolved" in told]
    assert not [name for name, told in packages.items() if not re.fullmatch(r"[\d.]+\S*", told["version"])]


def test_each_module_begins_with_a_sentence() -> None:
    silent = []
    for path in FILES:
        if path.suffix == ".py" and path.name != "__init__.py":
            head = path.read_text(encoding="utf-8").lstrip()
            first = next(line for line in [*head.splitlines(), '"""'] if not line.startswith("#"))
            if not first.startswith(('"""', 'r"""')):
                silent.append(str(path.relative_to(CHECKOUT)))
    assert not silent
