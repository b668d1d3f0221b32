"""Asking for an hour in a practice, and ending it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core.operators import service
from core.operators.forms import AccessForm
from core.tenancy import Scope
from core.web.pages import page, redirect_to


def access(scope: Scope, provider_id: UUID) -> Response:
    """The reason first; while an hour runs, the way in and the button that ends it."""
    provider, _held = service.provider(scope, provider_id)
    form = AccessForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        service.begin_access(scope, provider.id, form.reason.data)
        return redirect_to("operators.access", provider_id=provider.id)
    return page(
        "operators/access.html",
        provider=provider,
        form=form,
        access=service.own_access(scope, provider.id),
        status=422 if form.errors else 200,
    )


def end_access(scope: Scope, provider_id: UUID) -> Response:
    """End it before the hour is over."""
    provider, _held = service.provider(scope, provider_id)
    service.end_access(scope, provider.id)
    return redirect_to("operators.access", provider_id=provider.id)
