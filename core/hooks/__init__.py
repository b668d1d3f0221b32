"""Loads plugins and calls their hooks by kind, so that a failing one harms nobody else."""

from core.hooks.calling import (
    RETURNED,
    contributed,
    declared,
    deliver_event,
    implementations,
    obstacles,
    tell,
)
from core.hooks.failing import quarantine
from core.hooks.loading import bind, load
from core.hooks.plugin import Plugin, hookimpl, is_plugin, needs_of, note_absent, plugins

__all__ = [
    "RETURNED",
    "Plugin",
    "bind",
    "contributed",
    "declared",
    "deliver_event",
    "hookimpl",
    "implementations",
    "is_plugin",
    "load",
    "needs_of",
    "note_absent",
    "obstacles",
    "plugins",
    "quarantine",
    "tell",
]
