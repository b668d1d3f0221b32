"""The form of the editor: one question."""

from __future__ import annotations

from vestibule.web import ChoiceField, Form, LongTextField, TextField, TickField, lazy

KINDS = [
    ("text", lazy("Text, one line")),
    ("long_text", lazy("Long text")),
    ("number", lazy("Number")),
    ("date", lazy("Date")),
    ("choice", lazy("Choice of one")),
    ("choices", lazy("Choice of several")),
    ("yes_no", lazy("Yes or no")),
]
WITH_OPTIONS = ("choice", "choices")


class QuestionForm(Form):
    """A question that a provider asks; options are a line each."""

    text = TextField(lazy("Question"), required=lazy("Write the question."), max_length=300)
    ask = ChoiceField(lazy("Kind of answer"), required=lazy("Choose a kind of answer."), choices=KINDS)
    options = LongTextField(
        lazy("Answers to choose from"), hint=lazy("For a choice: one answer on each line.")
    )
    required = TickField(lazy("Has to be answered"))

    @property
    def option_lines(self) -> list[str]:
        """The options as typed, without empty lines and doubles."""
        lines = [line.strip() for line in (self.options.data or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class PublishForm(Form):
    """What the questions are called on the client's page."""

    title = TextField(lazy("Title"), required=lazy("Give the questions a title."), max_length=80)
