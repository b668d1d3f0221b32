"""Providers, and what one of them holds."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.operators import service
from core.operators.views.routes import declared
from core.tenancy import Scope
from core.web.pages import page
from core.web.words import change_words, feature_names, moment_in_full, standing_words


def providers(scope: Scope) -> Response:
    """All providers with what they hold."""
    return page("operators/providers.html", rows=service.providers(scope), features=feature_names())


def provider(scope: Scope, provider_id: UUID) -> Response:
    """One provider: subscriptions, plugins that are off there, and what was switched."""
    row, held = service.provider(scope, provider_id)
    found = service.facts(scope, declared())
    return page(
        "operators/provider.html",
        provider=row,
        held=held,
        features=feature_names(),
        plugins=[each for each in found if each.state in ("loaded", "quarantined", "off")],
        changes_here=service.changes_of_provider(scope, row.id),
        change_words=change_words,
        standing_words=standing_words,
        moment_in_full=moment_in_full,
        is_saved="saved" in request.args,
    )
