"""A row of the storms' table, and what a storm is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """What was stormed, what was found, and whether that meets the goal."""

    what: str
    found: str
    goal: str
    is_met: bool

    @property
    def word(self) -> str:
        return "met" if self.is_met else "MISSED"


Storm = Callable[[random.Random, Path], Iterator[Row]]
