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
    ConnectorFailed,
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
        key = _key("charge", form)
        try:
            return _noted(scope, client_id, lambda ledger: ledger.add_charge(client_id, told, key=key))
        except RecordConflict:
            return _form_page(scope, client_id, _renewed(form), _("Add a charge"), 409)
    return _form_page(scope, client_id, form, _("Add a charge"))


def payment(scope: Scope, client_id: UUID) -> Response:
    """Money that came outside of the portal; it goes to the oldest charges first."""
    form = PaymentForm(_sent(), data=_fresh(scope))
    if request.method == "POST" and _is_whole(form):
        at = datetime.combine(form.on.data, time(12), ZoneInfo(scope.provider.zone))
        paid = service.Paid(form.minor or 0, _currency(scope), at, form.method.data)
        key = _key("payment", form)
        try:
            return _noted(scope, client_id, lambda ledger: ledger.take_payment(client_id, paid, key=key))
        except RecordConflict:
            return _form_page(scope, client_id, _renewed(form), _("Note a payment"), 409)
    return _form_page(scope, client_id, form, _("Note a payment"))


def cancel_charge(scope: Scope, client_id: UUID, charge_id: UUID) -> Response:
    """Take back a charge of which nothing was paid."""
    ref, key = str(charge_id), f"page:cancel:{charge_id}"
    try:
        return _noted(
            scope, client_id, lambda ledger: ledger.cancel_charge(client_id, ref, based_on="p0", key=key)
        )
    except ConnectorFailed:
        raise NotFound from None
    except RecordConflict:
        return _balance_page(scope, client_id, _("Something was paid of this charge, so it stays."))


def _noted(scope: Scope, client_id: UUID, act: Any) -> Response:
    if not service.is_kept_here(scope):
        raise NotFound
    client_record(scope, client_id)
    service.noted(scope, client_id, act)
    return redirect_to("myclientsplus.balance", client_id=client_id)


def _renewed(form: AmountForm) -> AmountForm:
    """The form of a page that was sent before with something else in it: sent once more it is another one."""
    form.key.raw_data, form.key.data = None, str(new_id())
    form.refuse(
        "amount",
        _(
            "This page was sent before, and what stood in it then is noted. Look at the balance first; to"
            " note this as well, send it again."
        ),
    )
    return form


def _form_page(scope: Scope, client_id: UUID, form: Any, title: str, status: int = 0) -> Response:
    client = client_record(scope, client_id)
    status = status or (422 if form.errors else 200)
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
