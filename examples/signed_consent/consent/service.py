"""The rules of consent: which text counts, who has to sign it, and signing once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import peewee

from vestibule.data import (
    ClientRecord,
    NotConnected,
    Refused,
    Scope,
    attempt,
    client_records,
    demographics,
    note,
    now,
    practice_records,
    queue_work,
    records,
    retrying,
    transaction,
)

from .models import Signature, Text

# Six years of 365 days and the leap days in them (45 CFR 164.530(j)).
KEPT_FOR = timedelta(days=6 * 365 + 2)


@dataclass(frozen=True, slots=True)
class Signed:
    """One line of the record: which version, by which name, when in UTC."""

    version: int
    name: str
    signed_at: datetime


def current_text(scope: Scope) -> Text | None:
    """The newest text of the scope's one provider; None before the first is published."""
    newest: Text | None = scope.rows(Text).order_by(Text.version.desc()).first()
    return newest


@retrying
def publish(scope: Scope, body: str) -> Text:
    """Publish a text: from now on it is the one to sign. The same text again changes nothing."""
    with transaction():
        before = current_text(scope)
        if before is not None and before.body == body:
            return before
        version = before.version + 1 if before else 1
        text: Text = scope.add(Text, version=version, body=body, published_at=now())
        note(scope, "consent.published", text, version=version)
    return text


def is_waiting(scope: Scope, client: ClientRecord) -> bool:
    """Whether this client has to sign before they may book."""
    text = current_text(scope.narrow(client.provider_id))
    return text is not None and signature(scope, client.id, text) is None


def signature(scope: Scope, client_id: UUID, text: Text) -> Signature | None:
    """The client's signature under this text."""
    mine = (Signature.client_id == client_id) & (Signature.text_id == text.id)
    found: Signature | None = scope.rows(Signature).where(mine).first()
    return found


def waiting(scope: Scope) -> list[ClientRecord]:
    """The charts of a client for which a text waits to be signed."""
    asked: dict[UUID, Any] = {}
    for text in scope.rows(Text, Text.id, Text.provider_id, Text.version).order_by(Text.version):
        asked[text.provider_id] = text.id
    signed = {row.text_id for row in scope.rows(Signature, Signature.text_id)} if asked else set()
    due = {provider_id for provider_id, text_id in asked.items() if text_id not in signed}
    return [client for client in client_records(scope) if client.provider_id in due]


def unsigned(scope: Scope, client_ids: frozenset[UUID]) -> list[UUID]:
    """Which of a provider's clients have not signed the current text."""
    text = current_text(scope)
    if text is None:
        return []
    mine = (Signature.text_id == text.id) & Signature.client_id.in_(sorted(client_ids))
    signed = {row.client_id for row in scope.rows(Signature, Signature.client_id).where(mine)}
    joined = [client.id for client in client_records(scope, client_ids) if client.is_joined]
    return [client_id for client_id in joined if client_id not in signed]


@retrying
def sign(scope: Scope, client_id: UUID, version: int, name: str) -> None:
    """Sign the current text; a second time changes nothing.

    Raises Refused `text_changed` when the provider published another text meanwhile.
    """
    with transaction():
        text = current_text(scope)
        if text is None or text.version != version:
            raise Refused("text_changed")
        try:
            with attempt():
                made = scope.add(Signature, client_id=client_id, text_id=text.id, name=name, signed_at=now())
        except peewee.IntegrityError:
            return  # signed already, on another device perhaps
        note(scope, "consent.signed", made, version=version)
        queue_work(scope, "consent.file", made.id)


def file_signed(scope: Scope, signature_id: UUID, title: str, signed_as: str) -> None:
    """File what was signed as a note in the practice's record, once, where there is one.

    `signed_as` has a place for `name`. Raises ConnectorFailed, and is then called again.
    """
    try:
        record = practice_records(scope)
    except NotConnected:
        return
    row = scope.one(Signature, signature_id)
    client_id, text = row.client_id, scope.one(Text, row.text_id)
    if record.demographics.read(client_id) is None:
        told = demographics(scope, client_id)
        record.demographics.write(client_id, told, based_on=None, key=f"consent:person:{client_id}")
    words = f"{signed_as % {'name': row.name}}\n\n{text.body}"
    signed = records.Note("progress", title, words, row.signed_at)
    record.notes.file(client_id, signed, key=f"consent:{row.id}")


def signatures(scope: Scope, client_id: UUID) -> list[Signed]:
    """What this client signed, the newest first."""
    versions = {text.id: text.version for text in scope.rows(Text, Text.id, Text.version)}
    rows = scope.rows(Signature).where(Signature.client_id == client_id)
    return [
        Signed(versions[row.text_id], row.name, row.signed_at)
        for row in rows.order_by(Signature.signed_at.desc())
    ]


def own_rows(scope: Scope, client_id: UUID) -> tuple[dict[str, Any], ...]:
    """What a client signed, with the text that stood there, for them to read."""
    bodies = {text.version: text.body for text in scope.rows(Text)}
    return tuple(
        {
            "version": each.version,
            "signed_as": each.name,
            "signed_at": each.signed_at.isoformat(),
            "text": bodies[each.version],
        }
        for each in signatures(scope, client_id)
    )


def erase(scope: Scope, client: ClientRecord) -> tuple[int, int]:
    """Delete a client's signatures that need be kept no longer. Returns how many, and how many are kept."""
    theirs = Signature.client_id == client.id
    with transaction():
        due = theirs & (Signature.signed_at < now() - KEPT_FOR)
        erased: int = scope.delete(Signature).where(due).execute()
    kept: int = scope.rows(Signature).where(theirs).count()
    return erased, kept
