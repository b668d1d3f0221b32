"""Finding plugins: beside core, in installed distributions, and in folders that a setting names."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import structlog

from core.hooks.manifest import FILE
from core.hooks.plugin import FIRST_LINE, Fault
from core.settings import CHECKOUT

OURS = CHECKOUT / "plugins"
GROUP = "vestibule.plugins"
# Plugins of a folder are imported from this package, which nobody installs: `plugins` is ours.
PARENT = "vestibule_plugins"
ORIGINS = ("ours", "distribution", "folder")
# What a plugin may not be called by Python, and may not import.
PRIVATE = frozenset({"bench", "core", "plugins", "rehearsal", "tests", "tools"})

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """Where a plugin lies, and by which name it was found there; nothing of it has been run."""

    called: str
    folder: Path
    package: str
    origin: str
    fault: Fault | None = None


def find(folders: Sequence[Path]) -> list[Found]:
    """All plugins of the folders and of the environment, by name; of one name our own come first."""
    found = [*_in_distributions(), *_in_folders(folders)]
    return sorted(found, key=lambda one: (one.called, ORIGINS.index(one.origin), str(one.folder)))


def make_importable(found: Found) -> None:
    """Let Python find a folder's plugin under a name that nobody else has; reads it anew at each load."""
    if found.origin != "folder":
        return
    forget(found.package)
    parent = sys.modules.setdefault(PARENT, ModuleType(PARENT, "Plugins from folders of the settings."))
    parent.__path__ = []
    spec = spec_from_file_location(
        found.package, found.folder / "__init__.py", submodule_search_locations=[str(found.folder)]
    )
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name=found.package)
    module = ModuleType(found.package)
    module.__spec__, module.__path__ = spec, [str(found.folder)]
    module.__file__, module.__package__ = str(found.folder / "__init__.py"), found.package
    sys.modules[found.package] = module
    spec.loader.exec_module(module)


def forget(package: str) -> None:
    """Take a package out of what Python has imported."""
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]


def _in_folders(folders: Sequence[Path]) -> Iterator[Found]:
    for folder in dict.fromkeys(path.resolve() for path in folders):
        if not folder.is_dir():
            _log.error("plugin folder missing", folder=str(folder))
            continue
        is_ours = folder == OURS.resolve()
        for inner in sorted(folder.iterdir()):
            if (inner / FILE).is_file() or (inner / "hooks.py").is_file():
                parent = "plugins" if is_ours else PARENT
                yield Found(inner.name, inner, f"{parent}.{inner.name}", "ours" if is_ours else "folder")


def _in_distributions() -> Iterator[Found]:
    points = importlib.metadata.entry_points(group=GROUP)
    # The same distribution may lie on the path twice, as in an editable install.
    for name, package in sorted({(point.name, point.value) for point in points}):
        folder = None if package.split(".")[0] in PRIVATE else _folder_of(package)
        fault = None
        if folder is None:
            words = f"the entry point `{name} = {package}` must name an installed package of its own."
            fault = Fault("entry_points.txt", FIRST_LINE, words)
        yield Found(name, folder or Path(), package, "distribution", fault)


def _folder_of(package: str) -> Path | None:
    """Where a package lies, found without importing anything of it."""
    top, *rest = package.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    folders = [Path(place, *rest) for place in places]
    return next((folder for folder in folders if folder.is_dir()), None)
