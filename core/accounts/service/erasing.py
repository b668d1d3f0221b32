"""What accounts erases of a client: the person in the chart, links sent to them, and their login."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from core import clock, db, outbox
from core.accounts.models import EmailChange, Invitation, Question, Recovery, Reset, Signup
from core.accounts.service.people import one_form, system
from core.i18n import gettext as _
from core.spec.own_data import Erasure
from core.tenancy import Account, Client, Login, Scope, standing
from core.tenancy.logins import end_logins
from core.tenancy.models import KeptForm

BLIND_BYTES = 32


def erase_person(scope: Scope) -> list[Erasure]:
    """Blank the scope's one chart and what leads to it; the row stays, as others hang on it."""
    chart: Client = scope.one(Client, scope.client_id)
    account_id: UUID | None = chart.account_id
    account: Account | None = None if account_id is None else system.maybe(Account, account_id)
    known = (chart.email, account.email if account is not None else "")
    addresses = {one_form(address) for address in known if address}
    with db.transaction():
        sent = _erase_links(scope, addresses)
        sent += outbox.drop_letters(account_id, addresses, "client_erased", scope.provider_id)
        told = Erasure(_("Name, contact and demographics"), _blank(scope, chart))
        if account is not None:
            _leave(account)
    login = Erasure(
        _("Login: it leads here no longer, and one that leads nowhere else was erased too"),
        int(account is not None),
    )
    return [told, Erasure(_("Invitations and letters not sent yet"), sent), login]


def _blank(scope: Scope, chart: Client) -> int:
    nobody = _("Erased client")
    is_new = chart.family_name != nobody or chart.given_name != ""
    scope.change(
        chart,
        account_id=None,
        given_name="",
        family_name=nobody,
        preferred_name="",
        pronouns="",
        birth_on=None,
        email=None,
        email_blind=None,
        phone=None,
        address=None,
        emergency_contact=None,
        needs_intake_first=False,
        zone="",
    )
    return int(is_new)


def _erase_links(scope: Scope, addresses: set[str]) -> int:
    """The addresses that invitations went to, what a signing up told, and wishes to get in again."""
    now, count = clock.now(), 0
    for row in scope.rows(Invitation).where(Invitation.client_id == scope.client_id):
        count += int(row.email != "")
        scope.change(row, email="", revoked_at=row.revoked_at or row.accepted_at or now)
    signups: Any = system.rows(Signup).where(Signup.provider_id == scope.provider_id)
    for signup in [row for row in signups if one_form(row.email) in addresses]:
        count += 1
        system.remove(signup)
    open_wish = (Recovery.client_id == scope.client_id) & Recovery.settled_at.is_null()
    scope.update(Recovery, settled_at=now).where(open_wish).execute()
    return count


def _leave(account: Account) -> None:
    """Log the person out; a login that leads nowhere any more is blanked and closed for good."""
    end_logins(account.id)
    belongs = standing.has_chart(account.id) or standing.is_member_anywhere(account.id)
    if belongs or account.is_operator:
        return
    for kept in (KeptForm, Question, Reset, EmailChange):
        mine: Any = system.delete(kept)
        mine.where(kept.account_id == account.id).execute()
    system.update(Login, address="", agent="").where(Login.account_id == account.id).execute()
    system.change(
        account,
        email="",
        # Nobody can be found by it, and it is no other account's.
        email_blind=secrets.token_bytes(BLIND_BYTES),
        password_hash=None,
        name="",
        disabled_at=account.disabled_at or clock.now(),
    )
