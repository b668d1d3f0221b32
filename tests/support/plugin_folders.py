"""Plugins on disk, as an author or pip leaves them: made for a test, real for the loader."""

from __future__ import annotations

from pathlib import Path

HOOKS = "from vestibule.web import hookimpl\n"


def manifest_of(called: str, **more: str) -> str:
    told = {
        "name": f'"{called}"',
        "title": '"A title"',
        "version": '"1.2"',
        "api": "1",
        "needs": '["CP"]',
        **more,
    }
    return "".join(f"{key} = {value}\n" for key, value in told.items() if value)


def write_plugin(folder: Path, called: str, code: str = HOOKS, **more: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text(manifest_of(called, **more), encoding="utf-8")
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "hooks.py").write_text(code, encoding="utf-8")
    return folder


def install(site: Path, name: str, package: str, distribution: str = "") -> None:
    """What pip leaves behind: metadata with an entry point, beside the package."""
    info = site / f"{distribution or package}-1.0.dist-info"
    info.mkdir(parents=True)
    head = f"Metadata-Version: 2.1\nName: {distribution or package}\nVersion: 1.0\n"
    (info / "METADATA").write_text(head, encoding="utf-8")
    points = f"[vestibule.plugins]\n{name} = {package}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
