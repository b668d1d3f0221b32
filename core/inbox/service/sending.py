"""Sending: one transaction for the message, its thread, its mails and its event."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from core import audit, clock, db, hooks, live, mail, subscriptions
from core.inbox.models import Message, Thread
from core.inbox.service.drafts import drop_draft
from core.inbox.service.reading import READING_ROLES, mark_read, mark_unread
from core.spec.errors import NotFound, Refused
from core.spec.types import MessageRecord
from core.tenancy import Client, Member, Scope
from core.tenancy.charts import hold_chart

NEEDS = frozenset({"CP"})


@db.retrying
def send_new(scope: Scope, client_id: UUID, *, subject: str, body: str, key: str) -> Thread:
    """Begin a thread with a first message; the same `key` again gives the same thread.

    Raises NotFound outside the scope, Refused("portal_closed") when the portal closed meanwhile.
    """
    inner = scope.narrow(scope.one(Client, client_id).provider_id)
    with db.transaction():
        client = _open_chart(inner, client_id)
        sent = _sent_before(inner, key)
        if sent is not None:
            return inner.one(Thread, sent.thread_id)
        made = db.unless_there(lambda: _begin(inner, client, subject, body, key))
        if made is None:
            # The same page, sent again over another line, was quicker by a moment.
            return inner.one(Thread, cast("Message", _sent_before(inner, key)).thread_id)
        drop_draft(inner, client.id, "new")
    return made


def _begin(scope: Scope, client: Client, subject: str, body: str, key: str) -> Thread:
    now = clock.now()
    thread: Thread = scope.add(
        Thread,
        client_id=client.id,
        member_id=scope.member.id if scope.kind == "member" else None,
        kind="person",
        audience="both",
        subject=subject,
        last_author="",
        last_at=now,
        created_at=now,
    )
    _send(scope, client, thread, body, key)
    return thread


@db.retrying
def reply(scope: Scope, thread_id: UUID, *, body: str, key: str) -> Thread:
    """Write into a thread; the same `key` again sends nothing more.

    Raises NotFound outside the scope and for notices, Refused("portal_closed").
    """
    thread = scope.one(Thread, thread_id)
    if thread.audience != "both" or thread.kind != "person":
        raise NotFound
    inner = scope.narrow(thread.provider_id)
    with db.transaction():
        client = _open_chart(inner, thread.client_id)
        if _sent_before(inner, key) is None:
            db.unless_there(lambda: _send(inner, client, thread, body, key))
            drop_draft(inner, client.id, str(thread.id))
    return thread


def _open_chart(scope: Scope, client_id: UUID) -> Client:
    """The chart of somebody who can be written to, as it is now."""
    client = hold_chart(scope, client_id)
    if not subscriptions.on(scope.provider_id, NEEDS) or not client.record().is_joined:
        raise Refused("portal_closed")
    return client


def _sent_before(scope: Scope, key: str) -> Message | None:
    found: Message | None = scope.rows(Message).where(Message.key == _own_key(scope, key)).first()
    return found


def _own_key(scope: Scope, key: str) -> str:
    """The page's key belongs to who sends it, so that nobody can use up another's."""
    return f"{scope.account_id}:{key}"


def _send(scope: Scope, client: Client, thread: Thread, body: str, key: str) -> None:
    now = clock.now()
    by_client = scope.kind == "client"
    author = client.full_name if by_client else scope.member.name
    message = scope.add(
        Message,
        client_id=client.id,
        thread_id=thread.id,
        kind="person",
        author_kind=scope.kind,
        author_account_id=scope.account_id,
        author_name=author,
        body=body,
        sent_at=now,
        key=_own_key(scope, key),
    )
    scope.change(thread, last_author=author, last_at=now, awaits_answer=by_client)
    mark_read(scope, thread)
    audit.note(scope, "inbox.message_sent", message)
    _tell(scope, client, thread, message)


def _tell(scope: Scope, client: Client, thread: Thread, message: Message) -> None:
    record = MessageRecord(
        id=message.id,
        provider_id=message.provider_id,
        client_id=client.id,
        thread_id=thread.id,
        author_kind=message.author_kind,
        kind=message.kind,
    )
    hooks.tell(scope, "message_sent", key=str(message.id), message=record)
    wake_pages(scope, thread)
    if scope.kind == "client":
        tell_members(scope, thread, f"inbox.message:{message.id}")
    elif client.account_id is not None:
        mark_unread(scope, thread, client.account_id)
        mail.queue(
            scope,
            "inbox/message",
            to_account_id=client.account_id,
            key=f"inbox.message:{message.id}",
            provider_id=message.provider_id,
            needs=NEEDS,
            thread_id=thread.id,
        )


def wake_pages(scope: Scope, thread: Thread) -> None:
    """Open pages of both sides, where both may read it, ask again; stands in a transaction."""
    heard_by = thread.client_id if thread.audience == "both" else None
    live.hint(scope, "inbox", f"inbox.thread:{thread.id}", client_id=heard_by, roles=READING_ROLES)


def tell_members(scope: Any, thread: Thread, key: str, *, by_mail: bool = True) -> None:
    """Unread for each member who reads the inbox, and a neutral mail; stands in a transaction."""
    rows = scope.rows(Member).where(Member.removed_at.is_null() & Member.role.in_(READING_ROLES))
    for member in rows:
        mark_unread(scope, thread, member.account_id)
        if by_mail:
            mail.queue(
                scope,
                "inbox/message_member",
                to_account_id=member.account_id,
                key=f"{key}:{member.id}",
                provider_id=thread.provider_id,
                thread_id=thread.id,
            )
