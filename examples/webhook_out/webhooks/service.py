"""What is told, how it is signed, and what became of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from vestibule.data import (
    AppointmentRecord,
    Invalid,
    Scope,
    get_setting,
    new_id,
    note,
    now,
    put_setting,
    transaction,
)

from . import reaching
from .models import Delivery

ADDRESS, SECRET = "webhooks.address", "webhooks.secret"
LEAST_SECRET = 16
SHOWN = 20


class NotTaken(Exception):
    """The practice's address did not take an event: the outbox tries again later."""


def address(scope: Scope) -> str:
    """Where the practice wants to be told; empty for nowhere."""
    told: str = get_setting(scope, ADDRESS)
    return told


def configure(scope: Scope, told: str, secret: str) -> None:
    """Keep where to and how to sign; an empty secret keeps the one that is there.

    Raises Invalid for an address that can't be used and for a secret that is short or missing.
    """
    faults = {"address": reaching.refusal(told)} if told else {}
    has_secret = bool(secret or get_setting(scope, SECRET))
    if told and (not has_secret or 0 < len(secret) < LEAST_SECRET):
        faults["secret"] = "short" if secret else "missing"
    faults = {name: code for name, code in faults.items() if code}
    if faults:
        raise Invalid(faults)
    with transaction():
        put_setting(scope, ADDRESS, told)
        if secret:
            put_setting(scope, SECRET, secret)
        note(scope, "webhooks.configured")


def tell(scope: Scope, event: str, appointment: AppointmentRecord) -> None:
    """Tell the practice's address of an event; called from the outbox, perhaps more than once.

    Raises NotTaken unless the answer is a 2xx, so that the outbox tries again.
    """
    where = address(scope)
    if not where or _is_done(scope, event, appointment):
        return
    body = json.dumps(_facts(scope, event, appointment), separators=(",", ":")).encode()
    try:
        status = reaching.post(where, body, _headers(scope, body))
        outcome = str(status)
    except reaching.Unreachable as error:
        status, outcome = 0, error.code
    _keep(scope, event, appointment, outcome, is_done=200 <= status < 300)
    if not 200 <= status < 300:
        raise NotTaken(outcome)


def signature(secret: str, moment: int, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) of the moment in seconds since 1970, a dot, and the body; as hex."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def deliveries(scope: Scope) -> list[Delivery]:
    """The last events and what became of them, newest first."""
    return list(scope.rows(Delivery).order_by(Delivery.tried_at.desc()).limit(SHOWN))


def _facts(scope: Scope, event: str, appointment: AppointmentRecord) -> dict[str, Any]:
    """Ids only: who wants to know more asks the portal for it, as somebody who may."""
    return {
        # The same for each try, so that a receiver can tell a repetition.
        "id": f"{event}:{appointment.id}:{appointment.sequence}",
        "event": event,
        "provider_id": str(scope.provider_id),
        "appointment_id": str(appointment.id),
        "client_id": str(appointment.client_id),
        "sequence": appointment.sequence,
    }


def _headers(scope: Scope, body: bytes) -> dict[str, str]:
    moment = int(now().timestamp())
    signed = signature(get_setting(scope, SECRET), moment, body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Vestibule-Webhooks/1.0",
        "Vestibule-Signature": f"t={moment},v1={signed}",
    }


def _row(scope: Scope, event: str, appointment: AppointmentRecord) -> Any:
    mine = (Delivery.appointment_id == appointment.id) & (Delivery.event == event)
    return scope.rows(Delivery).where(mine & (Delivery.sequence == appointment.sequence)).first()


def _is_done(scope: Scope, event: str, appointment: AppointmentRecord) -> bool:
    row = _row(scope, event, appointment)
    return row is not None and row.done_at is not None


def _keep(scope: Scope, event: str, appointment: AppointmentRecord, outcome: str, *, is_done: bool) -> None:
    at = now()
    values = {"outcome": outcome, "tried_at": at, "done_at": at if is_done else None}
    with transaction():
        row = _row(scope, event, appointment)
        if row is not None:
            scope.change(row, tries=row.tries + 1, **values)
            return
        told = {"appointment_id": appointment.id, "sequence": appointment.sequence, "event": event}
        scope.add(Delivery, id=new_id(), tries=1, **told, **values)
