"""Words that several sides of the house share: features, how they stand, and moments in full."""

from __future__ import annotations

from datetime import datetime

from core import i18n
from core.i18n import gettext as _
from core.subscriptions import Standing, SwitchChange


def feature_names() -> dict[str, str]:
    return {
        "CP": _("Client Portal"),
        "MA": _("Merchant Account"),
        "RS": _("Reminders"),
        "MCP": _("My Clients Plus"),
    }


def moment_in_full(at: datetime) -> str:
    """Like `December 3, 2026, 2:00 pm`, on the reader's clock."""
    return f"{i18n.format_date_alone(i18n.local(at).date())}, {i18n.format_time(at)}"


def standing_words(standing: Standing) -> str:
    """How a subscription stands: `On since …`, `On until …`, `Off`, `Begins …`, `Ended …`."""
    until, since, begins = standing.period.until_at, standing.since_at, standing.period.from_at
    if standing.state == "later" and begins is not None:
        return _("Begins %(when)s") % {"when": moment_in_full(begins)}
    if standing.state == "ended" and until is not None:
        return _("Ended %(when)s") % {"when": moment_in_full(until)}
    if standing.state == "off" or since is None:
        return _("Off")
    if until is None:
        return _("On since %(since)s") % {"since": moment_in_full(since)}
    return _("On since %(since)s, until %(until)s") % {
        "since": moment_in_full(since),
        "until": moment_in_full(until),
    }


def change_words(row: SwitchChange) -> str:
    """What was switched, as one line: `Reminders: on from …`."""
    is_plugin = row.kind == "plugin"
    what = _("Plugin %(name)s") % {"name": row.name} if is_plugin else feature_names()[row.name]
    if not row.is_on:
        return _("%(what)s: off") % {"what": what}
    words = [_("%(what)s: on") % {"what": what}]
    if row.from_at is not None:
        words.append(_("from %(when)s") % {"when": moment_in_full(row.from_at)})
    if row.until_at is not None:
        words.append(_("until %(when)s") % {"when": moment_in_full(row.until_at)})
    return " ".join(words)
