"""The clients of a practice: found by name, added, corrected, their join ended."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from core import audit, clock, db
from core.spec.errors import RecordConflict, Refused
from core.spec.scope import Scope as AnyScope
from core.spec.types import Demographics
from core.tenancy import Client, Scope, changes
from core.tenancy.charts import correct_demographics, demographics_to_change, version_of

MOST_SHOWN = 200


def find_clients(scope: Scope, words: str = "") -> list[Client]:
    """Clients by name, erased ones last; each of the words stands somewhere in a name."""
    rows = scope.rows(Client)
    for word in words.split()[:5]:
        named = (
            Client.given_name.contains(word)
            | Client.family_name.contains(word)
            | Client.preferred_name.contains(word)
        )
        rows = rows.where(named)
    ordered = rows.order_by(Client.erased_at.is_null(False), Client.family_name, Client.given_name, Client.id)
    return list(ordered.limit(MOST_SHOWN))


def client_names(scope: Scope) -> dict[UUID, str]:
    """The names of all clients, for lists that know them by their ids."""
    rows = scope.rows(Client, Client.id, Client.given_name, Client.family_name, Client.preferred_name)
    return {row.id: row.full_name for row in rows}


def add_client(scope: Scope, *, given_name: str, family_name: str, email: str = "") -> Client:
    """A new chart, without an account and without an invitation."""
    with db.transaction():
        client: Client = scope.add(
            Client,
            given_name=given_name,
            family_name=family_name,
            email=email or None,
            origin="provider",
            zone="",
            created_at=clock.now(),
        )
        audit.note(scope, "practice.client_added", client)
    return client


def add_chart(scope: AnyScope, told: Demographics, email: str = "") -> UUID:
    """A new chart with all that is known of the person, without an account."""
    with db.transaction():
        own = cast("Scope", scope)
        client = add_client(own, given_name=told.given_name, family_name=told.family_name, email=email)
        correct_demographics(own, client.id, told)
    return client.id


def correct_client(scope: Scope, client_id: UUID, told: Demographics, version: str = "") -> None:
    """Correct the demographics of the record, as they were read at `version`.

    Raises NotFound outside the scope, RecordConflict `changed` with what somebody wrote meanwhile.
    """
    with db.transaction():
        standing = demographics_to_change(scope, client_id)
        if version and version != version_of(standing):
            raise RecordConflict("changed", standing)
        correct_demographics(scope, client_id, told)
        audit.note(scope, "practice.demographics_corrected", scope.one(Client, client_id))


def end_join(scope: Scope, client_id: UUID) -> None:
    """The client no longer reaches this practice; the chart stays.

    Raises NotFound outside the scope, Refused("not_joined").
    """
    client = scope.one(Client, client_id)
    if not client.record().is_joined:
        raise Refused("not_joined")
    with db.transaction():
        scope.change(client, ended_at=clock.now())
        if client.account_id is not None:
            changes.announce("account", client.account_id)
        audit.note(scope, "practice.join_ended", client)


def email_of(scope: Scope, client_id: UUID) -> str:
    """The e-mail address in the chart, empty when there is none."""
    return scope.one(Client, client_id).email or ""


def add_note_of_reading(scope: Scope, client_id: UUID) -> None:
    """Write down that a member opened this chart. Raises NotFound outside the scope."""
    audit.note_read(scope, "practice.chart_read", scope.one(Client, client_id))
