"""The rows of the inbox."""

from __future__ import annotations

from typing import Any

import peewee

from core.db import Flag, Id, Moment, Sealed, SealedJson, TenantModel, Words


class Thread(TenantModel):
    """What a client and a practice write each other about one thing.

    `kind` is `person`, or the name of a notice like `intake.submitted`; a thread for
    members alone is no client's.
    """

    client_id = Id()
    member_id = Id(null=True)
    kind = Words()
    audience = Words()
    subject = Sealed(null=True)
    last_author = Words()
    last_at = Moment()
    awaits_answer = Flag(default=False)
    created_at = Moment()

    class Meta:
        table_name = "inbox_thread"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        inside = super().within(scope)
        return inside & (cls.audience == "both") if scope.kind == "client" else inside


class Message(TenantModel):
    """One message; a notice has `facts` in place of a body."""

    client_id = Id()
    thread_id = Id()
    kind = Words()
    author_kind = Words()
    author_account_id = Id(null=True)
    author_name = Words()
    body = Sealed(null=True)
    facts = SealedJson(null=True)
    sent_at = Moment()
    key = Words()

    class Meta:
        table_name = "inbox_message"


class Unread(TenantModel):
    """An account has not opened the thread since something new came; opening it deletes the row."""

    client_id = Id()
    thread_id = Id()
    account_id = Id()
    is_of_person = Flag()

    class Meta:
        table_name = "inbox_unread"


class Draft(TenantModel):
    """What somebody began to write; `place` is `new` or the thread's id."""

    client_id = Id()
    account_id = Id()
    place = Words()
    subject = Sealed(null=True)
    body = Sealed(null=True)
    saved_at = Moment()

    class Meta:
        table_name = "inbox_draft"
