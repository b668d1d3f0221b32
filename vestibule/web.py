"""What a plugin's hooks, views and forms use: declarations, pages, forms and words."""

from core.forms import *  # noqa: F403 -- the fields' own __all__ is the list
from core.hooks import hookimpl
from core.i18n import format_time, gettext, lazy, ngettext
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
    Setting,
    SettingsSection,
    SetupStep,
)
from core.tenancy import Scope
from core.web.pages import page, redirect_to
from core.web.records import record_page

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
    "format_time",
    "gettext",
    "hookimpl",
    "lazy",
    "ngettext",
    "page",
    "record_page",
    "redirect_to",
]
