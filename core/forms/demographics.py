"""A person's demographics as a form, wherever a member reads and corrects them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Self

from core.forms.form import AddressFields, Form
from core.forms.text import HiddenField, PhoneField, TextField
from core.forms.times import DayField
from core.i18n import lazy
from core.spec.types import Address, Demographics, EmergencyContact

PLAIN = ("given_name", "family_name", "preferred_name", "pronouns", "birth_on", "phone")


class DemographicsForm(Form):
    """Demographics as a member corrects them; `version` is the state that the page showed.

    `kit.demographics_fields(form, version)` draws it.
    """

    version = HiddenField(lazy("Version"))
    given_name = TextField(lazy("First name"), required=lazy("Enter a first name."))
    family_name = TextField(lazy("Last name"), required=lazy("Enter a last name."))
    preferred_name = TextField(lazy("Preferred name"))
    pronouns = TextField(lazy("Pronouns"), max_length=40)
    birth_on = DayField(lazy("Birth date"))
    phone = PhoneField(lazy("Phone"))
    address = AddressFields(lazy("Address"))
    contact_name = TextField(lazy("Emergency contact: name"))
    contact_relation = TextField(lazy("Emergency contact: relation"))
    contact_phone = PhoneField(lazy("Emergency contact: phone"))

    @classmethod
    def of(cls, told: Demographics, typed: Any = None) -> Self:
        """The form as it opens with what is known; with `typed`, a MultiDict, as somebody sent it."""
        contact = told.emergency_contact
        flat = {name: getattr(told, name) for name in PLAIN} | {
            "address": asdict(told.address),
            "contact_name": contact.name,
            "contact_relation": contact.relation,
            "contact_phone": contact.phone,
        }
        return cls(typed, data=flat)

    @property
    def demographics(self) -> Demographics:
        """What stands in the form, once it is valid."""
        contact = (self.contact_name.data, self.contact_relation.data, self.contact_phone.data)
        return Demographics(
            **{name: self[name].data for name in PLAIN},
            address=Address(**self.address.data),
            emergency_contact=EmergencyContact(*contact),
        )
