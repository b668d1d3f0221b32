"""The people of the demo, offered as one-click choices and nowhere else."""

from __future__ import annotations

from typing import NamedTuple

from core.i18n import gettext as _
from core.settings import Settings


class DemoPerson(NamedTuple):
    """An account of the demo with a word on who it is."""

    email: str
    password: str
    text: str


def demo_people(settings: Settings) -> list[DemoPerson]:
    """Nobody outside the demo."""
    if settings.mode != "demo":
        return []
    people = [
        ("client@demo.test", _("A client of one practice")),
        ("newclient@demo.test", _("A client who has just signed up")),
        ("twoproviders@demo.test", _("A client of two practices")),
        ("provider@demo.test", _("A provider with all four subscriptions")),
        ("provider2@demo.test", _("A provider with Client Portal only")),
        ("operator@demo.test", _("The operator")),
    ]
    return [DemoPerson(email, "open-the-door-2026", text) for email, text in people]
