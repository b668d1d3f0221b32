"""The page of webhooks: the address, the secret, and how it went."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from vestibule.data import Invalid
from vestibule.web import Scope, format_moment, lazy, page, redirect_to
from vestibule.web import gettext as _

from . import service
from .forms import WebhookForm
from .models import Delivery

FAULTS = {
    "no_address": lazy("Write a whole address, such as https://hooks.example.org/portal."),
    "not_https": lazy("The address has to begin with https://."),
    "short": lazy("Use 16 characters or more."),
    "missing": lazy("A secret is needed, so that your side can tell who sends."),
}
EVENTS = {
    "appointment_booked": lazy("Booked"),
    "appointment_moved": lazy("Moved"),
    "appointment_cancelled": lazy("Cancelled"),
}
OUTCOMES = {
    "no_answer": lazy("no answer"),
    "not_public": lazy("refused: the address leads into a private network"),
    "no_address": lazy("refused: no address"),
    "not_https": lazy("refused: not https"),
}


def settings(scope: Scope) -> Response:
    """The form, and the last deliveries below it."""
    told = {"address": service.address(scope)}
    form = WebhookForm(request.form if request.method == "POST" else None, data=told)
    if request.method == "POST" and form.validate() and _is_kept(scope, form):
        return redirect_to("webhooks.settings", saved=1)
    return page(
        "webhooks/settings.html",
        form=form,
        saved="saved" in request.args,
        lines=[_line(each) for each in service.deliveries(scope)],
        status=422 if form.errors else 200,
    )


def _is_kept(scope: Scope, form: WebhookForm) -> bool:
    try:
        service.configure(scope, form.address.data, form.secret.data)
    except Invalid as error:
        for name, code in error.fields.items():
            form.refuse(name, str(FAULTS[code]))
        return False
    return True


def _line(each: Delivery) -> list[Any]:
    """One delivery in words: when tried last, what, what became of it, how often tried."""
    outcome = _("taken") if each.done_at else OUTCOMES.get(each.outcome, each.outcome)
    return [format_moment(each.tried_at), EVENTS[each.event], outcome, each.tries]
