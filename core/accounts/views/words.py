"""Codes that services raise, as sentences."""

from __future__ import annotations

from core.forms import Form
from core.i18n import gettext as _
from core.spec.errors import Invalid

_PASSWORD = {
    "too_short": lambda: _("Use 15 characters or more. Four words work well."),
    "too_long": lambda: _("Use 1000 characters or fewer."),
    "common": lambda: _("Many people use this password, so it is easily guessed. Choose another."),
    "own": lambda: _("This is too close to your e-mail address. Choose another password."),
}


def refuse_password(form: Form, error: Invalid) -> None:
    """Put the sentence for a weak password at its field."""
    form.refuse("password", _PASSWORD[error.fields["password"]]())
