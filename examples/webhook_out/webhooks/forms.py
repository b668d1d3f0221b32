"""Where to, and with which secret."""

from __future__ import annotations

from vestibule.web import Form, PasswordField, TextField, lazy


class WebhookForm(Form):
    """The practice's address and secret."""

    address = TextField(
        lazy("Address"),
        hint=lazy("It gets a POST for each booking, move and cancellation. Leave it empty to stop."),
        max_length=500,
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    secret = PasswordField(
        lazy("Secret"),
        hint=lazy(
            "16 characters or more; what we send is signed with it. It is kept sealed and not shown again:"
            " leave it empty to keep what is set."
        ),
        render_kw={"autocomplete": "off"},
    )
