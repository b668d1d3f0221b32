"""Adding a provider: the tenant, Client Portal, and a letter to its owner."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

import peewee
from email_validator import EmailNotValidError, validate_email

from core import audit, clock, db, i18n, subscriptions
from core.accounts.service import invite_owner
from core.spec.errors import Invalid
from core.tenancy import Provider, Scope

SLUG = re.compile(r"(?=.{2,40}\Z)[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What a provider begins with; the owner sets the rest."""

    slug: str
    name: str
    zone: str
    locale: str = "en"
    outside_name: str = ""
    phone: str = ""


def add_provider(scope: Scope, new: NewProvider, owner_email: str, owner_name: str) -> Provider:
    """Add a provider that holds Client Portal; its owner gets a link by mail.

    Raises Invalid with a code for each field: malformed, taken, unknown, missing.
    """
    _refuse_faults(new, owner_email)
    with db.transaction():
        try:
            with db.attempt():
                row: Provider = scope.add(Provider, created_at=clock.now(), **asdict(new))
        except peewee.IntegrityError as error:
            raise Invalid({"slug": "taken"}) from error
        subscriptions.switch(scope, row.id, "CP", is_on=True, reason="Added with the provider")
        audit.note(scope, "operators.provider_added", row, provider_id=row.id)
        invite_owner(Scope.system("provider added", row.id), owner_email, owner_name)
    return row


def _refuse_faults(new: NewProvider, owner_email: str) -> None:
    faults = {
        "slug": "" if SLUG.fullmatch(new.slug) else "malformed",
        "name": "" if new.name.strip() else "missing",
        "zone": "" if new.zone in dict(i18n.zones()) else "unknown",
        "locale": "" if new.locale in i18n.LOCALES else "unknown",
        "email": "" if is_address(owner_email) else "malformed",
    }
    if any(faults.values()):
        raise Invalid({name: code for name, code in faults.items() if code})


def is_address(email: str) -> bool:
    """Whether this can be somebody's e-mail address."""
    try:
        # The demo and the tests use .test, which is nobody's and never will be.
        validate_email(email, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
