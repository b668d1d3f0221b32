"""Notices: messages of the system, kept as facts and put into words where they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core import clock, db
from core.inbox.models import Message, Thread
from core.inbox.service.reading import mark_unread
from core.inbox.service.sending import tell_members, wake_pages
from core.spec.scope import Scope as Asker
from core.spec.types import AppointmentRecord
from core.tenancy import Client, Scope


def send_system_message(
    scope: Asker,
    client_id: UUID,
    kind: str,
    *,
    key: str,
    facts: Mapping[str, Any] | None = None,
    audience: str = "members",
    by_mail: bool = True,
) -> None:
    """Send a notice about a client, once for each `key`; stands in the act's transaction.

    `kind` is `<plugin>.<notice>`; the template `<plugin>/messages/<notice>.html` has its
    words, and the facts: those whose names end in `_at` are moments in ISO 8601. `audience` is
    `members`, who are also told by mail unless `by_mail` is off, or `both`. Nothing is said about a
    client who was erased. Raises NotFound outside the scope.
    """
    client = scope.one(Client, client_id)
    system = Scope.system(f"notice {kind}", client.provider_id)
    if client.erased_at is not None:
        return
    own_key = f"{kind}:{key}"
    if system.rows(Message).where(Message.key == own_key).exists():
        return
    thread = db.unless_there(lambda: _add(system, client, kind, own_key, dict(facts or {}), audience))
    if thread is None:
        return
    if audience == "members":
        tell_members(system, thread, f"inbox.notice:{own_key}", by_mail=by_mail)
    elif client.account_id is not None:
        mark_unread(system, thread, client.account_id)


def note_cancelled(scope: Scope, appointment: AppointmentRecord) -> None:
    """Tell the practice in its inbox what a client cancelled; the clinician's mail is sent already."""
    client = scope.one(Client, appointment.client_id)
    if appointment.changed_by is None or appointment.changed_by != client.account_id:
        return
    with db.transaction():
        send_system_message(
            scope,
            client.id,
            "inbox.appointment_cancelled",
            key=f"{appointment.id}:{appointment.sequence}",
            facts={"starts_at": appointment.starts_at.isoformat(), "appointment_id": str(appointment.id)},
            by_mail=False,
        )


def _add(scope: Scope, client: Client, kind: str, key: str, facts: dict[str, Any], audience: str) -> Thread:
    now = clock.now()
    thread: Thread = scope.add(
        Thread,
        client_id=client.id,
        kind=kind,
        audience=audience,
        last_author=client.full_name if audience == "members" else "",
        last_at=now,
        created_at=now,
    )
    scope.add(
        Message,
        client_id=client.id,
        thread_id=thread.id,
        kind=kind,
        author_kind="system",
        author_name="",
        facts=facts,
        sent_at=now,
        key=key,
    )
    wake_pages(scope, thread)
    return thread
