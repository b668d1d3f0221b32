"""A faulty plugin: its files, what must be said of it, and writing it to disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.plugin_folders import manifest_of

# Each has an open gate, so that a closed one can only come from its being broken.
HEAD = """from vestibule.web import AuditEvent, Card, Job, NavItem, Obstacle, Route, Setting, hookimpl


@hookimpl
def booking_obstacles(scope, client, slot):
    return []


"""
FIRST = HEAD.count("\n") + 1


@dataclass(frozen=True)
class Faulty:
    """One plugin; `code` follows HEAD in hooks.py and begins at line FIRST.

    `said` must stand in what is said of it, with `file` and `line`. `replaces` is the whole of hooks.py.
    """

    name: str
    said: str
    code: str = ""
    file: str = "hooks.py"
    line: int = FIRST
    manifest: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str | None] = field(default_factory=dict)
    replaces: str | None = None
    has_gate: bool = True

    def write(self, plugins: Path) -> Path:
        """The plugin as a folder among `plugins`."""
        folder = plugins / self.name
        folder.mkdir(parents=True)
        told = {"title": f'"{self.name}"', "gates": '["booking_obstacles"]', **self.manifest}
        files: dict[str, str | None] = {
            "plugin.toml": manifest_of(self.name, **told),
            "__init__.py": "",
            "hooks.py": HEAD + self.code if self.replaces is None else self.replaces,
            **self.files,
        }
        for name, text in files.items():
            if text is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
        return folder


def write_all(faulty: Iterable[Faulty], plugins: Path) -> None:
    for one in faulty:
        one.write(plugins)
