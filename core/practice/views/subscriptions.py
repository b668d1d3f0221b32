"""What the practice subscribes to: since when, until when, and what the operator changed."""

from __future__ import annotations

from flask import Response

from core import subscriptions as held
from core.tenancy import Scope
from core.web.pages import page
from core.web.words import change_words, feature_names, moment_in_full, standing_words

SHOWN = 30


def subscriptions(scope: Scope) -> Response:
    """How each feature stands, and what was changed with its reason; for the owner."""
    return page(
        "practice/subscriptions.html",
        standings=held.standings([scope.provider_id])[scope.provider_id],
        changes=held.changes(scope, limit=SHOWN),
        features=feature_names(),
        standing_words=standing_words,
        change_words=change_words,
        moment_in_full=moment_in_full,
    )
