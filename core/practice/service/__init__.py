"""The rules of the practice's side: clients, profile and team."""

from core.practice.service.accesses import operator_accesses
from core.practice.service.clients import (
    add_chart,
    add_client,
    add_note_of_reading,
    client_names,
    correct_client,
    email_of,
    end_join,
    find_clients,
)
from core.practice.service.erasing import (
    erase_client,
    erased_at,
    erasure_parts,
    kept_in_audit,
    unfinished_erasures,
)
from core.practice.service.news import arrivals, look
from core.practice.service.profile import change_profile, provider_of
from core.practice.service.required import plugins_to_set_up
from core.practice.service.team import change_role, member_of, remove_member, team

__all__ = [
    "add_chart",
    "add_client",
    "add_note_of_reading",
    "arrivals",
    "change_profile",
    "change_role",
    "client_names",
    "correct_client",
    "email_of",
    "end_join",
    "erase_client",
    "erased_at",
    "erasure_parts",
    "find_clients",
    "kept_in_audit",
    "look",
    "member_of",
    "operator_accesses",
    "plugins_to_set_up",
    "provider_of",
    "remove_member",
    "team",
    "unfinished_erasures",
]
