"""Plugins: the list, one of them, switching it off and on, and forgetting one that is gone."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from core import hooks
from core.i18n import gettext as _
from core.operators import service
from core.operators.forms import ForgetForm, SwitchForm
from core.operators.views.routes import declared
from core.operators.words import health_words, state_words
from core.spec.errors import NotFound
from core.tenancy import Provider, Scope
from core.web.pages import page, redirect_to
from core.web.words import change_words, feature_names, moment_in_full


def plugins(scope: Scope) -> Response:
    """Every plugin that is here or was, with its state."""
    found = service.facts(scope, declared())
    return page("operators/plugins.html", plugins=found, states=state_words(), features=feature_names())


def plugin(scope: Scope, plugin: str) -> Response:
    """One plugin: why it is as it is, what it adds, who has it, what went wrong."""
    return page(
        "operators/plugin.html",
        plugin=service.facts_of(scope, plugin, declared()),
        health=hooks.check_health(plugin),
        health_words=health_words(),
        providers=[row for row, _held in service.providers(scope)],
        changes_here=service.changes_of_plugin(scope, plugin),
        states=state_words(),
        features=feature_names(),
        change_words=change_words,
        moment_in_full=moment_in_full,
        is_saved="saved" in request.args,
    )


def switch_plugin(scope: Scope, plugin: str) -> Response:
    """Off or on everywhere."""
    return _switch(scope, plugin, None)


def switch_plugin_for(scope: Scope, plugin: str, provider_id: UUID) -> Response:
    """Off or on for one provider."""
    row, _held = service.provider(scope, provider_id)
    return _switch(scope, plugin, row)


def _switch(scope: Scope, name: str, row: Provider | None) -> Response:
    facts = service.facts_of(scope, name, declared())
    is_off = facts.is_off_everywhere if row is None else row.slug in facts.off_for
    # The form opens on what can be changed: the other of the two.
    form = SwitchForm(
        request.form if request.method == "POST" else None, data={"to": "on" if is_off else "off"}
    )
    if request.method == "POST" and form.validate():
        provider_id = None if row is None else row.id
        service.switch_plugin(scope, name, provider_id, is_on=form.is_on, reason=form.reason.data)
        return redirect_to("operators.plugin", plugin=name, saved=1)
    status = 422 if form.errors else 200
    return page("operators/switch_plugin.html", form=form, plugin=facts, provider=row, status=status)


def forget(scope: Scope, plugin: str) -> Response:
    """Forget a plugin that is gone, once its name was typed; its data stays."""
    facts = service.facts_of(scope, plugin, declared())
    if facts.state != "absent":
        raise NotFound
    form = ForgetForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        if form.name.data == facts.name:
            service.forget(scope, facts.name)
            return redirect_to("operators.plugin", plugin=facts.name, saved=1)
        form.refuse("name", _("Type %(name)s exactly.") % {"name": facts.name})
    return page("operators/forget.html", form=form, plugin=facts, status=422 if form.errors else 200)
