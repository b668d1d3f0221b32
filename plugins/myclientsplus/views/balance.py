"""The ledger's pages: who owes what, one client's charges and payments, and noting one."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request

from plugins.myclientsplus import service
from plugins.myclientsplus.forms import METHODS, AmountForm, ChargeForm, PaymentForm
from vestibule.data import (
    NotFound,
    RecordConflict,
    client_record,
    get_setting,
    new_id,
    note_read,
    now,
    records,
)
from vestibule.web import Scope, page, record_page, redirect_to
from vestibule.web import gettext as _


def balances(scope: Scope) -> Response:
    """Every client with something due, or credit."""
    return page("myclientsplus/balances.html", accounts=service.accounts_of(scope))


def balance(scope: Scope, client_id: UUID) -> Response:
    """The tab Balance: charges with what was paid of them, and payments."""
    note_read(scope, "myclientsplus.balance_read", client_id=client_record(scope, client_id).id)
    return _balance_page(scope, client_id)


def _balance_page(scope: Scope, client_id: UUID, problem: str = "") -> Response:
    ledger = service.EmbeddedRecord(scope).ledger
    return record_page(
        "myclientsplus/balance.html",
        scope,
        client_id,
        charges=ledger.balances(client_id, is_due=False),
        payments=ledger.payments(client_id).entries,
        accounts=service.accounts_of(scope, frozenset({client_id})),
        methods={**dict(METHODS), "earlier": _("Noted before, and brought in")},
        problem=problem,
        is_kept_here=service.is_kept_here(scope),
        status=409 if problem else 200,
    )


def charge(scope: Scope, client_id: UUID) -> Response:
    """What a session costs, noted by hand."""
    form = ChargeForm(_sent(), data=_fresh(scope))
    if request.method == "POST" and _is_whole(form):
        told = records.Charge(form.title.data, form.on.data, form.minor or 0, _currency(scope))
        return _noted(
            scope, client_id, lambda ledger: ledger.add_charge(client_id, told, key=_key("charge", form))
        )
    return _form_page(scope, client_id, form, _("Add a charge"))


def payment(scope: Scope, client_id: UUID) -> Response:
    """Money that came outside of the portal; it goes to the oldest charges first."""
    form = PaymentForm(_sent(), data=_fresh(scope))
    if request.method == "POST" and _is_whole(form):
        key, amount, currency = _key("payment", form), form.minor or 0, _currency(scope)
        at = datetime.combine(form.on.data, time(12), ZoneInfo(scope.provider.zone))

        def pay(ledger: Any) -> Any:
            shares = service.shared_out(ledger.balances(client_id), amount, currency)
            told = records.Payment("payment", amount, currency, at, form.method.data, shares)
            return ledger.record_payment(client_id, told, key=key)

        return _noted(scope, client_id, pay)
    return _form_page(scope, client_id, form, _("Note a payment"))


def cancel_charge(scope: Scope, client_id: UUID, charge_id: UUID) -> Response:
    """Take back a charge of which nothing was paid."""
    client_record(scope, client_id)
    ledger = service.EmbeddedRecord(scope).ledger
    found = {each.ref: each for each in ledger.balances(client_id, is_due=False)}
    standing = found.get(str(charge_id))
    if standing is None:
        raise NotFound
    key = f"page:cancel:{charge_id}"
    try:
        return _noted(
            scope,
            client_id,
            lambda ledger: ledger.cancel_charge(client_id, standing.ref, based_on="p0", key=key),
        )
    except RecordConflict:
        return _balance_page(scope, client_id, _("Something was paid of this charge, so it stays."))


def _noted(scope: Scope, client_id: UUID, act: Any) -> Response:
    if not service.is_kept_here(scope):
        raise NotFound
    client_record(scope, client_id)
    service.noted(scope, client_id, act)
    return redirect_to("myclientsplus.balance", client_id=client_id)


def _form_page(scope: Scope, client_id: UUID, form: Any, title: str) -> Response:
    client = client_record(scope, client_id)
    status = 422 if form.errors else 200
    return page("myclientsplus/amount.html", form=form, client=client, amount_title=title, status=status)


def _sent() -> Any:
    return request.form if request.method == "POST" else None


def _fresh(scope: Scope) -> dict[str, Any]:
    return {"on": now().astimezone(ZoneInfo(scope.provider.zone)).date(), "key": str(new_id())}


def _is_whole(form: AmountForm) -> bool:
    if not form.validate():
        return False
    if form.minor is None:
        form.refuse("amount", _("Enter an amount with at most two decimals."))
    return not form.errors


def _key(what: str, form: AmountForm) -> str:
    return f"page:{what}:{form.key.data}"


def _currency(scope: Scope) -> str:
    return str(get_setting(scope, "myclientsplus.currency"))
