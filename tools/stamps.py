"""Stamps remember what a step was made from, so that a step whose sources are unchanged is skipped."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from tools.telling import ROOT


def digest(paths: Iterable[Path]) -> str:
    """One SHA-256 over names and contents, in the order given; a missing file counts as such."""
    total = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b"missing"
        total.update(f"{path.relative_to(ROOT)}\n{len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


class Stamp:
    """A small JSON file inside what it vouches for, so that both vanish together."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, str]:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def holds(self, **facts: str) -> bool:
        told = self.read()
        return all(told.get(name) == value for name, value in facts.items())

    def write(self, **facts: str) -> None:
        self.path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
