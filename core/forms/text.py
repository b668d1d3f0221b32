"""Fields for words: one line, several lines, passwords, phone numbers and e-mail addresses."""

import re
import unicodedata
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from wtforms import widgets

from core.forms.clean import FAR_TOO_LONG, clean_text, refuse_unreadable, too_long
from core.forms.field import Field, Words
from core.i18n import gettext as _
from core.i18n import lazy
from core.settings import Settings

MOST_EMAIL = 254  # RFC 5321, erratum 1690
LEAST_NEW_PASSWORD = 15
MOST_PASSWORD = 1000
PHONE = re.compile(r"\+?[0-9 ().\-/]{5,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
PHONE_DIGITS = range(7, 16)  # ITU-T E.164: at most 15

_rules = {"test_environment": False}


def bind(settings: Settings) -> None:
    """Let e-mail addresses end in `.test` where the settings say demo or test."""
    _rules["test_environment"] = settings.mode in {"demo", "test"}


class TextField(Field):
    """One line of at most `max_length` code points; `data` is a str, empty when blank."""

    blank = ""
    lines = False

    def __init__(
        self, label: Words = None, validators: Any = None, *, max_length: int = 200, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.max_length = max_length

    def read(self, typed: str) -> str:
        return clean_text(typed, self.max_length, lines=self.lines)


class LongTextField(TextField):
    """Several lines; line ends come out as a single line feed."""

    widget: Any = widgets.TextArea()
    lines = True

    def __init__(
        self, label: Words = None, validators: Any = None, *, max_length: int = 5000, **options: Any
    ) -> None:
        super().__init__(label, validators, max_length=max_length, **options)


class HiddenField(TextField):
    """A short text that the page carries along."""

    widget: Any = widgets.HiddenInput()


class IdField(Field):
    """A hidden id; `data` is a UUID, and anything but its usual lower-case writing is refused."""

    widget: Any = widgets.HiddenInput()

    def read(self, typed: str) -> UUID | None:
        if not typed:
            return None
        try:
            read = UUID(typed)
        except ValueError:
            read = None
        if read is None or str(read) != typed:
            raise ValueError(_("This page is out of date. Open it again."))
        return read


class PasswordField(Field):
    """A password, never trimmed and never shown again; `new` asks for 15 characters or more."""

    widget: Any = widgets.PasswordInput()
    missing = lazy("Enter your password.")
    blank = ""

    def __init__(
        self, label: Words = None, validators: Any = None, *, new: bool = False, **options: Any
    ) -> None:
        autocomplete = "new-password" if new else "current-password"
        options.setdefault("render_kw", {"autocomplete": autocomplete})
        super().__init__(label, validators, **options)
        self.is_new = new

    def read(self, typed: str) -> str:
        if len(typed) > FAR_TOO_LONG * MOST_PASSWORD:
            raise ValueError(too_long(MOST_PASSWORD))
        refuse_unreadable(typed)
        typed = unicodedata.normalize("NFC", typed)  # NIST SP 800-63B 3.1.1.2
        if len(typed) > MOST_PASSWORD:
            raise ValueError(too_long(MOST_PASSWORD))
        if self.is_new and typed and len(typed) < LEAST_NEW_PASSWORD:
            raise ValueError(
                _("Use %(least)d characters or more. Four words work well.") % {"least": LEAST_NEW_PASSWORD}
            )
        return typed


class EmailField(TextField):
    """An address in lower case with an ASCII domain, so that look-alikes are seen as such."""

    widget: Any = widgets.EmailInput()
    missing = lazy("Enter an e-mail address.")

    def __init__(self, label: Words = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("render_kw", {"autocomplete": "email", "spellcheck": "false"})
        super().__init__(label, validators, max_length=MOST_EMAIL, **options)

    def read(self, typed: str) -> str:
        text = super().read(typed)
        if not text:
            return ""
        try:
            found = validate_email(
                text,
                check_deliverability=False,
                allow_smtputf8=False,
                test_environment=_rules["test_environment"],
            )
        except EmailNotValidError:
            raise ValueError(_("Enter an e-mail address in full, such as ann@example.com.")) from None
        return (found.ascii_email or found.normalized).lower()


class PhoneField(TextField):
    """A phone number as people write it, 7 to 15 ASCII digits, with an extension if there is one."""

    widget: Any = widgets.TelInput()
    missing = lazy("Enter a phone number.")

    def __init__(self, label: Words = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("render_kw", {"autocomplete": "tel"})
        super().__init__(label, validators, max_length=40, **options)

    def read(self, typed: str) -> str:
        return read_phone(super().read(typed))


def read_phone(text: str) -> str:
    """A phone number with single spaces and plain hyphens; ValueError says what is asked for."""
    text = " ".join(text.replace("\u2011", "-").replace("\u2013", "-").split())
    if not text:
        return ""
    number = re.split("x|ext", text.lower(), maxsplit=1)[0]
    digits = sum(character.isdigit() for character in number)
    if not PHONE.fullmatch(text) or digits not in PHONE_DIGITS:
        raise ValueError(_("Enter a phone number in digits, such as (312) 555-0142."))
    return text
