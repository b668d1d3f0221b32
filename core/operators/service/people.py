"""Operators: each has an account of their own, which is no client's and no member's."""

from __future__ import annotations

import secrets

from core import audit, db, i18n
from core.accounts import passwords
from core.accounts import service as accounts
from core.operators.providers import is_address
from core.spec.errors import Invalid, Refused
from core.tenancy import Account, Scope


def add_operator(scope: Scope, email: str, name: str, zone: str = "") -> Account:
    """Add an operator; a link to choose a password goes to the address, good for an hour.

    `zone` is where times are typed and read, UTC if empty. Raises Invalid with a code for each
    field: malformed, missing, unknown, taken.
    """
    faults = {
        "email": "" if is_address(email) else "malformed",
        "name": "" if name.strip() else "missing",
        "zone": "" if not zone or i18n.is_zone(zone) else "unknown",
    }
    if any(faults.values()):
        raise Invalid({field: code for field, code in faults.items() if code})
    # Nobody knows this one; it is replaced by the link.
    unknown = passwords.hashed(secrets.token_urlsafe(32))
    try:
        with db.transaction():
            account = accounts.add_account(
                email=email, name=name.strip(), password_hash=unknown, zone=zone, is_operator=True
            )
            audit.note(scope, "operators.operator_added", operator=account.id)
            accounts.ask_for_reset(scope, email)
    except Refused as error:
        raise Invalid({"email": "taken"}) from error
    return account
