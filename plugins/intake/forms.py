"""The forms of the practice's side: a question, what it depends on, a new form, asking, sending back."""

from __future__ import annotations

from typing import Any

from plugins.intake.starters import STARTERS
from vestibule.data import questionnaires
from vestibule.web import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    IntegerField,
    LongTextField,
    TextField,
    TickField,
    lazy,
)

KINDS = [
    ("text", lazy("Text, one line")),
    ("long_text", lazy("Long text")),
    ("phone", lazy("Phone number")),
    ("whole", lazy("Whole number")),
    ("number", lazy("Number")),
    ("scale", lazy("Scale from 0 to 10")),
    ("date", lazy("Date")),
    ("moment", lazy("Date and time")),
    ("time", lazy("Time of day")),
    ("choice", lazy("Choice of one")),
    ("choices", lazy("Choice of several")),
    ("own_choice", lazy("Choice of one, or own words")),
    ("own_choices", lazy("Choice of several, and own words")),
    ("yes_no", lazy("Yes or no")),
    ("picture", lazy("Picture, from the camera too")),
    ("file", lazy("Picture or PDF")),
    ("link", lazy("Address of a web page")),
    ("words", lazy("Words to read, without an answer")),
    ("section", lazy("Section: a page of its own, for other questions")),
    ("times", lazy("Part that can be filled in several times, such as for each child")),
]


class QuestionForm(Form):
    """A question that a provider asks; options are a line each."""

    text = LongTextField(lazy("Question"), required=lazy("Write the question."), max_length=4000)
    ask = ChoiceField(
        lazy("Kind of answer"), required=lazy("Choose a kind of answer."), choices=KINDS, as_list=True
    )
    options = LongTextField(
        lazy("Answers to choose from"), hint=lazy("For a choice: one answer on each line."), max_length=5000
    )
    help = LongTextField(
        lazy("Help"), hint=lazy("A sentence that stands below the question."), max_length=1000
    )
    required = TickField(lazy("Has to be answered"))

    @property
    def option_lines(self) -> list[str]:
        """The options as typed, without empty lines and doubles."""
        lines = [line.strip() for line in (self.options.data or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    @property
    def is_askable(self) -> bool:
        """Whether all is well; a choice needs answers to choose from."""
        if not self.validate():
            return False
        if self.ask.data in questionnaires.OFFERS_OPTIONS and len(self.option_lines) < 2:
            self.refuse("options", lazy("Write at least two answers, one on each line."))
            return False
        return True


class PlaceForm(Form):
    """Where a question stands: in a section, or by itself."""

    into = ChoiceField(lazy("Put it"), as_list=True)


class DecidingForm(Form):
    """Which question decides."""

    question = ChoiceField(
        lazy("Question that decides"), required=lazy("Choose a question."), choices=(), as_list=True
    )


class ConditionForm(Form):
    """The answer that decides; what is typed is read by the kind of the question."""

    comparison = ChoiceField(lazy("Show it only if the answer"), required=lazy("Choose a comparison."))
    answer = ChoiceField(lazy("Answer"), as_list=True)
    typed = TextField(lazy("Answer"), max_length=200)


class PublishForm(Form):
    """What the questions are called on the client's page."""

    title = TextField(lazy("Title"), required=lazy("Give the questions a title."), max_length=80)


class NewForm(Form):
    """A form to begin with; without a title it keeps the starter's."""

    starter = ChoiceField(
        lazy("Begin with"),
        required=lazy("Choose what to begin with."),
        choices=[(name, one.title) for name, one in STARTERS.items()],
    )
    title = TextField(lazy("Title"), hint=lazy("Leave it blank to keep the name above."), max_length=80)


class PacketForm(Form):
    """Which forms a kind of client is asked."""

    forms = ChoicesField(lazy("Forms to fill in"), choices=())
    yearly = ChoicesField(lazy("Asked again every year"), choices=())
    due_days = IntegerField(
        lazy("Due after how many days"), hint=lazy("Leave it blank for no day."), minimum=1, maximum=365
    )


class AskForm(Form):
    """Ask one client by hand: for a form, or for all of a packet."""

    what = ChoiceField(lazy("Form"), required=lazy("Choose a form."), choices=(), as_list=True)
    due_on = DayField(lazy("Due on"))
    yearly = TickField(lazy("Ask again every year"))


class LookForm(Form):
    """What the client is to mend."""

    note = LongTextField(
        lazy("What has to be mended"),
        hint=lazy("The client reads this beside the form."),
        required=lazy("Say what has to be mended."),
        max_length=2000,
    )


class ReturnForm(Form):
    """What of the intake is to be mended, and whether scheduling waits for it."""

    note = LongTextField(
        lazy("What has to be mended"),
        hint=lazy("The client reads this above the intake."),
        required=lazy("Say what has to be mended."),
        max_length=2000,
    )
    blocks = TickField(
        lazy("Scheduling waits until it comes back"), hint=lazy("What is booked already stays booked.")
    )


def data_of(item: Any) -> dict[str, Any]:
    """A question as its form shows it."""
    return {
        "text": item.text,
        "ask": questionnaires.ask_of(item),
        "required": item.required,
        "help": questionnaires.help_of(item),
        "options": "\n".join(option.display for option in item.options),
    }
