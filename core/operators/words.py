"""The operator's words for codes and states."""

from __future__ import annotations

from core import i18n
from core.i18n import gettext as _
from core.tenancy import OperatorAccess


def access_words(access: OperatorAccess) -> str:
    """An operator's hour that runs, for a practice's members."""
    return _("An operator reads here until %(time)s: %(reason)s") % {
        "time": i18n.format_time(access.until_at),
        "reason": access.reason,
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Word and tone for each state of a plugin."""
    return {
        "loaded": (_("Loaded"), "good"),
        "off": (_("Off everywhere"), "waits"),
        "quarantined": (_("Quarantined"), "wrong"),
        "absent": (_("Gone"), "wrong"),
        "forgotten": (_("Forgotten"), "plain"),
    }


def health_words() -> dict[str, tuple[str, str]]:
    """Word and tone for what a plugin's health check came to."""
    return {
        "well": (_("Well"), "good"),
        "unwell": (_("Unwell"), "wrong"),
        "failed": (_("Could not be asked"), "wrong"),
        "idle": (_("On for nobody"), "plain"),
    }


def reason_words(code: str) -> str:
    """Why a delivery was dropped or given up; the name of an error stays what it is."""
    return {
        "subscription_ended": _("The subscription had ended"),
        "plugin_off": _("The plugin was switched off"),
        "plugin_forgotten": _("The plugin was forgotten"),
        "join_ended": _("The client's join had ended"),
        "account_disabled": _("The account was disabled"),
        "no_mail_server": _("No mail server is set: VESTIBULE_SMTP_HOST is missing"),
        "no_sender": _("No sender is set: VESTIBULE_MAIL_FROM is missing"),
        "Undeliverable": _("The mail server refused it for good"),
        "PluginRefused": _("The plugin is gone or quarantined"),
    }.get(code, code)
