"""A form with one field of each kind, and short ways to fill it in."""

from werkzeug.datastructures import MultiDict

from core import forms
from core.forms import Form


class Everything(Form):
    """One field of each kind."""

    line = forms.TextField("Line", max_length=20)
    words = forms.LongTextField("Words", max_length=50)
    whole = forms.IntegerField("Whole")
    number = forms.NumberField("Number")
    day = forms.DayField("Day")
    at = forms.TimeField("At")
    email = forms.EmailField("E-mail")
    phone = forms.PhoneField("Phone")
    one = forms.ChoiceField("One", choices=[(1, "First"), (2, "Second")])
    several = forms.ChoicesField("Several", choices=[("a", "A"), ("b", "B"), ("c", "C")])
    sure = forms.YesNoField("Sure")
    tick = forms.TickField("Tick")
    password = forms.PasswordField("Password")
    zone = forms.ZoneField("Zone")
    locale = forms.LocaleField("Language")
    thing = forms.IdField("Thing")
    carried = forms.HiddenField("Carried")
    address = forms.AddressFields("Address")


def fill(**typed: str | list[str]) -> Everything:
    """The form with something typed, validated."""
    form = Everything(MultiDict(typed))
    form.validate()
    return form


def refusal(name: str, typed: str) -> str:
    """The sentence for what was typed in one field; fails when it was taken."""
    form = fill(**{name: typed})
    assert len(form[name].errors) == 1, (name, typed, form[name].data)
    return str(form[name].errors[0])
