"""The forms of the practice's side."""

from __future__ import annotations

from wtforms.validators import NumberRange

from core.forms import (
    AddressFields,
    ChoiceField,
    EmailField,
    Form,
    IntegerField,
    PhoneField,
    TextField,
    TickField,
    ZoneField,
)
from core.i18n import lazy

ROLE_CHOICES = [
    ("owner", lazy("Owner: everything, settings and team too")),
    ("clinician", lazy("Clinician: calendar, records, messages")),
    ("desk", lazy("Desk: calendar, demographics, messages, invitations; no intake answers")),
    ("biller", lazy("Biller: names, appointments, balances")),
]


class ClientForm(Form):
    """A new client; the e-mail address is needed only to invite."""

    given_name = TextField(lazy("First name"), required=lazy("Enter a first name."))
    family_name = TextField(lazy("Last name"), required=lazy("Enter a last name."))
    email = EmailField(lazy("E-mail address"))
    invite = TickField(lazy("Invite to the portal by e-mail"))
    needs_intake_first = TickField(lazy("Intake has to be submitted before scheduling"))


class InviteForm(Form):
    """An invitation to a client who has a record already."""

    email = EmailField(lazy("E-mail address"), required=lazy("Enter an e-mail address."))
    needs_intake_first = TickField(lazy("Intake has to be submitted before scheduling"))


class EraseForm(Form):
    """The client's name, typed by who erases their data."""

    name = TextField(
        lazy("Name of the client"),
        required=lazy("Type the client's name."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ProfileForm(Form):
    """What a practice says of itself."""

    name = TextField(lazy("Name of the practice"), required=lazy("Enter a name."))
    outside_name = TextField(lazy("Name outside the portal"))
    phone = PhoneField(lazy("Phone"), required=lazy("Enter a phone number."))
    address = AddressFields(lazy("Address"))
    zone = ZoneField(lazy("Time zone"), required=True)
    answer_days = IntegerField(
        lazy("Messages are usually answered within (working days)"),
        [NumberRange(1, 14)],
        required=lazy("Enter a number of days."),
    )
    crisis_line = TextField(lazy("In an emergency (shown on clients' pages)"))


class MemberForm(Form):
    """A person to be invited to the team."""

    name = TextField(lazy("Name, as clients see it"), required=lazy("Enter a name."))
    email = EmailField(lazy("E-mail address"), required=lazy("Enter an e-mail address."))
    role = ChoiceField(lazy("Role"), required=lazy("Choose a role."), choices=ROLE_CHOICES)


class RoleForm(Form):
    """Another role for a member."""

    role = ChoiceField(lazy("Role"), required=lazy("Choose a role."), choices=ROLE_CHOICES)
