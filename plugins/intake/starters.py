"""Forms to begin with, in our own words and in the reader's language; the practice makes them its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vestibule.data import questionnaires
from vestibule.web import gettext as _
from vestibule.web import lazy

new_item, ready = questionnaires.new_item, questionnaires.ready_item


@dataclass(frozen=True, slots=True)
class Starter:
    """What the editor offers: its title, what it is for, and what stands in it."""

    title: Any
    purpose: Any
    items: Callable[[], list[Any]]
    is_consent: bool = False


def _words(*paragraphs: str) -> Any:
    return new_item("words", "\n\n".join(paragraphs))


def _more_about_you() -> list[Any]:
    return [
        ready("phone"),
        ready("address"),
        ready("emergency"),
        ready("insurance"),
        new_item("text", _("Who may we thank for sending you to us?")),
    ]


def _history() -> list[Any]:
    often = [_("Never"), _("Now and then"), _("Every week"), _("Every day")]
    return [
        new_item("long_text", _("What brings you here, and since when?"), required=True),
        new_item("yes_no", _("Have you been in counseling or therapy before?")),
        new_item("long_text", _("What helped then, and what did not?")),
        new_item("long_text", _("Illnesses, operations or injuries that we should know of")),
        ready("medications"),
        new_item("choice", _("How often do you drink alcohol?"), options=often),
        new_item("choice", _("How often do you use other substances?"), options=often),
        new_item("scale", _("How well have you slept in the last two weeks? 0 is very badly, 10 very well.")),
        new_item("long_text", _("Who is there for you: family, friends, others?")),
    ]


def _treatment() -> list[Any]:
    return [
        _words(
            _(
                "Counseling and therapy can help with many things. It can also stir up feelings that "
                "are hard for a while, and nobody can promise how it will turn out. You may ask about "
                "the way we work at any time, and you may stop at any time."
            ),
            _(
                "What you tell us stays with us. There are exceptions that the law makes: when "
                "somebody's life or safety is in danger, when a child or a person in care is harmed, "
                "and when a court orders it."
            ),
            _(
                "Appointments that you can't keep are to be cancelled in time; how late is too late, "
                "and what a late one costs, is said where you book."
            ),
        ),
        new_item("yes_no", _("I have read this, and my questions were answered."), required=True),
        new_item("yes_no", _("I agree to treatment by this practice."), required=True),
    ]


def _telehealth() -> list[Any]:
    return [
        _words(
            _(
                "In a videoconference we see and hear each other over the internet. Nothing is "
                "recorded by us, and please record nothing either. Choose a place where nobody "
                "listens, and tell us at the beginning where you are, so that help can reach you if "
                "it is needed."
            ),
            _(
                "The line can fail. Then we call you on the phone. A videoconference is not for "
                "emergencies: call 911 or 988, or go to the nearest emergency room."
            ),
        ),
        new_item("phone", _("Phone number for when the line fails"), required=True),
        new_item("yes_no", _("I agree to meet by videoconference."), required=True),
    ]


def _privacy() -> list[Any]:
    return [
        _words(
            _(
                "This notice says how we use and protect what we know of your health. We use it to "
                "treat you, to be paid, and to run the practice. For anything else we ask you first, "
                "in writing, unless the law demands it."
            ),
            _(
                "You may read your record and have a copy, ask us to mend it, ask to whom we gave "
                "what, and ask us to reach you in another way. If you think that your privacy was not "
                "kept, you may complain to us or to the authority in charge; nobody will hold it "
                "against you."
            ),
        ),
        new_item("yes_no", _("I have received this notice."), required=True),
    ]


def _release() -> list[Any]:
    return [
        _words(
            _(
                "With this you let us tell somebody else what you name here, for the purpose and "
                "until the day that you name. You may withdraw it at any time from then on; what was "
                "told before stays told."
            ),
        ),
        ready("release"),
    ]


def _nothing() -> list[Any]:
    return []


STARTERS: Mapping[str, Starter] = {
    "more": Starter(
        lazy("More about you"),
        lazy("Phone, address, emergency contact, insurance with pictures of the card"),
        _more_about_you,
    ),
    "history": Starter(
        lazy("Your history"), lazy("What brings people here, health, medications, habits"), _history
    ),
    "treatment": Starter(
        lazy("Consent to treatment"), lazy("Signed, and can be withdrawn"), _treatment, is_consent=True
    ),
    "telehealth": Starter(
        lazy("Consent to videoconferences"),
        lazy("Signed, and can be withdrawn"),
        _telehealth,
        is_consent=True,
    ),
    "privacy": Starter(
        lazy("Notice of privacy practices"), lazy("Signed as received"), _privacy, is_consent=True
    ),
    "release": Starter(
        lazy("Release of information"), lazy("Signed, with purpose and last day"), _release, is_consent=True
    ),
    "empty": Starter(lazy("An empty form"), lazy("You add all questions yourself"), _nothing),
    "empty_consent": Starter(
        lazy("An empty consent"), lazy("Your own text, signed"), _nothing, is_consent=True
    ),
}
