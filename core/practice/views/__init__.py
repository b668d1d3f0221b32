"""The pages of the practice's side."""

from core.practice.views.access_log import access_log, practice_log
from core.practice.views.clients import (
    add,
    clients,
    demographics,
    end_join,
    invite,
    record,
    resend,
    revoke,
)
from core.practice.views.erasing import erase
from core.practice.views.settings import plugin_settings, profile, settings, signup_link
from core.practice.views.subscriptions import subscriptions
from core.practice.views.team import (
    change_role,
    invite_member,
    remove_member,
    resend_member,
    revoke_member,
    team,
)
from core.practice.views.today import practices, today

__all__ = [
    "access_log",
    "add",
    "change_role",
    "clients",
    "demographics",
    "end_join",
    "erase",
    "invite",
    "invite_member",
    "plugin_settings",
    "practice_log",
    "practices",
    "profile",
    "record",
    "remove_member",
    "resend",
    "resend_member",
    "revoke",
    "revoke_member",
    "settings",
    "signup_link",
    "subscriptions",
    "team",
    "today",
]
