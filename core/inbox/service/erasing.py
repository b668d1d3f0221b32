"""What the inbox erases of a client: every word; which members wrote when is kept without them."""

from __future__ import annotations

from core import db
from core.i18n import gettext as _
from core.inbox.models import Draft, Message, Thread, Unread
from core.spec.own_data import Erasure
from core.tenancy import Scope


def erase_messages(scope: Scope) -> list[Erasure]:
    """Blank the messages of the scope's one client; nothing hangs on drafts, so these are deleted."""
    client_id = scope.client_id
    theirs = Message.client_id == client_id
    with db.transaction():
        told = theirs & (Message.body.is_null(False) | Message.facts.is_null(False))
        messages = scope.update(Message, body=None, facts=None).where(told).execute()
        written = theirs & (Message.author_kind == "client")
        scope.update(Message, author_name="", author_account_id=None).where(written).execute()
        thread = scope.update(Thread, subject=None, last_author="", awaits_answer=False)
        thread.where(Thread.client_id == client_id).execute()
        scope.delete(Unread).where(Unread.client_id == client_id).execute()
        drafts = scope.delete(Draft).where(Draft.client_id == client_id).execute()
    return [Erasure(_("Messages"), messages), Erasure(_("Drafts"), drafts)]
