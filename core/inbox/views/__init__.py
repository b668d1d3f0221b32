"""The pages of the inbox: the client's and the practice's."""

from core.inbox.views.client import answer, home, keep, thread, write
from core.inbox.views.practice import (
    client_messages,
    practice_answer,
    practice_home,
    practice_keep,
    practice_thread,
    practice_write,
)

__all__ = [
    "answer",
    "client_messages",
    "home",
    "keep",
    "practice_answer",
    "practice_home",
    "practice_keep",
    "practice_thread",
    "practice_write",
    "thread",
    "write",
]
