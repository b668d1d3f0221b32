"""The forms of the record: notes, charges and payments, what is taken over from a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from vestibule.data import today
from vestibule.web import (
    ChoiceField,
    DayField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    NumberField,
    TextField,
    lazy,
)

KINDS = [
    ("progress", lazy("Progress note: for whoever may read the record")),
    ("psychotherapy", lazy("Psychotherapy note: for you alone")),
]
METHODS = [
    ("cash", lazy("Cash")),
    ("check", lazy("Check")),
    ("card", lazy("Card, taken outside of the portal")),
    ("transfer", lazy("Bank transfer")),
    ("insurance", lazy("Insurance")),
]
IMPORTS = [
    ("clients", lazy("Clients")),
    ("sessions", lazy("Sessions, with what they cost")),
]
MOST = Decimal("100000.00")


def latest() -> date:
    """The last day that has begun anywhere: nothing is noted ahead."""
    return today("Pacific/Kiritimati")


class AmendmentForm(Form):
    """What is added to a signed note."""

    title = TextField(lazy("Title"), required=lazy("Give the note a title."), max_length=120)
    on = DayField(lazy("Date"), required=lazy("Enter a date."), latest=latest)
    body = LongTextField(lazy("Note"), required=lazy("Write the note."), max_length=50_000)


class NoteForm(AmendmentForm):
    """A note of one's own."""

    kind = ChoiceField(lazy("Kind of note"), required=lazy("Choose a kind."), choices=KINDS)


class VersionForm(Form):
    """Which state of a draft somebody signs or throws away."""

    version = IntegerField(lazy("Version"), required=lazy("This page is out of date. Open it again."))


class AmountForm(Form):
    """An amount of money with at most two decimals."""

    amount = NumberField(
        lazy("Amount"),
        required=lazy("Enter an amount."),
        hint=lazy("Such as 120 or 120.50"),
        minimum=Decimal("0.01"),
        maximum=MOST,
    )
    on = DayField(lazy("Date"), required=lazy("Enter a date."), latest=latest)
    key = HiddenField(lazy("Key"), required=lazy("This page is out of date. Open it again."), max_length=40)

    @property
    def minor(self) -> int | None:
        """The amount in cents; None for a part of a cent."""
        cents = self.amount.data * 100
        return int(cents) if cents == int(cents) else None


class ChargeForm(AmountForm):
    """What a session or service costs."""

    title = TextField(lazy("For what"), required=lazy("Write what it is for."), max_length=120)


class PaymentForm(AmountForm):
    """Money that came outside of the portal."""

    method = ChoiceField(lazy("How it was paid"), required=lazy("Choose how it was paid."), choices=METHODS)


class ImportForm(Form):
    """What a file holds."""

    kind = ChoiceField(lazy("What is in the file"), required=lazy("Choose what is in it."), choices=IMPORTS)
