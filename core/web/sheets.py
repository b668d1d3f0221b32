"""Style sheets and scripts that are served as one: short files to read, one request to make."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from core import hooks
from core.settings import CHECKOUT

STATIC = CHECKOUT / "static"
CLIENT = (
    "vendor/fonts/atkinson.css",
    "css/base.css",
    "css/frame.css",
    "css/kit.css",
    "css/questionnaire.css",
    "css/reading.css",
    "css/records.css",
)
SHEETS = {
    "css/portal.css": CLIENT,
    "css/desk.css": (*CLIENT, "css/practice.css", "css/calendar.css"),
    "js/portal.js": ("js/page.js", "js/live.js"),
}
BESIDE = re.compile(r'url\("([\w.-]+)"\)')


def folder_of(filename: str) -> Path:
    """Where a static file lies: `mood/course.css` in the plugin mood's own folder, all else in ours."""
    first = filename.partition("/")[0]
    if first in _own_folders():
        return STATIC
    owners = [plugin for plugin in hooks.plugins() if plugin.name == first and not plugin.refused]
    folder = owners[0].folder if owners else None
    return folder / "static" if folder else STATIC


@lru_cache(maxsize=1)
def _own_folders() -> frozenset[str]:
    """Looked up by name: a path made of what was asked for may be longer than any file system allows."""
    return frozenset(path.name for path in STATIC.iterdir() if path.is_dir())


@lru_cache(maxsize=256)
def version(filename: str) -> str:
    """What changes when a file or a sheet does; stands in its address, so it can be kept for ever."""
    if filename in SHEETS:
        return _digest(sheet(filename).encode())
    path = folder_of(filename) / filename
    return _digest(path.read_bytes()) if path.is_file() else "0"


@lru_cache(maxsize=len(SHEETS))
def sheet(filename: str) -> str:
    """The parts one after the other; what a part calls by a bare name gets its full address."""
    return "\n".join(_part(part) for part in SHEETS[filename] if (STATIC / part).is_file())


def _part(part: str) -> str:
    folder = Path(part).parent.as_posix()

    def addressed(found: re.Match[str]) -> str:
        name = f"{folder}/{found[1]}"
        return f'url("/static/{name}?v={version(name)}")'

    return BESIDE.sub(addressed, (STATIC / part).read_text(encoding="utf-8"))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:10]
