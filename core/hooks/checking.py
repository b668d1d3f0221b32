"""What a plugin's folder breaks of the contract, found by reading alone: nothing of it is run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from core.hooks import manifest, owning
from core.hooks.finding import PARENT
from core.hooks.plugin import Fault
from core.hooks.reading import code_faults
from core.hooks.sources import read_sources

KEPT = 64


def check_folder(folder: Path, package: str = "") -> list[str]:
    """Everything that keeps the plugin in `folder` from being loaded, a sentence each; nothing is run.

    `package` is the name by which Python imports it, where that isn't the folder's own.
    """
    told, faults = manifest.read(folder, folder.name)
    faults += faults_of(folder, told, package or f"{PARENT}.{folder.name}")
    return [f"{told.name}: {fault}" for fault in faults]


def faults_of(
    folder: Path, told: manifest.Manifest, package: str, others: frozenset[str] = frozenset()
) -> list[Fault]:
    """What is wrong beside the manifest; `others` are the packages of other plugins, not to be imported."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    stamps = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    return list(_faults_of(folder, told, package, others, stamps))


# A process that opens the house often, as tests do, reads a folder that did not change only once.
@lru_cache(maxsize=KEPT)
def _faults_of(
    folder: Path,
    told: manifest.Manifest,
    package: str,
    others: frozenset[str],
    stamps: tuple[tuple[Path, int, int], ...],
) -> tuple[Fault, ...]:
    files = [path for path, _changed, _size in stamps]
    return tuple(_each(folder, told, package, others, files))


def _each(
    folder: Path, told: manifest.Manifest, package: str, others: frozenset[str], files: list[Path]
) -> Iterator[Fault]:
    for name in ("__init__.py", "hooks.py"):
        if folder / name not in files:
            yield Fault(name, 1, "is missing: add it, even if it is empty.")
    sources, unreadable = read_sources(folder, [path for path in files if path.suffix == ".py"])
    yield from unreadable
    yield from code_faults(sources, told, package, others)
    yield from owning.faults(folder, told.name, files)
