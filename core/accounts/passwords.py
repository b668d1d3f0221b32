"""Passwords: which ones are good enough, and their hashes, made and checked outside the event loop."""

from __future__ import annotations

import functools
import os
import secrets
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import argon2
from gevent.threadpool import ThreadPool

from core.spec.errors import Invalid

LEAST = 15
MOST = 1000
LEAST_OTHER_CHARACTERS = 8
COMMON_FILE = Path(__file__).with_name("common_passwords.txt")

_P = ParamSpec("_P")
_R = TypeVar("_R")
# OWASP Password Storage Cheat Sheet: 46 MiB and one pass; one lane, as two cores serve everybody.
_hasher = argon2.PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)


class _Threads(threading.local):
    """Each event loop's own pool; one core stays free to serve pages."""

    pool: ThreadPool | None = None


_threads = _Threads()


def refuse_weak(password: str, *, email: str = "", before: str = "") -> None:
    """Raise Invalid with a code at `password`: too_short, too_long, common, own or unchanged."""
    code = _weakness(unicodedata.normalize("NFC", password), email)
    if password == before:
        code = "unchanged"
    if code:
        raise Invalid({"password": code})


def hashed(password: str) -> str:
    """The argon2id hash, made in a thread while others are served."""
    return _in_thread(_hasher.hash, _octets(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password has this hash; without a hash it takes as long to say no."""
    is_right = _in_thread(_verifies, password_hash or _dummy(), _octets(password))
    return is_right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _weakness(password: str, email: str) -> str:
    if len(password) < LEAST:
        return "too_short"
    if len(password) > MOST:
        return "too_long"
    plain = _plain(password)
    if _repeated_part(plain) in _common() or plain in _common() or len(set(password)) < 4:
        return "common"
    own = [part for part in (_plain(email), _plain(email.partition("@")[0])) if len(part) >= 5]
    if any(part in plain and len(plain) - len(part) < LEAST_OTHER_CHARACTERS for part in own):
        return "own"
    return ""


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _repeated_part(text: str) -> str:
    """`door` for `doordoordoor`; the text itself where nothing repeats."""
    where = (text + text).find(text, 1)
    return text[:where]


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(_plain(line) for line in COMMON_FILE.read_text(encoding="utf-8").split())


@functools.cache
def _dummy() -> str:
    return _in_thread(_hasher.hash, secrets.token_bytes(16))


def _verifies(password_hash: str, password: bytes) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (argon2.exceptions.VerifyMismatchError, argon2.exceptions.InvalidHashError):
        return False


def _octets(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode()


def _in_thread(work: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    if _threads.pool is None:
        _threads.pool = ThreadPool(max(1, (os.cpu_count() or 2) - 1))
    result: _R = _threads.pool.apply(work, args, kwargs)
    return result
