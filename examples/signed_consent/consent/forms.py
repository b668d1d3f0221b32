"""The forms of consent: signing, and the provider's text."""

from __future__ import annotations

from vestibule.web import Form, IntegerField, LongTextField, TextField, TickField, lazy


class SignForm(Form):
    """A typed name and a tick, under the version that was read."""

    version = IntegerField(lazy("Version"))
    name = TextField(
        lazy("Your full name"),
        required=lazy("Write your full name."),
        hint=lazy("Writing it here counts as your signature."),
        max_length=120,
        render_kw={"autocomplete": "name"},
    )
    agrees = TickField(lazy("I have read this and I agree"), required=lazy("Tick this if you agree."))


class TextForm(Form):
    """What clients are asked to consent to."""

    body = LongTextField(
        lazy("What clients are asked to agree to"),
        required=lazy("Write the text."),
        hint=lazy("An empty line begins a new paragraph."),
        max_length=20_000,
    )
