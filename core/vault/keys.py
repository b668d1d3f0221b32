"""The file with the master keys: made once, read with care, changed whole or not at all."""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.settings.secret_files import is_open_to_others, replace_whole, write_once

KEY_LENGTH, KEY_ID_LENGTH = 32, 4


class KeysRefused(Exception):
    """The file with the master keys can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class Keyring:
    """Master keys by id: `current` seals, all open; `blind` stays when the others are rotated.

    `next` is a key that was handed out to every machine and seals nothing yet.
    """

    current: bytes
    keys: Mapping[bytes, bytes] = field(repr=False)
    blind: bytes = field(repr=False)
    next: bytes = b""


def make_keys(path: Path) -> Keyring:
    """Make a file with a first master key; raises FileExistsError and never replaces one."""
    first = secrets.token_bytes(KEY_ID_LENGTH)
    write_once(path, _file_of(Keyring(first, {first: _new_key()}, _new_key())))
    return keys_from(path)


def change_keys(path: Path, ring: Keyring) -> None:
    """Put another ring in the file's place: a reader sees the old file or the new one, whole."""
    replace_whole(path, _file_of(ring))


def with_new_key(ring: Keyring) -> Keyring:
    """The ring with one more key, as `next`."""
    new = secrets.token_bytes(KEY_ID_LENGTH)
    while new in ring.keys:
        new = secrets.token_bytes(KEY_ID_LENGTH)
    return replace(ring, keys={**ring.keys, new: _new_key()}, next=new)


def with_next_current(ring: Keyring) -> Keyring:
    """The ring in which the handed-out key seals."""
    return replace(ring, current=ring.next, next=b"")


def with_current_only(ring: Keyring) -> Keyring:
    """The ring without its old keys; what is sealed under them opens never again."""
    return replace(ring, keys={ring.current: ring.keys[ring.current]})


def keys_from(path: Path) -> Keyring:
    """The master keys in `path`; raises `KeysRefused` if it is missing, damaged or open to others."""
    if not path.is_file():
        raise KeysRefused(f"There is no key file {path}. Restore it: without it nothing sealed can be read.")
    if is_open_to_others(path):
        raise KeysRefused(f"Others may read the key file {path}. Run `chmod 600 {path}`.")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        keys = {bytes.fromhex(name): _read(key) for name, key in told["keys"].items()}
        next_key = bytes.fromhex(told.get("next", ""))
        ring = Keyring(bytes.fromhex(told["current"]), keys, _read(told["blind"]), next_key)
    except (ValueError, KeyError, TypeError, AttributeError):
        # The cause could quote a key, so it is left out.
        raise KeysRefused(f"The key file {path} is damaged. Restore it from its backup.") from None
    named = {ring.current, ring.next or ring.current}
    if not named <= keys.keys() or any(len(key_id) != KEY_ID_LENGTH for key_id in keys):
        raise KeysRefused(f"The key file {path} names a current key that it doesn't hold.")
    return ring


def _file_of(ring: Keyring) -> str:
    told: dict[str, Any] = {
        "current": ring.current.hex(),
        "keys": {key_id.hex(): _written(key) for key_id, key in ring.keys.items()},
        "blind": _written(ring.blind),
    }
    if ring.next:
        told["next"] = ring.next.hex()
    return json.dumps(told, indent=2) + "\n"


def _new_key() -> bytes:
    return secrets.token_bytes(KEY_LENGTH)


def _written(key: bytes) -> str:
    return b64encode(key).decode()


def _read(key: str) -> bytes:
    raw = b64decode(key, validate=True)
    if len(raw) != KEY_LENGTH:
        raise ValueError
    return raw
