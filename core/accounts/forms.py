"""The forms of getting in and of one's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from core.accounts.words import QUESTIONS, question_choices
from core.forms import (
    AddressFields,
    ChoiceField,
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
SECRET_ANSWER = {"autocomplete": "off"}
PASSWORD_HINT = lazy("15 characters or more. Four words work well.")


def _new_password() -> PasswordField:
    return PasswordField(lazy("Password"), new=True, required=lazy("Choose a password."), hint=PASSWORD_HINT)


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

    password = _new_password()


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
    password = _new_password()


class CodeForm(Form):
    """The code from the letter."""

    code = TextField(
        lazy("6-digit code"),
        max_length=20,
        required=lazy("Enter the code from the e-mail."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class ProofForm(Form):
    """The password once more, and where to go on afterwards."""

    password = PasswordField(lazy("Your password"), required=True)
    next = HiddenField("", max_length=MOST_PATH)


class OwnEmailForm(Form):
    """Another e-mail address for the account."""

    email = EmailField(lazy("New e-mail address"), required=lazy("Enter the new e-mail address."))


class OwnPasswordForm(Form):
    """The present password, and the one to come."""

    current_password = PasswordField(lazy("Present password"), required=lazy("Enter your present password."))
    password = PasswordField(
        lazy("New password"), new=True, required=lazy("Choose a password."), hint=PASSWORD_HINT
    )


def _question(label: str) -> ChoiceField:
    return ChoiceField(label, as_list=True, required=lazy("Choose a question."), choices=question_choices)


def _answer(label: str) -> PasswordField:
    # Secret like a password: masked, never shown again, never kept.
    return PasswordField(label, required=lazy("Give an answer."), render_kw=SECRET_ANSWER)


class QuestionsForm(Form):
    """Three questions of one's own choice, with their answers."""

    code1 = _question(lazy("First question"))
    answer1 = _answer(lazy("Answer to the first question"))
    code2 = _question(lazy("Second question"))
    answer2 = _answer(lazy("Answer to the second question"))
    code3 = _question(lazy("Third question"))
    answer3 = _answer(lazy("Answer to the third question"))


class ResetForm(NewPasswordForm):
    """Another password, after the answers where questions were chosen."""

    answers: ClassVar[int] = 0

    @classmethod
    def asking(cls, codes: Sequence[str]) -> type[ResetForm]:
        """The form with a field for each of these questions, which come first."""
        fields: dict[str, Any] = {f"answer{at}": _answer(QUESTIONS[code]) for at, code in enumerate(codes, 1)}
        return type("AskingResetForm", (cls,), fields | {"answers": len(codes), "password": _new_password()})

    @property
    def answer_fields(self) -> list[Any]:
        """The fields for answers, in the order of the questions."""
        return [self[f"answer{at}"] for at in range(1, self.answers + 1)]


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
