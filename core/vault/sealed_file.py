"""Files sealed for one recipient, of any length: written with a public key, opened with the private one.

X25519 (RFC 7748) makes a key for this file alone, HKDF-SHA256 binds it to the header, AES-256-GCM seals
chunks whose nonces count them and mark the last (the STREAM construction), so that a changed, cut,
reordered or lengthened file opens nowhere. A public key is what a machine that writes backups each night
should hold: whoever takes the machine can't open the backups of before.
"""

from __future__ import annotations

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.settings.secret_files import is_open_to_others, write_once

MAGIC = b"VESTIBULE SEALED FILE 1\n"
PRIVATE, PUBLIC = "vestibule-private-", "vestibule-public-"
CHUNK, TAG, KEY_LENGTH, LONGEST_HEADER = 1024 * 1024, 16, 32, 64 * 1024
_LENGTH = struct.Struct(">I")


class SealedFileRefused(Exception):
    """The file or the key can't be used; the message says why, in a sentence."""


def make_pair(private: Path, public: Path) -> None:
    """Make a pair of keys in two files; raises FileExistsError and never replaces one."""
    made = X25519PrivateKey.generate()
    write_once(private, PRIVATE + b64encode(made.private_bytes_raw()).decode() + "\n")
    write_once(public, PUBLIC + b64encode(made.public_key().public_bytes_raw()).decode() + "\n")


def public_from(file: Path) -> X25519PublicKey:
    """The recipient in `file`. Raises SealedFileRefused."""
    return X25519PublicKey.from_public_bytes(_key_in(file, PUBLIC))


def private_from(file: Path) -> X25519PrivateKey:
    """The key in `file`. Raises SealedFileRefused, also when others may read it."""
    if file.is_file() and is_open_to_others(file):
        raise SealedFileRefused(f"Others may read {file}. Run `chmod 600 {file}`.")
    return X25519PrivateKey.from_private_bytes(_key_in(file, PRIVATE))


def seal(
    target: BinaryIO, recipient: X25519PublicKey, header: dict[str, Any], parts: Iterable[bytes]
) -> None:
    """Write `parts`, of any sizes, sealed for `recipient`; `header` stays readable and can't be changed."""
    own = X25519PrivateKey.generate()
    told = {**header, "ephemeral": b64encode(own.public_key().public_bytes_raw()).decode()}
    head = _head(json.dumps(told).encode())
    cipher = _cipher(own.exchange(recipient), recipient, head)
    target.write(head)
    number, kept = 0, b""
    for part in parts:
        kept += part
        # One chunk is kept back: only at the end is it known to be the last.
        while len(kept) > CHUNK:
            target.write(cipher.encrypt(_nonce(number, is_last=False), kept[:CHUNK], None))
            number, kept = number + 1, kept[CHUNK:]
    target.write(cipher.encrypt(_nonce(number, is_last=True), kept, None))


def header_of(source: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """The header, not yet proven genuine, and its bytes. Raises SealedFileRefused."""
    magic = source.read(len(MAGIC))
    if magic != MAGIC:
        raise SealedFileRefused("This is no backup of Vestibule, or its first bytes were changed.")
    size = source.read(_LENGTH.size)
    length = _LENGTH.unpack(size)[0] if len(size) == _LENGTH.size else 0
    text = source.read(length) if 0 < length <= LONGEST_HEADER else b""
    try:
        told = json.loads(text)
        b64decode(told["ephemeral"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SealedFileRefused("The file's header was changed or cut short.") from None
    return told, MAGIC + size + text


def opened(source: BinaryIO, key: X25519PrivateKey) -> Iterator[bytes]:
    """The parts of a sealed file, each proven genuine before it is given.

    Raises SealedFileRefused for another key, and where a byte was changed or the end is missing:
    what came before must then be thrown away.
    """
    told, head = header_of(source)
    try:
        ephemeral = X25519PublicKey.from_public_bytes(b64decode(told["ephemeral"]))
        shared = key.exchange(ephemeral)
    except ValueError:
        raise SealedFileRefused("The file's header was changed.") from None
    cipher = _cipher(shared, key.public_key(), head)
    number, chunk = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), chunk, None)
        except (InvalidTag, ValueError):
            raise SealedFileRefused(_why(number)) from None
        if not following:
            return
        number, chunk = number + 1, following


def _why(number: int) -> str:
    if number == 0:
        return "The file was not made for this key, or it was changed or cut short."
    return f"The file was changed or cut short after {number} MB: it is not what was written."


def _head(text: bytes) -> bytes:
    return MAGIC + _LENGTH.pack(len(text)) + text


def _cipher(shared: bytes, recipient: X25519PublicKey, head: bytes) -> AESGCM:
    info = b"vestibule|sealed file|" + head
    return AESGCM(HKDF(SHA256(), KEY_LENGTH, salt=recipient.public_bytes_raw(), info=info).derive(shared))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _key_in(file: Path, prefix: str) -> bytes:
    try:
        text = file.read_text(encoding="ascii").strip()
        raw = b64decode(text.removeprefix(prefix), validate=True) if text.startswith(prefix) else b""
    except (OSError, ValueError):
        raw = b""
    if len(raw) != KEY_LENGTH:
        raise SealedFileRefused(f"{file} holds no key that begins with {prefix}.")
    return raw
