"""A course over time as a line: numbers for an SVG that is drawn by the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .service import Told

WIDTH, HEIGHT, MARGIN = 600, 200, 28
HIGHEST, LOWEST = 5, 1


@dataclass(frozen=True, slots=True)
class Point:
    """A check-in's place in the picture, in its own units from the top left."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A line through the points, and a rule for each score."""

    points: tuple[Point, ...]
    rules: tuple[float, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The points as SVG's `points` has them."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def chart_of(course: Sequence[Told]) -> Chart:
    """Days from left to right as they lie apart, scores from the bottom up."""
    first = course[0].day if course else None
    days = [(told.day - first).days for told in course] if first else []
    span = max(days, default=0) or 1
    points = [
        Point(round(MARGIN + day / span * (WIDTH - 2 * MARGIN), 1), _height(told.score))
        for day, told in zip(days, course, strict=True)
    ]
    return Chart(tuple(points), tuple(_height(score) for score in range(LOWEST, HIGHEST + 1)))


def _height(score: int) -> float:
    part = (HIGHEST - score) / (HIGHEST - LOWEST)
    return round(MARGIN + part * (HEIGHT - 2 * MARGIN), 1)
