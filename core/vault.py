"""Field encryption: what is sealed for one row of one provider opens nowhere else.

AES-256-GCM (NIST SP 800-38D) under a key derived for each provider by HKDF-SHA256 (RFC 5869) from
the master key; a sealed value is `version (1) | key id (4) | nonce (12) | ciphertext and tag`.
"""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.settings.secret_files import is_open_to_others, write_once
from core.spec.errors import Unreadable

VERSION = b"\x01"
KEY_LENGTH, KEY_ID_LENGTH, NONCE_LENGTH, TAG_LENGTH, BLIND_LENGTH = 32, 4, 12, 16, 16
_HEAD = len(VERSION) + KEY_ID_LENGTH + NONCE_LENGTH


class KeysRefused(Exception):
    """The file with the master keys can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class Keyring:
    """Master keys by id: `current` seals, all open; `blind` stays when the others are rotated."""

    current: bytes
    keys: Mapping[bytes, bytes] = field(repr=False)
    blind: bytes = field(repr=False)


def make_keys(path: Path) -> Keyring:
    """Make a file with a first master key; raises FileExistsError and never replaces one."""
    current = secrets.token_hex(KEY_ID_LENGTH)
    made = {
        "current": current,
        "keys": {current: _written(secrets.token_bytes(KEY_LENGTH))},
        "blind": _written(secrets.token_bytes(KEY_LENGTH)),
    }
    write_once(path, json.dumps(made, indent=2) + "\n")
    return keys_from(path)


def keys_from(path: Path) -> Keyring:
    """The master keys in `path`; raises `KeysRefused` if it is missing, damaged or open to others."""
    if not path.is_file():
        raise KeysRefused(f"There is no key file {path}. Restore it: without it nothing sealed can be read.")
    if is_open_to_others(path):
        raise KeysRefused(f"Others may read the key file {path}. Run `chmod 600 {path}`.")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        keys = {bytes.fromhex(name): _read(key) for name, key in told["keys"].items()}
        ring = Keyring(bytes.fromhex(told["current"]), keys, _read(told["blind"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        # The cause could quote a key, so it is left out.
        raise KeysRefused(f"The key file {path} is damaged. Restore it from its backup.") from None
    if ring.current not in keys or any(len(key_id) != KEY_ID_LENGTH for key_id in keys):
        raise KeysRefused(f"The key file {path} names a current key that it doesn't hold.")
    return ring


class Vault:
    """Seals and opens text for one place: a table's column in one row of one provider (or of none)."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._cipher = lru_cache(maxsize=10_000)(self._derive_cipher)
        self._blind_key = lru_cache(maxsize=10_000)(self._derive_blind_key)

    def seal(self, text: str, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> bytes:
        """`text` under the current key, to be opened with the same four names only."""
        key_id, nonce = self._keyring.current, os.urandom(NONCE_LENGTH)
        place = _place(table, column, provider_id, row_id)
        sealed = self._cipher(key_id, provider_id).encrypt(nonce, text.encode(), place)
        return VERSION + key_id + nonce + sealed

    def open(self, sealed: bytes, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> str:
        """The text that was sealed for this place; raises `Unreadable` with a code.

        Codes: `malformed` (no such format), `unknown_key`, `tampered` (the bytes or their place).
        """
        if len(sealed) < _HEAD + TAG_LENGTH or sealed[:1] != VERSION:
            raise Unreadable("malformed")
        key_id, nonce = sealed[1 : 1 + KEY_ID_LENGTH], sealed[1 + KEY_ID_LENGTH : _HEAD]
        if key_id not in self._keyring.keys:
            raise Unreadable("unknown_key")
        place = _place(table, column, provider_id, row_id)
        try:
            return self._cipher(key_id, provider_id).decrypt(nonce, sealed[_HEAD:], place).decode()
        except InvalidTag:
            raise Unreadable("tampered") from None

    def blind(self, value: str, purpose: str, provider_id: UUID | None) -> bytes:
        """16 bytes by which an equal `value` is found without being readable.

        The caller brings the value into one form first (an address in lower case, say).
        """
        key = self._blind_key(purpose, provider_id)
        return hmac.digest(key, value.encode(), "sha256")[:BLIND_LENGTH]

    def _derive_cipher(self, key_id: bytes, provider_id: UUID | None) -> AESGCM:
        return AESGCM(_derived(self._keyring.keys[key_id], f"seal|{provider_id or ''}"))

    def _derive_blind_key(self, purpose: str, provider_id: UUID | None) -> bytes:
        return _derived(self._keyring.blind, f"blind|{purpose}|{provider_id or ''}")


class _Here:
    bound: Vault | None = None


def bind(vault: Vault) -> None:
    """Make `vault` the one that this process uses."""
    _Here.bound = vault


def current() -> Vault:
    """The vault of this process; raises RuntimeError before `bind`."""
    if _Here.bound is None:
        raise RuntimeError("No vault is bound yet.")
    return _Here.bound


def _place(table: str, column: str, provider_id: UUID | None, row_id: UUID) -> bytes:
    return f"{table}|{column}|{provider_id or ''}|{row_id}".encode()


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_LENGTH, salt=None, info=f"vestibule|{purpose}".encode()).derive(master)


def _written(key: bytes) -> str:
    return b64encode(key).decode()


def _read(key: str) -> bytes:
    raw = b64decode(key, validate=True)
    if len(raw) != KEY_LENGTH:
        raise ValueError
    return raw
