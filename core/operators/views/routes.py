"""All declared Routes, as the guard took them at the start."""

from __future__ import annotations

from flask import current_app

from core.spec.types import Route


def declared() -> list[tuple[str, Route]]:
    """Pairs of room or plugin and Route."""
    return [(bound.plugin, bound.route) for bound in current_app.extensions["routes"].values()]
