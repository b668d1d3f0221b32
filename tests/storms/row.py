"""A row of the storms' table, and what a storm is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
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


@dataclass(frozen=True)
class Told:
    """How strong a storm is: kills, attempts of races, timed requests; and on which database, if only one."""

    seed: int
    database: str = ""
    kills: int = 500
    attempts: int = 10_000
    tries: int = 400

    @property
    def dice(self) -> random.Random:
        """What a storm decides by; the same for the same seed."""
        return random.Random(self.seed)


Storm = Callable[[Told, Path], Iterator[Row]]


def tally(what: str, counts: Sequence[int], worst: float, more: str = "") -> Row:
    """Acts that people were told are done, against what is there afterwards.

    `counts` are acknowledged, found and doubled; `worst` is the longest wait in seconds.
    """
    acknowledged, found, doubled = counts
    said = f"acknowledged {acknowledged:>5}, found {found:>5}, doubled {doubled}, worst wait {worst:.1f} s"
    is_met = acknowledged > 0 and acknowledged == found and not doubled
    return Row(what, f"{said}{', ' if more else ''}{more}", "all found, 0 doubled", is_met)
