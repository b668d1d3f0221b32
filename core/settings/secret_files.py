"""Files that hold a key: made whole or not at all, and for the owner's eyes only."""

import os
import secrets
from pathlib import Path


def write_once(file: Path, text: str) -> None:
    """Make `file` (mode 0600) with `text`, on the disk when this returns; raises FileExistsError.

    The text goes to a name of its own first and is linked to the right one when complete, so a
    second process sees either no file or a whole one, and never replaces the first one's key.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft_of(file, text)
    try:
        os.link(draft, file)
    finally:
        draft.unlink()
    _sync_folder(file.parent)


def replace_whole(file: Path, text: str) -> None:
    """Put `text` in the place of what `file` holds, for its owner; a kill leaves one or the other."""
    draft = _draft_of(file, text)
    try:
        os.chown(draft, file.stat().st_uid, file.stat().st_gid)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(file.parent)


def is_open_to_others(file: Path) -> bool:
    """Whether anybody but the owner may read or write `file`."""
    return bool(file.stat().st_mode & 0o077)


def _draft_of(file: Path, text: str) -> Path:
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    return draft


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
