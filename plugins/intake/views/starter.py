"""A form for the practice's record to begin with, in our own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vestibule.data import questionnaires
from vestibule.web import gettext as _

URL = "urn:vestibule:questionnaire:clinical-history"
Line = tuple[questionnaires.Ask, str, bool, Sequence[str]]


def clinical_history() -> Any:
    """The form in the reader's language: what a clinician wants to know before the first session."""
    form = questionnaires.new_questionnaire(URL, _("Clinical history"))
    for ask, text, required, options in _lines():
        item = questionnaires.new_item(ask, text, required=required, options=options)
        form = questionnaires.add_item(form, item)
    return form


def _lines() -> Sequence[Line]:
    used = (_("Alcohol"), _("Tobacco"), _("Cannabis"), _("Other drugs"))
    often = (_("Not at all"), _("On some days"), _("On most days"), _("Every day"))
    return [
        ("long_text", _("What would you like to be different after our work together?"), True, ()),
        ("choice", _("How often does it get in the way of your day?"), True, often),
        ("yes_no", _("Have you been in therapy or counselling before?"), True, ()),
        ("long_text", _("If so: with whom, when, and what helped?"), False, ()),
        ("long_text", _("Which medicines do you take, and how much of each?"), False, ()),
        ("long_text", _("Which illnesses or operations should we know of?"), False, ()),
        ("choices", _("What do you use?"), False, used),
        ("yes_no", _("In the last two weeks, have you thought of harming yourself?"), True, ()),
        ("long_text", _("Who is there for you when things are hard?"), False, ()),
        ("long_text", _("What else should we know?"), False, ()),
    ]
