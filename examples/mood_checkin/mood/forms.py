"""The one question of the check-in."""

from __future__ import annotations

from vestibule.web import ChoiceField, Form, lazy

WORDS = (
    (1, lazy("Very low")),
    (2, lazy("Low")),
    (3, lazy("So-so")),
    (4, lazy("Good")),
    (5, lazy("Very good")),
)


class CheckinForm(Form):
    """How somebody is today, in one of five words."""

    score = ChoiceField(lazy("How are you today?"), required=lazy("Choose one."), choices=WORDS)
