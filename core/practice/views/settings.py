"""Settings of the practice: the list, the profile, the link for its website, plugins."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, current_app, request, url_for

from core import hooks, subscriptions
from core import plugin_settings as stored
from core.forms import ChoiceField, Form, IntegerField, PasswordField, TextField, TickField
from core.i18n import gettext as _
from core.practice import service
from core.practice.forms import ProfileForm
from core.spec.errors import NotFound
from core.spec.types import Address, Setting
from core.tenancy import Scope
from core.web import slots
from core.web.pages import page, redirect_to


def settings(scope: Scope) -> Response:
    """Every section of settings that rooms and plugins contribute."""
    sections = slots.settings_sections(scope, "practice")
    return page("practice/settings.html", sections=sections)


def profile(scope: Scope) -> Response:
    """Name, phone, address, zone, answer time, name outside the portal."""
    row = service.provider_of(scope)
    data = {**row.__data__, "address": asdict(Address(**row.address))}
    form = ProfileForm(request.form if request.method == "POST" else None, data=data)
    if request.method == "POST" and form.validate():
        told = dict(form.data)
        service.change_profile(scope, address=Address(**told.pop("address")), **told)
        return redirect_to("practice.profile", saved=1)
    saved = "saved" in request.args
    return page("practice/profile.html", form=form, saved=saved, status=422 if form.errors else 200)


def signup_link(scope: Scope) -> Response:
    """A link and a button to copy for the practice's own website."""
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    address = base + url_for("accounts.signup", slug=scope.provider.slug)
    return page("practice/signup_link.html", address=address)


def plugin_settings(scope: Scope, plugin: str) -> Response:
    """The settings that a plugin declared, as one generated form; of one that is off nothing is shown."""
    if hooks.is_plugin(plugin) and not subscriptions.on(scope.provider_id, hooks.needs_of(plugin), plugin):
        raise NotFound
    declared = {
        key.partition(".")[2]: setting
        for key, setting in stored.declared().items()
        if key.startswith(f"{plugin}.")
    }
    if not declared:
        raise NotFound
    # A secret is never shown again, not even to who set it.
    values = {key: stored.get(scope, f"{plugin}.{key}") for key, item in declared.items() if not item.secret}
    kind = type("PluginForm", (Form,), {key: _field(item) for key, item in declared.items()})
    form = kind(request.form if request.method == "POST" else None, data=values)
    if request.method == "POST" and form.validate():
        for key, item in declared.items():
            if form[key].data or not item.secret:
                stored.put(scope, f"{plugin}.{key}", form[key].data)
        return redirect_to("practice.plugin_settings", plugin=plugin, saved=1)
    saved = "saved" in request.args
    status = 422 if form.errors else 200
    title = next((one.title for one in hooks.plugins() if one.name == plugin), _("Settings"))
    return page("practice/plugin_settings.html", title=title, form=form, saved=saved, status=status)


def _field(setting: Setting) -> Any:
    if setting.secret:
        hint = setting.hint or _("Kept sealed and not shown again. Leave it empty to keep what is set.")
        return PasswordField(setting.title, hint=hint, render_kw={"autocomplete": "off"})
    if setting.kind == "flag":
        return TickField(setting.title, hint=setting.hint)
    if setting.kind == "number":
        return IntegerField(setting.title, hint=setting.hint)
    if setting.kind == "choice":
        # One of them is always chosen: there is a default.
        return ChoiceField(setting.title, hint=setting.hint, choices=list(setting.choices), required=True)
    return TextField(setting.title, hint=setting.hint)
