"""Settings, one's details with each provider, and help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from flask import Response, request

from core.accounts import service
from core.accounts.forms import DetailsForm, SettingsForm, ZoneForm
from core.accounts.service import Details
from core.forms import IdField
from core.forms.form import Form
from core.i18n import gettext as _
from core.spec.errors import NotFound, RecordConflict
from core.spec.types import Address, Demographics
from core.tenancy import Scope
from core.web.compared import Difference, compared
from core.web.pages import page, redirect_to
from core.web.slots import settings_sections
from core.web.words import moment_in_full


class WhoseForm(Form):
    """Which provider's details were sent."""

    provider_id = IdField("", required=True)


def settings(scope: Scope) -> Response:
    """Name, language and time zone of the account."""
    own = service.account_settings(scope)
    data = {"name": own.name, "locale": own.locale, "zone": own.zone or None}
    form = SettingsForm(request.form if request.method == "POST" else None, data=data)
    if request.method == "POST" and form.validate():
        service.change_account_settings(
            scope, name=form.name.data, locale=form.locale.data, zone=form.zone.data or ""
        )
        return redirect_to("accounts.settings", saved="yes")
    return page(
        "accounts/settings.html",
        form=form,
        own=own,
        password_since=moment_in_full(own.password_changed_at) if own.password_changed_at else "",
        sections=settings_sections(scope, "client") if scope.kind == "client" else [],
        changed=_changed(),
        status=422 if form.errors else 200,
    )


def _changed() -> str:
    """What was done before this page was opened."""
    sentences = {
        "email": _("You log in with the new address from now on. Every other device was logged out."),
        "password": _("Your password is changed. Every other device was logged out."),
        "yes": _("Your settings are saved."),
    }
    return sentences.get(request.args.get("saved", ""), "")


def zone(scope: Scope) -> Response:
    """Take the zone that the browser offered."""
    form = ZoneForm(request.form)
    if not form.validate():
        return redirect_to("accounts.settings")
    service.change_zone(scope, form.zone.data)
    return redirect_to("accounts.settings", saved="yes")


def details(scope: Scope) -> Response:
    """Phone and address with each provider; another's are offered, never copied by themselves."""
    known = service.details(scope)
    differences: list[Difference] = []
    sent = _sent_for(known) if request.method == "POST" else None
    forms = {one.provider.id: _form(one, known, is_sent=one is sent) for one in known}
    if sent is not None and forms[sent.provider.id].validate():
        told: dict[str, Any] = {
            "phone": forms[sent.provider.id].phone.data,
            "address": Address(**forms[sent.provider.id].address.data),
        }
        try:
            version = request.form.get("version", "")
            service.change_details(scope, sent.provider.id, **told, version=version)
        except RecordConflict as conflict:
            standing = cast("Demographics", conflict.current)
            differences = compared(replace(standing, **told), standing)
            known = service.details(scope)
        # What was sent twice stands there already.
        if not differences:
            return redirect_to("accounts.details", saved="yes")
    has_errors = any(form.errors for form in forms.values())
    return page(
        "accounts/details.html",
        known=known,
        forms=forms,
        has_errors=has_errors,
        differences=differences,
        differs_with=sent.provider.id if sent is not None and differences else None,
        is_saved="saved" in request.args,
        status=409 if differences else (422 if has_errors else 200),
    )


def _sent_for(known: list[Details]) -> Details:
    whose = WhoseForm(request.form)
    found = [one for one in known if whose.validate() and one.provider.id == whose.provider_id.data]
    if not found:
        raise NotFound
    return found[0]


def _form(one: Details, known: list[Details], *, is_sent: bool) -> DetailsForm:
    """The form of one provider; `?from=` and `?to=` fill it with what another was told."""
    shown = one
    if request.args.get("to") == str(one.provider.id):
        others = [other for other in known if str(other.provider.id) == request.args.get("from")]
        shown = others[0] if others else one
    address = {name: getattr(shown.address, name) for name in Address.__slots__}
    prefix = f"at{known.index(one)}-"
    typed = request.form if is_sent else None
    return DetailsForm(typed, data={"phone": shown.phone, "address": address}, prefix=prefix)


def help_page(scope: Scope) -> Response:
    """Whom to call, and what to do when the portal doesn't work."""
    return page("accounts/help.html", providers=list(scope.records.values()))
