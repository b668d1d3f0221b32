"""Reading: the list of threads, one thread, and what is unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import peewee

from core import audit, clock, db
from core.inbox.models import Message, Reading, Thread
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
    """The same for one client's record. Raises NotFound outside the scope."""
    scope.one(Client, client_id)
    return _page(scope, _lines(scope).where(Thread.client_id == client_id), before)


def awaiting_answer(scope: Scope) -> list[Line]:
    """Threads in which the client wrote last, those that wait longest first; for members."""
    rows = _lines(scope).where(Thread.awaits_answer).order_by(Thread.last_at)
    return [_line(scope, row) for row in rows.limit(ROWS_A_PAGE)]


def _lines(scope: Scope) -> Any:
    mine = (Reading.thread_id == Thread.id) & (Reading.account_id == scope.account_id)
    columns = [Thread, Reading.read_at]
    if scope.kind == "member":
        columns += [Client.given_name, Client.family_name, Client.preferred_name]
    rows = scope.rows(Thread, *columns)
    rows = rows.join(Reading, peewee.JOIN.LEFT_OUTER, on=mine, attr="reading")
    if scope.kind == "member":
        rows = rows.switch(Thread).join(Client, on=(Thread.client_id == Client.id), attr="client")
    return rows.order_by(Thread.last_at.desc())


def _page(scope: Scope, rows: Any, before: datetime | None) -> tuple[list[Line], datetime | None]:
    if before is not None:
        rows = rows.where(Thread.last_at < before)
    found = list(rows.limit(ROWS_A_PAGE + 1))
    next_at = found[ROWS_A_PAGE - 1].last_at if len(found) > ROWS_A_PAGE else None
    return [_line(scope, row) for row in found[:ROWS_A_PAGE]], next_at


def _line(scope: Scope, row: Any) -> Line:
    read_at = row.reading.read_at if getattr(row, "reading", None) else None
    news_at = row.client_news_at if scope.kind == "client" else row.member_news_at
    is_unread = news_at is not None and (read_at is None or news_at > read_at)
    name = row.client.full_name if scope.kind == "member" else ""
    return Line(row, name, is_unread)


def unread_count(scope: Scope) -> int:
    """How many threads hold something new of a person for this reader."""
    news = Thread.client_news_at if scope.kind == "client" else Thread.member_news_at
    mine = (Reading.thread_id == Thread.id) & (Reading.account_id == scope.account_id)
    rows = scope.rows(Thread, peewee.fn.COUNT(Thread.id))
    rows = rows.join(Reading, peewee.JOIN.LEFT_OUTER, on=mine)
    unread = news.is_null(False) & (Reading.read_at.is_null() | (news > Reading.read_at))
    return int(rows.where(unread & (Thread.kind == "person")).scalar())


def open_thread(scope: Scope, thread_id: UUID) -> Opened:
    """Open a thread and mark it read; a member's reading is audited.

    Raises NotFound outside the scope.
    """
    thread = scope.one(Thread, thread_id)
    messages = scope.rows(Message).where(Message.thread_id == thread.id)
    found = list(messages.order_by(Message.sent_at, Message.id))
    inner = scope.narrow(thread.provider_id)
    with db.transaction():
        if scope.kind == "member":
            audit.note(inner, "inbox.thread_read", thread)
        mark_read(inner, thread)
    name = scope.one(Client, thread.client_id).full_name
    return Opened(thread, found, name)


def mark_read(scope: Scope, thread: Thread) -> None:
    """Remember that this account has read the thread until now; stands in a transaction."""
    mine = (Reading.thread_id == thread.id) & (Reading.account_id == scope.account_id)
    now = clock.now()
    if scope.update(Reading, read_at=now).where(mine).execute() == 0:
        scope.add(
            Reading,
            client_id=thread.client_id,
            thread_id=thread.id,
            account_id=scope.account_id,
            read_at=now,
        )


def readers(scope: Scope, provider_id: UUID) -> list[str]:
    """The names of those who can read what is written to this provider, by their roles."""
    rows = scope.rows(Member).where(
        (Member.provider_id == provider_id) & Member.removed_at.is_null() & Member.role.in_(READING_ROLES)
    )
    return [row.name for row in rows.order_by(Member.joined_at)]
