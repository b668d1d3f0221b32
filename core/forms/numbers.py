"""Fields for numbers, read strictly: ASCII digits with at most one sign and one decimal point."""

import re
from decimal import Decimal
from typing import Any

from wtforms import widgets

from core.forms.field import Field, Words
from core.i18n import gettext as _
from core.i18n import lazy

WHOLE = re.compile(r"-?[0-9]{1,15}")
# A comma with one or two digits behind it can't be a thousands mark, so it is read as a point.
NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6}|,[0-9]{1,2})?")
MOST = 2**31 - 1


class IntegerField(Field):
    """A whole number from `minimum` (0 unless told) to `maximum`; `data` is an int or None."""

    widget: Any = widgets.TextInput()
    missing = lazy("Enter a number for “%(label)s”.")

    def __init__(
        self,
        label: Words = None,
        validators: Any = None,
        *,
        minimum: int = 0,
        maximum: int = MOST,
        **options: Any,
    ) -> None:
        options.setdefault("render_kw", {"inputmode": "numeric" if minimum >= 0 else "text"})
        super().__init__(label, validators, **options)
        self.minimum, self.maximum = minimum, maximum

    def read(self, typed: str) -> int | None:
        text = typed.strip()
        if not text:
            return None
        if not WHOLE.fullmatch(text):
            raise ValueError(_("Enter a whole number in digits, such as 12."))
        number = int(text)
        refuse_outside(number, self.minimum, self.maximum)
        return number


class NumberField(Field):
    """A number with up to six decimals; `data` is a finite Decimal as it was written, or None."""

    widget: Any = widgets.TextInput()
    missing = lazy("Enter a number for “%(label)s”.")

    def __init__(
        self,
        label: Words = None,
        validators: Any = None,
        *,
        minimum: Decimal | int = 0,
        maximum: Decimal | int = MOST,
        **options: Any,
    ) -> None:
        options.setdefault("render_kw", {"inputmode": "decimal" if minimum >= 0 else "text"})
        super().__init__(label, validators, **options)
        self.minimum, self.maximum = minimum, maximum

    def read(self, typed: str) -> Decimal | None:
        text = typed.strip()
        if not text:
            return None
        if not NUMBER.fullmatch(text):
            raise ValueError(_("Enter a number in digits, such as 12 or 2.5."))
        number = Decimal(text.replace(",", "."))
        refuse_outside(number, self.minimum, self.maximum)
        return number

    def show(self, value: Any) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else str(value)


def refuse_outside(number: Decimal | int, minimum: Decimal | int, maximum: Decimal | int) -> None:
    """Raise ValueError with the sentence that names the limit."""
    if number < minimum:
        raise ValueError(_("Enter %(least)s or more.") % {"least": minimum})
    if number > maximum:
        raise ValueError(_("Enter %(most)s or less.") % {"most": maximum})
