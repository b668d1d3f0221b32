"""What packets and the states of forms are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vestibule.data import questionnaires
from vestibule.web import format_date_alone, lazy
from vestibule.web import gettext as _

PACKETS: Mapping[str, str] = {
    "signed_up": lazy("People who sign up themselves"),
    "invited": lazy("People whom you invite, intake first"),
    "minor": lazy("People who are not 18 yet"),
    "couple": lazy("Couples"),
}
STATES: Mapping[str, str] = {
    "asked": lazy("Not started"),
    "begun": lazy("Begun"),
    "sent": lazy("Sent"),
    "accepted": lazy("Accepted"),
    "returned": lazy("Sent back, to be mended"),
    "withdrawn": lazy("Withdrawn"),
    "expired": lazy("No longer valid"),
}


def packet_words(kind: str) -> str:
    """Whom a packet is for."""
    return str(PACKETS[kind])


def state_words(asked: Any) -> str:
    """How far a form is, with the day that counts."""
    state, row = asked.state, asked.request
    words = str(STATES[state])
    if state in ("asked", "begun", "returned") and asked.due_on is not None:
        pattern = _("%(state)s, was due %(day)s") if asked.is_overdue else _("%(state)s, due %(day)s")
        return pattern % {"state": words, "day": format_date_alone(asked.due_on)}
    moments = {"sent": "sent_at", "accepted": "sent_at", "withdrawn": "withdrawn_at"}
    at = getattr(row, moments[state]) if state in moments else None
    return f"{words}, {questionnaires.value_in_words(at)}" if at is not None else words


def signed_facts(paper: Any) -> list[tuple[str, str]]:
    """Who signed what and when: both sides read the same."""
    row, response = paper.request, paper.response
    if row is None or row.sent_at is None or response.signature is None:
        return []
    facts = [
        (_("Signed by"), response.signature.name),
        (_("Signed"), questionnaires.value_in_words(response.signature.at)),
        (_("Version of the text"), paper.questionnaire.version),
        (_("Fingerprint of the text (SHA-256)"), row.fingerprint),
    ]
    purpose = next(
        (
            response.first(item.link_id)
            for item in paper.questionnaire.questions
            if item.definition == questionnaires.PURPOSE
        ),
        None,
    )
    if purpose:
        facts.append((_("Purpose"), str(purpose)))
    if row.expires_on is not None:
        facts.append((_("Valid until"), format_date_alone(row.expires_on)))
    if row.withdrawn_at is not None:
        facts.append((_("Withdrawn"), questionnaires.value_in_words(row.withdrawn_at)))
    return facts
