"""Field encryption: what is sealed for one row of one provider opens nowhere else.

AES-256-GCM (NIST SP 800-38D) under a key derived for each provider by HKDF-SHA256 (RFC 5869) from
the master key; a sealed value is `version (1) | key id (4) | nonce (12) | ciphertext and tag`.
"""

import hmac
import os
import time
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.spec.errors import Unreadable
from core.vault.keys import KEY_ID_LENGTH, KEY_LENGTH, Keyring, KeysRefused, keys_from

VERSION = b"\x01"
NONCE_LENGTH, TAG_LENGTH, BLIND_LENGTH = 12, 16, 16
# How long a running process may go on with the keys that it read last.
LOOK_SECONDS = 1
_HEAD = len(VERSION) + KEY_ID_LENGTH + NONCE_LENGTH
LEAST_LENGTH = _HEAD + TAG_LENGTH


class Vault:
    """Seals and opens text for one place: a table's column in one row of one provider (or of none).

    With a `file` it follows what is changed in that: a new current key is taken within LOOK_SECONDS.
    """

    def __init__(self, keyring: Keyring, file: Path | None = None) -> None:
        self._keyring, self._file = keyring, file
        self._stamp, self._look_at = _stamp(file), time.monotonic() + LOOK_SECONDS
        self._cipher = lru_cache(maxsize=10_000)(self._derive_cipher)
        self._blind_key = lru_cache(maxsize=10_000)(self._derive_blind_key)

    def seal(self, text: str, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> bytes:
        """`text` under the current key, to be opened with the same four names only."""
        self._follow()
        key_id, nonce = self._keyring.current, os.urandom(NONCE_LENGTH)
        place = _place(table, column, provider_id, row_id)
        sealed = self._cipher(key_id, provider_id).encrypt(nonce, text.encode(), place)
        return VERSION + key_id + nonce + sealed

    def open(self, sealed: bytes, table: str, column: str, provider_id: UUID | None, row_id: UUID) -> str:
        """The text that was sealed for this place; raises `Unreadable` with a code.

        Codes: `malformed` (no such format), `unknown_key`, `tampered` (the bytes or their place).
        """
        if len(sealed) < LEAST_LENGTH or sealed[:1] != VERSION:
            raise Unreadable("malformed")
        key_id, nonce = sealed[1 : 1 + KEY_ID_LENGTH], sealed[1 + KEY_ID_LENGTH : _HEAD]
        if key_id not in self._keyring.keys:
            self._follow(at_once=True)
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

    def sign(self, told: bytes, purpose: str) -> bytes:
        """32 bytes that only a holder of the keys can make; the key behind it is never rotated.

        So a signature of years ago can be checked still, and by whom rotation made no work.
        """
        return hmac.digest(_derived(self._keyring.blind, f"sign|{purpose}"), told, "sha256")

    def _follow(self, *, at_once: bool = False) -> None:
        """Take the file's keys if it was changed; while it can't be read the known ones go on."""
        now = time.monotonic()
        if self._file is None or (now < self._look_at and not at_once):
            return
        self._look_at = now + LOOK_SECONDS
        stamp = _stamp(self._file)
        if stamp == self._stamp:
            return
        try:
            self._keyring = keys_from(self._file)
        except KeysRefused:
            return
        self._stamp = stamp

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


def _stamp(file: Path | None) -> tuple[int, int] | None:
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns) if found else None


def _place(table: str, column: str, provider_id: UUID | None, row_id: UUID) -> bytes:
    return f"{table}|{column}|{provider_id or ''}|{row_id}".encode()


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_LENGTH, salt=None, info=f"vestibule|{purpose}".encode()).derive(master)
