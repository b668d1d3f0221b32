"""One-time tokens: the token goes into the mail, its hash into the row."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from core.tenancy.logins import token_hash


class Token(NamedTuple):
    """A fresh token with what is kept of it."""

    raw: str
    hash: bytes


def new_token() -> Token:
    raw = secrets.token_urlsafe(32)
    return Token(raw, token_hash(raw))


def new_code() -> str:
    """Six digits to be typed over from a letter."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_hash(code: str, page_hash: bytes) -> bytes:
    """A code's hash, of use for one signup only."""
    return token_hash(f"{page_hash.hex()}:{code}")
