"""The ledger: what sessions cost, what was paid, and what is due; integers of minor units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import peewee

from plugins.myclientsplus.models import Charge, Payment, Share
from plugins.myclientsplus.service.paging import page_of
from plugins.myclientsplus.service.people import know
from plugins.myclientsplus.service.writing import Made, id_of, require_client, written_once
from vestibule.data import (
    ClientRecord,
    ConnectorFailed,
    RecordConflict,
    Scope,
    client_records,
    locked,
    note,
    now,
    records,
    retrying,
    transaction,
)


class Ledger:
    """The part `ledger` of the protocol."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add_charge(self, client_id: UUID, charge: records.Charge, *, key: str) -> records.Written:
        """Add what a session costs. Raises ConnectorFailed `refused` for an amount of 0 or less."""
        if charge.amount <= 0:
            raise ConnectorFailed("refused")
        content = {
            "title": charge.title,
            "on": charge.service_on.isoformat(),
            "amount": charge.amount,
            "currency": charge.currency,
            "appointment": str(charge.appointment_id),
        }
        return written_once(self._scope, client_id, key, content, lambda: self._add(client_id, charge))

    def cancel_charge(self, client_id: UUID, ref: str, *, based_on: str, key: str) -> records.Written:
        """Take a charge back that nothing was paid of."""
        content = {"cancel": ref, "based_on": based_on}
        return written_once(
            self._scope, client_id, key, content, lambda: self._cancel(client_id, ref, based_on)
        )

    def record_payment(self, client_id: UUID, payment: records.Payment, *, key: str) -> records.Written:
        """Note money that moved; what exceeds its shares stays as credit."""
        shares = {share.charge_ref: share.amount for share in payment.shares}
        is_sound = payment.amount > 0 and all(share.amount > 0 for share in payment.shares)
        if not is_sound or len(shares) != len(payment.shares) or sum(shares.values()) > payment.amount:
            raise ConnectorFailed("refused")
        content = {
            "kind": payment.kind,
            "amount": payment.amount,
            "currency": payment.currency,
            "at": payment.at.isoformat(),
            "method": payment.method,
            "shares": shares,
            "reference": payment.reference,
        }
        return written_once(self._scope, client_id, key, content, lambda: self._pay(client_id, payment))

    def take_payment(self, client_id: UUID, paid: Paid, *, key: str) -> records.Written:
        """Note money that came and lay it on the oldest sessions that are due; what is left over is credit.

        What is due is looked at once for a key, and for one payment at a time.
        """
        content = {**asdict(paid), "kind": "payment"}
        return written_once(self._scope, client_id, key, content, lambda: self._take(client_id, paid))

    def balances(self, client_id: UUID, *, is_due: bool = True) -> Sequence[records.SessionBalance]:
        """The charges, oldest first: those with something due, or all."""
        require_client(self._scope, client_id)
        found = balances_of(self._scope, client_id)
        return [each for each in found if each.due] if is_due else found

    def payments(
        self, client_id: UUID, *, after: str = "", limit: int = 50
    ) -> records.Page[records.KeptPayment]:
        """What was paid and paid back, newest first."""
        require_client(self._scope, client_id)
        scope = self._scope
        rows = scope.rows(Payment).where(Payment.client_id == client_id)
        shares: dict[UUID, list[records.Share]] = {}
        for share in scope.rows(Share).where(Share.client_id == client_id).order_by(Share.id):
            shares.setdefault(share.payment_id, []).append(records.Share(str(share.charge_id), share.amount))
        return page_of(
            rows,
            Payment,
            Payment.paid_at,
            lambda row: _kept(row, tuple(shares.get(row.id, ()))),
            after,
            limit,
        )

    def _add(self, client_id: UUID, charge: records.Charge) -> Made:
        know(self._scope, client_id)
        row = self._scope.add(
            Charge,
            client_id=client_id,
            appointment_id=charge.appointment_id,
            title=charge.title,
            service_on=charge.service_on,
            amount=charge.amount,
            currency=charge.currency,
            made_at=now(),
        )
        return row.id, 0

    def _cancel(self, client_id: UUID, ref: str, based_on: str) -> Made:
        row = self._charge(client_id, ref)
        standing = _balance(row, _paid(self._scope, frozenset({client_id})).get(row.id, 0))
        if standing.version != based_on or standing.paid:
            raise RecordConflict("changed", standing)
        self._scope.change(row, cancelled_at=now())
        return row.id, 0

    def _pay(self, client_id: UUID, payment: records.Payment) -> Made:
        know(self._scope, client_id)
        charges = [self._charge(client_id, share.charge_ref) for share in payment.shares]
        if any(charge.currency != payment.currency for charge in charges):
            raise ConnectorFailed("refused")
        row = self._scope.add(
            Payment,
            client_id=client_id,
            kind=payment.kind,
            amount=payment.amount,
            currency=payment.currency,
            paid_at=payment.at,
            method=payment.method,
            reference=payment.reference or None,
            made_at=now(),
        )
        for charge, share in zip(charges, payment.shares, strict=True):
            told = {"payment_id": row.id, "charge_id": charge.id, "amount": share.amount}
            self._scope.add(Share, client_id=client_id, **told)
        return row.id, 1

    def _take(self, client_id: UUID, paid: Paid) -> Made:
        # Held until the end, so that nobody lays other money on the same sessions meanwhile.
        list(locked(self._scope.rows(Charge, Charge.id).where(Charge.client_id == client_id)))
        shares = shared_out(balances_of(self._scope, client_id), paid.amount, paid.currency)
        told = records.Payment("payment", paid.amount, paid.currency, paid.at, paid.method, shares)
        return self._pay(client_id, told)

    def _charge(self, client_id: UUID, ref: str) -> Charge:
        there = (Charge.id == id_of(ref)) & (Charge.client_id == client_id) & Charge.cancelled_at.is_null()
        row: Charge | None = locked(self._scope.rows(Charge).where(there)).first()
        if row is None:
            raise ConnectorFailed("refused")
        return row


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came outside of the portal, as a member notes it; the ledger lays it on what is due."""

    amount: int
    currency: str
    at: datetime
    method: str


@dataclass(frozen=True, slots=True)
class Account:
    """How one client stands in one currency: what is due for sessions, and what was paid beyond them."""

    client: ClientRecord
    currency: str
    due: int
    credit: int


@retrying
def noted(scope: Scope, client_id: UUID, act: Callable[[Ledger], records.Written]) -> None:
    """Do what a member noted by hand, with its line in the audit; the same page sent twice is done once."""
    try:
        _noted(scope, client_id, act)
    except peewee.IntegrityError:
        # The other one of two at the same moment was first: its answer is given now.
        _noted(scope, client_id, act)


def _noted(scope: Scope, client_id: UUID, act: Callable[[Ledger], records.Written]) -> None:
    with transaction():
        if act(Ledger(scope)).is_new:
            note(scope, "myclientsplus.balance_changed", client_id=client_id)


def balances_of(scope: Scope, client_id: UUID) -> list[records.SessionBalance]:
    """All charges of a client that stand, oldest first."""
    paid = _paid(scope, frozenset({client_id}))
    rows = scope.rows(Charge).where((Charge.client_id == client_id) & Charge.cancelled_at.is_null())
    return [_balance(row, paid.get(row.id, 0)) for row in rows.order_by(Charge.service_on, Charge.id)]


def accounts_of(scope: Scope, client_ids: frozenset[UUID] | None = None) -> list[Account]:
    """How clients stand, by name; those with nothing due and no credit are left out."""
    charged: dict[tuple[UUID, str], int] = {}
    due: dict[tuple[UUID, str], int] = {}
    paid = _paid(scope, client_ids)
    columns = (Charge.id, Charge.client_id, Charge.amount, Charge.currency)
    for row in _of(scope.rows(Charge, *columns), Charge, client_ids):
        who = row.client_id, row.currency
        charged[who] = charged.get(who, 0) + row.amount
        due[who] = due.get(who, 0) + max(0, row.amount - paid.get(row.id, 0))
    came: dict[tuple[UUID, str], int] = {}
    for row in _of(scope.rows(Payment), Payment, client_ids):
        who = row.client_id, row.currency
        came[who] = came.get(who, 0) + (row.amount if row.kind == "payment" else -row.amount)
    found = []
    clients = {client.id: client for client in client_records(scope, client_ids)}
    for who in sorted(charged.keys() | came.keys(), key=lambda one: (list(clients).index(one[0]), one[1])):
        owed = due.get(who, 0)
        credit = max(0, came.get(who, 0) - charged.get(who, 0) + owed)
        if owed or credit:
            found.append(Account(clients[who[0]], who[1], owed, credit))
    return found


def shared_out(
    balances: Sequence[records.SessionBalance], amount: int, currency: str
) -> tuple[records.Share, ...]:
    """An amount laid on what is due, the oldest session first; what is left over is credit."""
    shares, left = [], amount
    for each in balances:
        part = min(left, each.due) if each.charge.currency == currency else 0
        if part > 0:
            shares.append(records.Share(each.ref, part))
            left -= part
    return tuple(shares)


def _of(rows: Any, model: Any, client_ids: frozenset[UUID] | None) -> Any:
    if model is Charge:
        rows = rows.where(Charge.cancelled_at.is_null())
    return rows if client_ids is None else rows.where(model.client_id.in_(sorted(client_ids)))


def _paid(scope: Scope, client_ids: frozenset[UUID] | None = None) -> dict[UUID, int]:
    """What was paid of each charge, refunds taken off."""
    rows = scope.rows(Share, Share.charge_id, Share.amount, Payment.kind).join(
        Payment, on=Share.payment_id == Payment.id
    )
    if client_ids is not None:
        rows = rows.where(Share.client_id.in_(sorted(client_ids)))
    paid: dict[UUID, int] = {}
    for charge_id, amount, kind in rows.tuples():
        paid[charge_id] = paid.get(charge_id, 0) + (amount if kind == "payment" else -amount)
    return paid


def _balance(row: Charge, paid: int) -> records.SessionBalance:
    charge = records.Charge(row.title, row.service_on, row.amount, row.currency, row.appointment_id)
    return records.SessionBalance(str(row.id), f"p{paid}", charge, paid, max(0, row.amount - paid))


def _kept(row: Payment, shares: tuple[records.Share, ...]) -> records.KeptPayment:
    at: datetime = row.paid_at
    kind = cast("records.PaymentKind", row.kind)
    told = records.Payment(kind, row.amount, row.currency, at, row.method, shares, row.reference or "")
    return records.KeptPayment(str(row.id), "1", told)
