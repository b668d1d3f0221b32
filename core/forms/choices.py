"""Fields for choosing: one, several, yes or no, a tick, a time zone, a language."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import wtforms
from wtforms import widgets
from wtforms.fields.choices import Choice, SelectFieldBase  # type: ignore[attr-defined]  # stubs of 3.2
from wtforms.validators import StopValidation

from core import i18n
from core.forms.field import Field, Words, missing_words
from core.i18n import gettext as _
from core.i18n import lazy

Option = tuple[Any, Words]
Options = Iterable[Option] | Callable[[], Iterable[Option]]


def sent_as(value: Any) -> str:
    """A value as the page sends it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


class ChoiceField(Field, SelectFieldBase):
    """One of `choices` [(value, words)]; `data` is the value itself, of whatever type, or None.

    `choices` may be a function and may be set on the bound field before `validate`. Drawn as
    radio buttons by the kit, or as a list with `as_list=True`.
    """

    widget: Any = widgets.ListWidget(prefix_label=False)
    option_widget: Any = widgets.RadioInput()
    missing = lazy("Choose an answer to “%(label)s”.")

    def __init__(
        self,
        label: Words = None,
        validators: Any = None,
        *,
        choices: Options = (),
        as_list: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.choices: Sequence[Option] = list(choices() if callable(choices) else choices)
        self.as_list = as_list
        if as_list:
            self.widget = widgets.Select()
        self.picked: list[str] = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was picked; it is matched again in `pre_validate`, when all choices are known."""
        self.picked = [str(value) for value in valuelist[:1] if value]
        self.data = next(iter(self.matches()), None)

    def matches(self) -> list[Any]:
        """The values that were picked, in the order of the choices."""
        return [value for value, _words in self.choices if sent_as(value) in self.picked]

    def has_foreign(self) -> bool:
        """Whether something was picked that was not offered."""
        return not {sent_as(value) for value, _words in self.choices}.issuperset(self.picked)

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Refuse what isn't offered, whether it came from the request or from stored data."""
        if self.raw_data is not None:
            self.data = next(iter(self.matches()), None)
        if self.has_foreign():
            raise StopValidation(_("Choose one of the answers shown."))
        super().pre_validate(form)

    def is_picked(self, value: Any) -> bool:
        """Whether a choice stands ticked on the page."""
        if self.raw_data is not None:
            return sent_as(value) in self.picked
        return self.data is not None and bool(value == self.data)

    def iter_choices(self) -> Iterator[Any]:
        """The choices as WTForms' widgets draw them; a list starts with an empty line."""
        if self.as_list and not any(value == "" for value, _words in self.choices):
            yield Choice("", _("Choose"), self.data is None, {})
        for value, words in self.choices:
            yield Choice(sent_as(value), words, self.is_picked(value), {})


class ChoicesField(ChoiceField):
    """Any number of `choices`; `data` is the list of values picked, in the order of the choices."""

    option_widget: Any = widgets.CheckboxInput()
    missing = lazy("Choose at least one answer to “%(label)s”.")

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was picked, each once."""
        self.picked = list(dict.fromkeys(str(value) for value in valuelist if value))
        self.data = self.matches()

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        """Refuse what isn't offered and, when it is required, nothing at all."""
        if self.raw_data is not None:
            self.data = self.matches()
        if self.has_foreign():
            raise StopValidation(_("Choose from the answers shown."))
        Field.pre_validate(self, form)

    def is_picked(self, value: Any) -> bool:
        if self.raw_data is not None:
            return sent_as(value) in self.picked
        return value in self.data


class YesNoField(ChoiceField):
    """Yes or no, with neither ticked at first; `data` is True, False or None."""

    missing = lazy("Choose yes or no for “%(label)s”.")

    def __init__(self, label: Words = None, validators: Any = None, **options: Any) -> None:
        words = ((True, lazy("Yes")), (False, lazy("No")))
        super().__init__(label, validators, choices=words, **options)


class TickField(wtforms.BooleanField):
    """One box to tick; `data` is True when its own value was sent, else False."""

    missing: Words = lazy("Tick “%(label)s” to go on.")

    def __init__(
        self,
        label: Words = None,
        validators: Any = None,
        *,
        required: bool | Words = False,
        hint: Words = "",
        **options: Any,
    ) -> None:
        super().__init__(label, validators, description=hint, **options)
        self.is_required = bool(required)
        self.flags.required = self.is_required
        self.required = required

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[:1] == ["y"]

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.is_required and not self.data:
            raise StopValidation(missing_words(self))


class ZoneField(ChoiceField):
    """A time zone by its IANA name."""

    missing = lazy("Choose a time zone.")

    def __init__(self, label: Words = None, validators: Any = None, **options: Any) -> None:
        options = {"as_list": True, "choices": i18n.zones, **options}
        super().__init__(label, validators, **options)


class LocaleField(ChoiceField):
    """One of the languages that the portal speaks, each in its own words."""

    missing = lazy("Choose a language.")

    def __init__(self, label: Words = None, validators: Any = None, **options: Any) -> None:
        options = {"choices": tuple(i18n.LOCALES.items()), **options}
        super().__init__(label, validators, **options)
