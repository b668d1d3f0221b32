"""Codes that services raise, and the security questions, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.accounts.service.questions import CODES
from core.forms import Form
from core.i18n import gettext as _
from core.i18n import lazy
from core.spec.errors import Invalid

QUESTIONS: Mapping[str, str] = {
    "childhood_street": lazy("On which street did you live when you started school?"),
    "first_teacher": lazy("What was the last name of your first teacher?"),
    "childhood_friend": lazy("What was the first name of your best friend when you were ten?"),
    "first_concert": lazy("Who played at the first concert you went to?"),
    "first_job": lazy("Where did you first work for money?"),
    "childhood_book": lazy("Which book did you read again and again as a child?"),
    "grandparents_dish": lazy("Which dish of your grandparents do you remember best?"),
    "first_trip_alone": lazy("Where did you go on your first trip without your family?"),
    "childhood_toy": lazy("What did you call your favorite toy?"),
    "place_to_hide": lazy("Where did you hide as a child?"),
    "first_song": lazy("Which was the first song that you knew by heart?"),
    "never_liked_food": lazy("Which food would you not eat as a child?"),
}
_PASSWORD: Mapping[str, Callable[[], str]] = {
    "too_short": lambda: _("Use 15 characters or more. Four words work well."),
    "too_long": lambda: _("Use 1000 characters or fewer."),
    "common": lambda: _("Many people use this password, so it is easily guessed. Choose another."),
    "own": lambda: _("This is too close to your e-mail address. Choose another password."),
    "unchanged": lambda: _("This is your present password. Choose another."),
}
_QUESTION: Mapping[tuple[str, str], Callable[[], str]] = {
    ("code", "unknown"): lambda: _("Choose one of the answers shown."),
    ("code", "twice"): lambda: _("You chose this question already. Choose another."),
    ("answer", "too_short"): lambda: _("Give an answer of three letters or more."),
    ("answer", "too_long"): lambda: _("Shorten this to 200 characters."),
    ("answer", "twice"): lambda: _("You gave this answer already. Give each question its own."),
}


def question_choices() -> list[tuple[str, str]]:
    """The questions to choose from, as (code, words)."""
    return [(code, QUESTIONS[code]) for code in CODES]


def refuse_password(form: Form, error: Invalid) -> None:
    """Put the sentence for a weak password at its field."""
    form.refuse("password", _PASSWORD[error.fields["password"]]())


def refuse_questions(form: Form, error: Invalid) -> None:
    """Put the sentences for poor questions and answers at their fields."""
    for name, code in error.fields.items():
        form.refuse(name, _QUESTION[name.rstrip("123"), code]())
