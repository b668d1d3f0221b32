"""Loads plugins and calls their hooks by kind, so that a failing one harms nobody else."""

from core.hooks.calling import RETURNED, attempted, contributed, implementations
from core.hooks.checking import check_folder
from core.hooks.connectors import connected, practice_records
from core.hooks.declaring import declared
from core.hooks.events import deliver_event, queue_work, tell
from core.hooks.failing import quarantine
from core.hooks.gates import obstacles
from core.hooks.health import Checked, check_health, forget_health, unwell
from core.hooks.loading import bind, load
from core.hooks.own_data import recorded
from core.hooks.plugin import (
    Failure,
    Plugin,
    hookimpl,
    is_plugin,
    is_refused,
    needs_of,
    note_absent,
    plugins,
    title_of,
)
from core.hooks.watchdog import is_held, watch

__all__ = [
    "RETURNED",
    "Checked",
    "Failure",
    "Plugin",
    "attempted",
    "bind",
    "check_folder",
    "check_health",
    "connected",
    "contributed",
    "declared",
    "deliver_event",
    "forget_health",
    "hookimpl",
    "implementations",
    "is_held",
    "is_plugin",
    "is_refused",
    "load",
    "needs_of",
    "note_absent",
    "obstacles",
    "plugins",
    "practice_records",
    "quarantine",
    "queue_work",
    "recorded",
    "tell",
    "title_of",
    "unwell",
    "watch",
]
