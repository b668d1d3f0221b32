"""A person's own data: what each room and plugin hands out on request, and what it erases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PartState = Literal["whole", "failed", "quarantined", "silent", "absent", "forgotten"]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that belongs to the data, such as a card's picture; `name` has no folder in it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DataSection:
    """One kind of things that are kept about a client, for a person to read.

    `name` is the file's name without an ending (small letters, digits and _); `rows` are mappings of JSON
    values, with moments as ISO 8601 in UTC.
    """

    name: str
    title: str
    rows: tuple[Mapping[str, Any], ...]
    files: tuple[DataFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Erasure:
    """What became of one kind of things that were kept about a client: how many were erased and kept.

    `why` says to the practice by which rule the rest is kept; never empty where `kept` isn't 0.
    """

    title: str
    erased: int = 0
    kept: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What one room or plugin answered, or that it could not: then `state` says why.

    `silent` is a plugin that has tables and does not implement the hook; `forgotten` is one that is gone
    for good and left its tables.
    """

    plugin: str
    title: str
    state: PartState
    answers: tuple[Any, ...] = field(default=())
