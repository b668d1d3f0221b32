"""A person's own data, gathered from every room and plugin, with what is missing named."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from core import audit, hooks, limits, subscriptions
from core.accounts.service.people import system
from core.i18n import gettext as _
from core.spec.own_data import DataSection, OwnPart
from core.spec.types import ProviderRecord
from core.tenancy import Account, Scope
from core.tenancy.charts import demographics
from core.tenancy.models import Client
from core.tenancy.standing import own_scopes

_ODD = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class OwnData:
    """What one provider keeps about the client: a part for each room and plugin."""

    provider: ProviderRecord
    folder: str
    parts: tuple[OwnPart, ...]

    @property
    def missing(self) -> list[OwnPart]:
        return [part for part in self.parts if part.state != "whole"]


def own_providers(account: Account) -> list[ProviderRecord]:
    """The providers that keep something about this person, those whose portal is closed too."""
    return [scope.provider for scope in own_scopes(account, subscriptions.of)]


def gather_own_data(account: Account, address: str) -> list[OwnData]:
    """Everything that is kept about a person, provider by provider; the practice's audit tells of it.

    Raises TooManyTries: it reads a whole record each time.
    """
    limits.spend("own_data", account.id)
    found: list[OwnData] = []
    for scope in own_scopes(account, subscriptions.of, address):
        chart = scope.charts[scope.provider_id]
        audit.note_read(scope, "accounts.data_downloaded", chart)
        parts = hooks.recorded("export_client_data", scope, client=chart)
        folder = scope.provider.slug
        # Somebody may have two charts with one provider, an old and a new one.
        if any(one.folder == folder for one in found):
            folder = f"{folder}-{chart.id}"
        found.append(OwnData(scope.provider, folder, tuple(parts)))
    return found


def packed(gathered: Sequence[OwnData], contents_page: str) -> bytes:
    """One ZIP: the contents page, and a folder for each provider with a folder for each part."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contents.html", contents_page)
        for own in gathered:
            for part in own.parts:
                for section in part.answers:
                    place = f"{own.folder}/{part.plugin}/{_name(section.name)}"
                    archive.writestr(f"{place}.json", _readable(section))
                    for number, file in enumerate(section.files, 1):
                        archive.writestr(f"{place}/{number}-{_name(file.name)}", file.content)
    return body.getvalue()


def own_sections(scope: Scope) -> list[DataSection]:
    """What this room keeps: the account, and what the chart says of the person."""
    account: Account = system.rows(Account).where(Account.id == scope.account_id).get()
    row: Client = scope.one(Client, scope.client_id)
    told = demographics(scope, scope.client_id)
    person = {
        "given_name": told.given_name,
        "family_name": told.family_name,
        "preferred_name": told.preferred_name,
        "pronouns": told.pronouns,
        "birth_on": told.birth_on.isoformat() if told.birth_on else None,
        "email": row.email,
        "phone": told.phone,
        "address": list(told.address.lines),
        "emergency_contact": {
            "name": told.emergency_contact.name,
            "relation": told.emergency_contact.relation,
            "phone": told.emergency_contact.phone,
        },
        "joined_at": row.joined_at.isoformat() if row.joined_at else None,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }
    own = {"email": account.email, "name": account.name, "language": account.locale, "zone": account.zone}
    own["created_at"] = account.created_at.isoformat()
    return [DataSection("person", _("You"), (person,)), DataSection("account", _("Your account"), (own,))]


def _readable(section: DataSection) -> str:
    told = {"title": str(section.title), "entries": [dict(row) for row in section.rows]}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _name(name: str) -> str:
    """A file's name that stays in its folder, whatever a plugin called it."""
    return _ODD.sub("_", name).lstrip(".") or "file"
