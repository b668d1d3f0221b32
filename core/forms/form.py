"""The base form, the address as a form within one, and the problems of a form as a page lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import wtforms
from wtforms.validators import ValidationError

from core.forms.choices import ChoiceField
from core.forms.field import Words
from core.forms.text import TextField
from core.i18n import lazy


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence about one field; `field_id` is the element that a link in a summary leads to."""

    field_id: str
    label: str
    text: str


class Form(wtforms.Form):
    """A form that knows no request: it takes a MultiDict, or None for a page just opened."""

    def problems(self) -> list[Problem]:
        """Each error with its field, in the order of the page; fields inside a FormField too."""
        own = [Problem("", "", str(text)) for text in self.form_errors]
        return own + [problem for field in self for problem in problems_of(field)]

    def refuse(self, field_name: str, text: str) -> None:
        """Put a sentence at a field after `validate`, when a service refused what was typed."""
        field = self[field_name]
        field.errors = [*field.errors, text]


def problems_of(field: wtforms.Field) -> Iterator[Problem]:
    """The problems of one field."""
    if isinstance(field, wtforms.FormField):
        for inner in field:
            yield from problems_of(inner)
        return
    is_buttons = isinstance(field, ChoiceField) and not field.as_list
    field_id = f"{field.id}-0" if is_buttons else field.id
    for text in field.errors:
        yield Problem(field_id, str(field.label.text), str(text))


class AddressForm(Form):
    """A postal address; all of it may be left empty."""

    line1 = TextField(lazy("Street address"), max_length=120, render_kw={"autocomplete": "address-line1"})
    line2 = TextField(
        lazy("Apartment, suite or floor"),
        max_length=120,
        render_kw={"autocomplete": "address-line2"},
    )
    city = TextField(lazy("City"), max_length=80, render_kw={"autocomplete": "address-level2"})
    state = TextField(lazy("State"), max_length=40, render_kw={"autocomplete": "address-level1"})
    postal = TextField(lazy("ZIP code"), max_length=12, render_kw={"autocomplete": "postal-code"})


class AddressFields(wtforms.FormField):
    """An address within a form; `data` is a dict of line1, line2, city, state and postal."""

    def __init__(self, label: Words = None, **options: Any) -> None:
        super().__init__(AddressForm, label, **options)


class After:
    """Validator: this field's value lies after that of the field `start`, both when given."""

    def __init__(self, start: str, message: Words = None) -> None:
        self.start = start
        self.message = message or lazy("The end must be after the start.")

    def __call__(self, form: Any, field: Any) -> None:
        start = form[self.start].data
        if start is not None and field.data is not None and field.data <= start:
            raise ValidationError(str(self.message))
