"""The forms of writing."""

from __future__ import annotations

from core.forms import ChoiceField, Form, HiddenField, LongTextField, TextField
from core.i18n import lazy

NOT_EMPTY = lazy("Write a message first.")


class ReplyForm(Form):
    """An answer in a thread."""

    key = HiddenField(max_length=64)
    body = LongTextField(lazy("Message"), required=NOT_EMPTY, max_length=10_000)


class MessageForm(ReplyForm):
    """A first message; `to` names the chart at one of the client's providers."""

    to = ChoiceField(lazy("To"), required=lazy("Choose whom you write to."))
    subject = TextField(lazy("Subject"), max_length=120)


class MessageToClientForm(ReplyForm):
    """A first message of a member to a client."""

    subject = TextField(lazy("Subject"), max_length=120)
