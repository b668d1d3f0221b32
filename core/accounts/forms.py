"""The forms of getting in and of one's own settings."""

from core.forms import (
    AddressFields,
    EmailField,
    Form,
    HiddenField,
    LocaleField,
    PasswordField,
    PhoneField,
    TextField,
    ZoneField,
)
from core.i18n import lazy

MOST_PATH = 500
PASSWORD_HINT = lazy("15 characters or more. Four words work well.")


class LoginForm(Form):
    """Who comes in, and where to go on afterwards."""

    email = EmailField(
        lazy("E-mail"),
        required=lazy("Enter your e-mail address."),
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(lazy("Password"), required=True)
    next = HiddenField("", max_length=MOST_PATH)


class ForgotForm(Form):
    """Whose password was forgotten."""

    email = EmailField(lazy("E-mail"), required=lazy("Enter your e-mail address."))


class NewPasswordForm(Form):
    """A password chosen now."""

    password = PasswordField(
        lazy("Password"), new=True, required=lazy("Choose a password."), hint=PASSWORD_HINT
    )


class SignupForm(Form):
    """A stranger on a provider's page."""

    given_name = TextField(
        lazy("First name"),
        max_length=80,
        required=lazy("Enter your first name."),
        render_kw={"autocomplete": "given-name"},
    )
    family_name = TextField(
        lazy("Last name"),
        max_length=80,
        required=lazy("Enter your last name."),
        render_kw={"autocomplete": "family-name"},
    )
    email = EmailField(lazy("E-mail"), required=lazy("Enter your e-mail address."))
    password = PasswordField(
        lazy("Password"), new=True, required=lazy("Choose a password."), hint=PASSWORD_HINT
    )


class CodeForm(Form):
    """The code from the letter."""

    code = TextField(
        lazy("6-digit code"),
        max_length=20,
        required=lazy("Enter the code from the e-mail."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class SettingsForm(Form):
    """An account's own settings; no zone means the practice's."""

    name = TextField(
        lazy("Your name"),
        max_length=120,
        required=lazy("Enter your name."),
        render_kw={"autocomplete": "name"},
    )
    locale = LocaleField(lazy("Language"), required=True)
    zone = ZoneField(lazy("Time zone"), hint=lazy("Left empty, times are those of your practice."))


class ZoneForm(Form):
    """The zone that the browser offered."""

    zone = ZoneField(lazy("Time zone"), required=True)


class DetailsForm(Form):
    """Where one provider reaches a client."""

    phone = PhoneField(lazy("Phone"))
    address = AddressFields(lazy("Address"))
