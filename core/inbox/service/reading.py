"""Reading: the list of threads, one thread, and what is unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import peewee

from core import audit, db
from core.inbox.models import Message, Thread, Unread
from core.spec.errors import NotFound
from core.tenancy import Client, Member, Scope

ROWS_A_PAGE = 20
READING_ROLES = ("owner", "clinician", "desk")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the inbox, with what this reader has not read yet."""

    thread: Thread
    client_name: str
    is_unread: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A thread with its messages, oldest first."""

    thread: Thread
    messages: list[Message]
    client_name: str


def inbox(scope: Scope, before: datetime | None = None) -> tuple[list[Line], datetime | None]:
    """A page of threads, newest first, and the moment after which the next page begins."""
    return _page(scope, _lines(scope), before)


def inbox_of_client(
    scope: Scope, client_id: UUID, before: datetime | None = None
) -> tuple[list[Line], datetime | None]:
    """The same for one client's record, audited. Raises NotFound outside the scope."""
    client = scope.one(Client, client_id)
    audit.note_read(scope, "inbox.subjects_read", client)
    return _page(scope, _lines(scope).where(Thread.client_id == client_id), before)


def awaiting_answer(scope: Scope) -> list[Line]:
    """Threads in which the client wrote last, those that wait longest first; for members."""
    rows = _lines(scope).where(Thread.awaits_answer).order_by(Thread.last_at)
    return [_line(scope, row) for row in rows.limit(ROWS_A_PAGE)]


def _lines(scope: Scope) -> Any:
    mine = (Unread.thread_id == Thread.id) & (Unread.account_id == scope.account_id)
    columns = [Thread, Unread.id]
    if scope.kind == "member":
        columns += [Client.given_name, Client.family_name, Client.preferred_name]
    rows = scope.rows(Thread, *columns)
    rows = rows.join(Unread, peewee.JOIN.LEFT_OUTER, on=mine, attr="unread")
    if scope.kind == "member":
        rows = rows.switch(Thread).join(Client, on=(Thread.client_id == Client.id), attr="client")
        rows = rows.where(Client.erased_at.is_null())
    return rows.order_by(Thread.last_at.desc())


def _page(scope: Scope, rows: Any, before: datetime | None) -> tuple[list[Line], datetime | None]:
    if before is not None:
        rows = rows.where(Thread.last_at < before)
    found = list(rows.limit(ROWS_A_PAGE + 1))
    next_at = found[ROWS_A_PAGE - 1].last_at if len(found) > ROWS_A_PAGE else None
    return [_line(scope, row) for row in found[:ROWS_A_PAGE]], next_at


def _line(scope: Scope, row: Any) -> Line:
    name = row.client.full_name if scope.kind == "member" else ""
    return Line(row, name, is_unread=getattr(row, "unread", None) is not None)


def unread_count(scope: Scope) -> int:
    """How many threads hold something new of a person for this reader."""
    (found,) = _unread(scope)
    return int(found.number)


_unread = db.PreparedRows(
    lambda scope: scope.rows(Unread, peewee.fn.COUNT(Unread.id).alias("number")).where(
        (Unread.account_id == scope.account_id) & Unread.is_of_person
    )
)


def open_thread(scope: Scope, thread_id: UUID, *, is_first: bool = True) -> Opened:
    """Open a thread and mark it read; a member's reading is audited.

    `is_first=False` is an open page that asks again: audited only where it finds something new.
    Raises NotFound outside the scope and where the client was erased.
    """
    thread = scope.one(Thread, thread_id)
    client = scope.one(Client, thread.client_id)
    if client.erased_at is not None:
        raise NotFound
    messages = scope.rows(Message).where(Message.thread_id == thread.id)
    found = list(messages.order_by(Message.sent_at, Message.id))
    inner = scope.narrow(thread.provider_id)
    if scope.kind == "member" and (is_first or _is_unread(inner, thread)):
        audit.note_read(inner, "inbox.thread_read", thread)
    # Where nothing can be written, a thread can still be read; it then stays unread.
    if inner.access_id is None:
        db.in_passing("thread_read", lambda: mark_read(inner, thread))
    return Opened(thread, found, client.full_name)


def mark_read(scope: Scope, thread: Thread) -> None:
    """This account has read the thread; stands in a transaction."""
    mine = (Unread.thread_id == thread.id) & (Unread.account_id == scope.account_id)
    scope.delete(Unread).where(mine).execute()


def _is_unread(scope: Scope, thread: Thread) -> bool:
    mine = (Unread.thread_id == thread.id) & (Unread.account_id == scope.account_id)
    return bool(scope.rows(Unread).where(mine).exists())


def mark_unread(scope: Scope, thread: Thread, account_id: UUID) -> None:
    """Something new came for this account; stands in a transaction."""
    mine = (Unread.thread_id == thread.id) & (Unread.account_id == account_id)
    if scope.rows(Unread).where(mine).exists():
        return
    # Two messages at once both find none; one row is enough for both.
    db.unless_there(
        lambda: scope.add(
            Unread,
            client_id=thread.client_id,
            thread_id=thread.id,
            account_id=account_id,
            is_of_person=thread.kind == "person",
        )
    )


def readers(scope: Scope, provider_id: UUID) -> list[str]:
    """The names of those who can read what is written to this provider, by their roles."""
    rows = scope.rows(Member).where(
        (Member.provider_id == provider_id) & Member.removed_at.is_null() & Member.role.in_(READING_ROLES)
    )
    return [row.name for row in rows.order_by(Member.joined_at)]
