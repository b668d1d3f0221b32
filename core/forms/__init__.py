"""Fields that read what people type strictly, and say in a sentence what to mend."""

from core.forms.choices import (
    ChoiceField,
    ChoicesField,
    LocaleField,
    TickField,
    YesNoField,
    ZoneField,
)
from core.forms.clean import clean_text
from core.forms.demographics import DemographicsForm
from core.forms.field import Field
from core.forms.form import AddressFields, AddressForm, After, Form, Problem
from core.forms.numbers import IntegerField, NumberField
from core.forms.text import (
    EmailField,
    HiddenField,
    IdField,
    LongTextField,
    PasswordField,
    PhoneField,
    TextField,
    bind,
    read_phone,
)
from core.forms.times import DayField, TimeField

__all__ = [
    "AddressFields",
    "AddressForm",
    "After",
    "ChoiceField",
    "ChoicesField",
    "DayField",
    "DemographicsForm",
    "EmailField",
    "Field",
    "Form",
    "HiddenField",
    "IdField",
    "IntegerField",
    "LocaleField",
    "LongTextField",
    "NumberField",
    "PasswordField",
    "PhoneField",
    "Problem",
    "TextField",
    "TickField",
    "TimeField",
    "YesNoField",
    "ZoneField",
    "bind",
    "clean_text",
    "read_phone",
]
