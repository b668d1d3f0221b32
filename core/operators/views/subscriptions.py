"""Subscriptions: the table of all, and the form that changes one."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core import i18n
from core.i18n import gettext as _
from core.operators import service
from core.operators.forms import SubscriptionForm, as_typed
from core.spec.errors import Invalid, NotFound
from core.spec.types import FEATURES
from core.tenancy import Scope
from core.web.pages import page, redirect_to
from core.web.words import change_words, feature_names, moment_in_full, standing_words


def subscriptions(scope: Scope) -> Response:
    """Every provider with how each feature stands, and what was switched last."""
    return page(
        "operators/subscriptions.html",
        rows=service.providers(scope),
        features=feature_names(),
        changes_here=service.changes_of_provider(scope),
        change_words=change_words,
        moment_in_full=moment_in_full,
        standing_words=standing_words,
    )


def subscription(scope: Scope, provider_id: UUID, feature: str) -> Response:
    """Switch one, at once or from and until a minute, with a reason."""
    row, held = service.provider(scope, provider_id)
    if feature not in FEATURES:
        raise NotFound
    form = SubscriptionForm(request.form if request.method == "POST" else None, data=as_typed(held[feature]))
    if request.method == "POST" and form.validate() and _is_switched(scope, row.id, feature, form):
        return redirect_to("operators.provider", provider_id=row.id, saved=1)
    return page(
        "operators/subscription.html",
        form=form,
        provider=row,
        feature=feature_names()[feature],
        now=standing_words(held[feature]),
        zone=i18n.zone_name(i18n.current_zone()),
        status=422 if form.errors else 200,
    )


def _is_switched(scope: Scope, provider_id: UUID, feature: str, form: SubscriptionForm) -> bool:
    try:
        service.switch(
            scope, provider_id, feature, is_on=form.is_on, reason=form.reason.data, period=form.period()
        )
    except Invalid:
        form.refuse("until_on", _("The end must be after the beginning."))
        return False
    return True
