"""What people keep about themselves: name, language and zone, and their details with each provider."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from core import audit, clock, db
from core.accounts.models import EmailChange, Reset, Signup
from core.accounts.service.people import system
from core.spec.errors import RecordConflict
from core.spec.types import Address, ProviderRecord
from core.tenancy import Account, Scope
from core.tenancy.charts import correct_demographics, demographics, demographics_to_change, version_of
from core.tenancy.models import Client

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """An account's own settings; an empty zone is the provider's."""

    name: str
    email: str
    locale: str
    zone: str
    password_changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Details:
    """Where one provider reaches the client."""

    provider: ProviderRecord
    phone: str
    address: Address

    @property
    def version(self) -> str:
        """How this stands, for the form that changes it."""
        return version_of(self.phone, self.address)


def account_settings(scope: Scope) -> AccountSettings:
    """The settings of the account that is logged in."""
    row = _own_account(scope)
    return AccountSettings(row.name, row.email, row.locale, row.zone, row.password_changed_at)


def change_account_settings(scope: Scope, *, name: str, locale: str, zone: str) -> None:
    """Keep name, language and zone; the charts' zones follow, as reminders read them there."""
    with db.transaction():
        row = _own_account(scope)
        scope.change(row, name=name, locale=locale, zone=zone)
        _change_charts_zone(row.id, zone)
        audit.note(scope, "accounts.settings_changed", row)


def change_zone(scope: Scope, zone: str) -> None:
    """Keep the zone alone, as offered from the browser."""
    own = account_settings(scope)
    change_account_settings(scope, name=own.name, locale=own.locale, zone=zone)


def details(scope: Scope) -> list[Details]:
    """Phone and address as each provider of the scope has them, by the provider's name."""
    providers = sorted(scope.records.items(), key=lambda item: item[1].name)
    found = []
    for provider_id, provider in providers:
        if provider_id not in scope.providers:
            continue
        told = demographics(scope.narrow(provider_id), scope.clients[provider_id])
        found.append(Details(provider, told.phone, told.address))
    return found


def change_details(
    scope: Scope, provider_id: UUID, *, phone: str, address: Address, version: str = ""
) -> None:
    """Tell one provider another phone number or address, where it still stands as read at `version`.

    Raises NotFound outside the scope, RecordConflict `changed` with what somebody wrote meanwhile.
    """
    mine = scope.narrow(provider_id)
    with db.transaction():
        told = demographics_to_change(mine, mine.client_id)
        if version and version != version_of(told.phone, told.address):
            raise RecordConflict("changed", told)
        correct_demographics(mine, mine.client_id, replace(told, phone=phone, address=address))
        audit.note(mine, "accounts.details_changed", provider_id=provider_id, client_id=mine.client_id)


def sweep(scope: Scope) -> int:
    """Delete signups of this provider, and any links, that came to nothing a week ago."""
    old = clock.now() - KEPT
    with db.transaction():
        signups: int = scope.delete(Signup).where(Signup.expires_at < old).execute()
        resets: int = system.delete(Reset).where(Reset.expires_at < old).execute()
        changes: int = _delete_changes(old)
    return signups + resets + changes


def _delete_changes(old: datetime) -> int:
    """Addresses that were never confirmed, and those whose undoing is over."""
    came_to_nothing = EmailChange.confirmed_at.is_null() & (EmailChange.expires_at < old)
    is_over = came_to_nothing | (EmailChange.undo_until_at < old)
    count: int = system.delete(EmailChange).where(is_over).execute()
    return count


def _own_account(scope: Scope) -> Account:
    row: Account = scope.one(Account, scope.account_id)  # type: ignore[arg-type]
    return row


def _change_charts_zone(account_id: UUID, zone: str) -> None:
    system.update(Client, zone=zone).where(Client.account_id == account_id).execute()
