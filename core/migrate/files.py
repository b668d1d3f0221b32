"""Reading migration files: their order, and their SQL as one dialect understands it."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GUARDS_FILE = "guards.sql"
DIALECTS = ("sqlite", "postgresql")
TYPES = {
    "ID": ("TEXT", "UUID"),
    "MOMENT": ("INTEGER", "TIMESTAMPTZ"),
    "DAY": ("TEXT", "DATE"),
    "FLAG": ("INTEGER", "BOOLEAN"),
    "SEALED": ("BLOB", "BYTEA"),
    "BLIND": ("BLOB", "BYTEA"),
    "JSONTEXT": ("TEXT", "TEXT"),
}
# A name like "accounts" and the folder with its files; the folder may be absent.
Source = tuple[str, Path]

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_ONLY = re.compile(r"\s*--\s*only:\s*(\S+)\s*")
_PIECES = re.compile(
    r"""--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$|\w+|.""",
    re.DOTALL,
)


class MigrationRefused(Exception):
    """The database was left as it was; the message is a sentence that says why."""


@dataclass(frozen=True)
class Migration:
    """One file; `str()` gives the name that people read, like `inbox/0001_threads`."""

    source: str
    name: str
    checksum: str
    path: Path

    def __str__(self) -> str:
        return f"{self.source}/{self.name}"


def migrations_of(source: Source) -> list[Migration]:
    """The migrations in a source's folder, in their order."""
    name, folder = source
    found: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        if path.name == GUARDS_FILE:
            continue
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise MigrationRefused(f"{path} is not named like 0001_words.sql.")
        if match[1] in found:
            raise MigrationRefused(f"{found[match[1]]} and {path.name} have the same number.")
        checksum = hashlib.sha256(_text(path).encode()).hexdigest()
        found[match[1]] = Migration(name, path.stem, checksum, path)
    return list(found.values())


def statements(path: Path, dialect: str) -> list[str]:
    """The statements of a file that are for `dialect`, with its words for our types."""
    done, pieces = [], []
    for piece in _PIECES.findall(section(path, dialect)):
        pieces.append(_translated(piece, dialect))
        if piece == ";" and _is_complete(text := "".join(pieces), dialect):
            done.append(text.strip())
            pieces = []
    if _holds_words(pieces):
        raise MigrationRefused(f"{path}: the last statement doesn't end with a semicolon.")
    return done


def section(path: Path, dialect: str) -> str:
    """The lines of a file that are for `dialect`."""
    return "".join(_lines_for(path, dialect))


def _lines_for(path: Path, dialect: str) -> Iterator[str]:
    only = "both"
    for line in _text(path).splitlines(keepends=True):
        match = _ONLY.fullmatch(line)
        if match is None:
            if only in (dialect, "both"):
                yield line
        elif match[1] in (*DIALECTS, "both"):
            only = match[1]
        else:
            raise MigrationRefused(f"{path}: `{line.strip()}` names no database that we know.")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def _translated(piece: str, dialect: str) -> str:
    return TYPES[piece][DIALECTS.index(dialect)] if piece in TYPES else piece


def _is_complete(text: str, dialect: str) -> bool:
    # SQLite's triggers hold semicolons of their own; PostgreSQL's bodies are one piece in $$.
    return dialect != "sqlite" or sqlite3.complete_statement(text)


def _holds_words(pieces: list[str]) -> bool:
    return any(piece.strip() and not piece.startswith("--") for piece in pieces)
