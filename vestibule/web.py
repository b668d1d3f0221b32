"""What a plugin's hooks, views and forms use: declarations, pages, forms and words."""

from core.forms import *  # noqa: F403 -- the fields' own __all__ is the list
from core.hooks import hookimpl
from core.i18n import gettext, lazy, ngettext
from core.spec.types import (
    Attention,
    AuditEvent,
    Card,
    ChartTab,
    Job,
    Mark,
    NavItem,
    Obstacle,
    Route,
    Scope,
    Setting,
    SettingsSection,
    SetupStep,
)
from core.web.pages import page, redirect_to
from core.web.slots import chart_tabs

__all__ = [
    "Attention",
    "AuditEvent",
    "Card",
    "ChartTab",
    "Job",
    "Mark",
    "NavItem",
    "Obstacle",
    "Route",
    "Scope",
    "Setting",
    "SettingsSection",
    "SetupStep",
    "chart_tabs",
    "gettext",
    "hookimpl",
    "lazy",
    "ngettext",
    "page",
    "redirect_to",
]
