"""The operator's pages."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core import hooks
from core.i18n import gettext as _
from core.operators import service
from core.spec.errors import Invalid, NotFound
from core.tenancy import Scope
from core.web.pages import page, redirect_to


def feature_names() -> dict[str, str]:
    return {
        "CP": _("Client Portal"),
        "MA": _("Merchant Account"),
        "RS": _("Reminders"),
        "MCP": _("My Clients Plus"),
    }


def providers(scope: Scope) -> Response:
    """All providers with what they hold."""
    rows = service.providers(scope)
    return page("operators/providers.html", rows=rows, features=feature_names())


def provider(scope: Scope, provider_id: UUID) -> Response:
    """One provider, its subscriptions on and off."""
    row, held = service.provider(scope, provider_id)
    return page("operators/provider.html", provider=row, held=held, features=feature_names())


def switch(scope: Scope, provider_id: UUID) -> Response:
    """Switch one subscription; the page that follows says how it is now."""
    try:
        feature = request.form.get("feature", "")
        is_on = {"on": True, "off": False}[request.form.get("to", "")]
        service.switch(scope, provider_id, feature, is_on=is_on)
    except (Invalid, KeyError) as error:
        raise NotFound from error
    return redirect_to("operators.provider", provider_id=provider_id)


def plugins(scope: Scope) -> Response:
    """Every plugin that was found, quarantined ones with the reason."""
    found = [plugin for plugin in hooks.plugins() if not plugin.is_core]
    return page("operators/plugins.html", plugins=found, features=feature_names())
