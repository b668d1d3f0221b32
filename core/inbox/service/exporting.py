"""What the inbox keeps about a client, for them to read."""

from __future__ import annotations

from typing import Any

from core.i18n import gettext as _
from core.inbox.models import Message, Thread
from core.spec.own_data import DataSection
from core.tenancy import Scope


def own_sections(scope: Scope) -> list[DataSection]:
    """Every thread that the client may read, oldest first, with all its messages."""
    threads = list(scope.rows(Thread).order_by(Thread.created_at, Thread.id))
    written: dict[Any, list[dict[str, Any]]] = {thread.id: [] for thread in threads}
    for message in scope.rows(Message).order_by(Message.sent_at, Message.id):
        if message.thread_id in written:
            written[message.thread_id].append(
                {
                    "sent_at": message.sent_at.isoformat(),
                    "author": message.author_name,
                    "kind": message.kind,
                    "text": message.body,
                    "facts": message.facts,
                }
            )
    rows = tuple(
        {"subject": thread.subject, "kind": thread.kind, "messages": written[thread.id]} for thread in threads
    )
    return [DataSection("messages", _("Messages"), rows)]
