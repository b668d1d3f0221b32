"""What all our fields share: one reading of what was typed, kept for the page when it is refused."""

from typing import Any

import wtforms
from wtforms import widgets
from wtforms.validators import StopValidation

from core.forms.clean import presentable
from core.i18n import gettext as _
from core.i18n import lazy

LONGEST_NAME = 80
# A str, or a lazy one that is translated when it is shown.
Words = Any


class Field(wtforms.Field):
    """A field that reads one text; `required` may be the sentence for when nothing was given.

    A subclass says how to `read` (ValueError with a sentence refuses) and to `show` its data.
    """

    widget: Any = widgets.TextInput()
    missing: Words = lazy("Fill in “%(label)s”.")
    blank: Any = None

    def __init__(
        self,
        label: Words = None,
        validators: Any = None,
        *,
        required: bool | Words = False,
        hint: Words = "",
        **options: Any,
    ) -> None:
        options.setdefault("description", hint)
        super().__init__(label, validators, **options)
        self.is_required = bool(required)
        self.flags.required = self.is_required
        self.required = required

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the first value sent; after a refusal `data` is blank and the text is still shown."""
        self.data = self.blank
        typed = valuelist[0] if valuelist else ""
        if not isinstance(typed, str):
            raise ValueError(_("Write your answer as text."))
        self.data = self.read(typed)

    def read(self, typed: str) -> Any:
        """The value that was typed, `blank` for none."""
        return typed

    def show(self, value: Any) -> str:
        """A value as the text that stands in the field."""
        return str(value)

    def is_blank(self) -> bool:
        """Whether nothing was given."""
        return self.data in (None, "", [])

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Refuse what could not be read and what is missing; validators see only real values."""
        if self.process_errors:
            raise StopValidation
        if self.is_blank():
            raise StopValidation(missing_words(self) if self.is_required else "")

    def _value(self) -> str:
        if self.raw_data:
            return presentable(str(self.raw_data[0]))
        return "" if self.data is None else self.show(self.data)


def missing_words(field: Any) -> str:
    """The sentence for a field left empty: its own, or its kind's with the field's name in it."""
    if field.required is not True:
        return str(field.required)
    label = str(field.label.text)
    name = label if len(label) <= LONGEST_NAME else label[:LONGEST_NAME].rstrip() + "…"
    return str(field.missing) % {"label": name}
