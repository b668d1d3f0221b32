"""The rules of the inbox: who reads what, sending, notices and drafts."""

from core.inbox.service.drafts import draft_of, drop_draft, keep_draft
from core.inbox.service.notices import note_cancelled, send_system_message
from core.inbox.service.reading import (
    Line,
    Opened,
    awaiting_answer,
    inbox,
    inbox_of_client,
    open_thread,
    readers,
    unread_count,
)
from core.inbox.service.sending import reply, send_new

__all__ = [
    "Line",
    "Opened",
    "awaiting_answer",
    "draft_of",
    "drop_draft",
    "inbox",
    "inbox_of_client",
    "keep_draft",
    "note_cancelled",
    "open_thread",
    "readers",
    "reply",
    "send_new",
    "send_system_message",
    "unread_count",
]
