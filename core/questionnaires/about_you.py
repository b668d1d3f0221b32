"""The builtin questionnaire "About you", and its answers as the record's demographics."""

from datetime import date
from functools import lru_cache

from core.i18n import LOCALES, current_locale
from core.i18n import gettext as _
from core.questionnaires.items import Item
from core.questionnaires.meanings import (
    BIRTH_DATE,
    CONTACT_PHONE,
    FAMILY_NAME,
    GIVEN_NAME,
    PATIENT,
    PHONE,
)
from core.questionnaires.model import Questionnaire
from core.questionnaires.responses import Response, respond
from core.questionnaires.values import Value
from core.spec.types import Address, Demographics, EmergencyContact

URL = "urn:vestibule:questionnaire:about-you"
VERSION = "1"


def demographics_questionnaire() -> Questionnaire:
    """The questionnaire in the reader's language; linkIds and version are the same in all of them."""
    return _in_language(current_locale())


@lru_cache(maxsize=len(LOCALES))
def _in_language(_locale: str) -> Questionnaire:
    return Questionnaire(
        url=URL,
        version=VERSION,
        title=str(_("About you")),
        status="active",
        items=(name_section(), reach_section(), contact_section()),
    )


def name_section() -> Item:
    """Who the person is."""
    return section(
        "name",
        _("Your name"),
        line("given-name", _("First name"), 80, GIVEN_NAME, required=True),
        line("family-name", _("Last name"), 80, FAMILY_NAME, required=True),
        line("preferred-name", _("Name you like to be called"), 80, PATIENT + "name:usual.given"),
        line("pronouns", _("Pronouns"), 40),
        Item(
            link_id="birth-date",
            kind="date",
            text=str(_("Birth date")),
            required=True,
            definition=BIRTH_DATE,
        ),
    )


def reach_section() -> Item:
    """How to reach them."""
    return section(
        "reach",
        _("How to reach you"),
        line("phone", _("Phone"), 40, PHONE, required=True),
        line("address-line1", _("Street address"), 120, PATIENT + "address.line:first"),
        line("address-line2", _("Apartment, suite or floor"), 120, PATIENT + "address.line:second"),
        line("address-city", _("City"), 80, PATIENT + "address.city"),
        line("address-state", _("State"), 40, PATIENT + "address.state"),
        line("address-postal", _("ZIP code"), 12, PATIENT + "address.postalCode"),
    )


def contact_section() -> Item:
    """Whom to call for them."""
    return section(
        "emergency-contact",
        _("Whom we call in an emergency"),
        line("emergency-name", _("Their name"), 120, PATIENT + "contact.name"),
        line("emergency-relation", _("How you know them"), 80, PATIENT + "contact.relationship"),
        line("emergency-phone", _("Their phone"), 40, CONTACT_PHONE),
    )


def section(link_id: str, title: str, *items: Item) -> Item:
    """A group."""
    return Item(link_id=link_id, kind="group", text=str(title), items=items)


def line(link_id: str, text: str, max_length: int, definition: str = "", *, required: bool = False) -> Item:
    """A question that takes one line."""
    return Item(
        link_id=link_id,
        kind="string",
        text=str(text),
        required=required,
        max_length=max_length,
        definition=definition,
    )


def demographics_of(response: Response) -> Demographics:
    """What was told, as the record keeps it; a blank is an empty string or None."""

    def said(link_id: str) -> str:
        value = response.first(link_id)
        return value if isinstance(value, str) else ""

    born = response.first("birth-date")
    return Demographics(
        given_name=said("given-name"),
        family_name=said("family-name"),
        preferred_name=said("preferred-name"),
        pronouns=said("pronouns"),
        birth_on=born if isinstance(born, date) else None,
        phone=said("phone"),
        address=Address(
            line1=said("address-line1"),
            line2=said("address-line2"),
            city=said("address-city"),
            state=said("address-state"),
            postal=said("address-postal"),
        ),
        emergency_contact=EmergencyContact(
            name=said("emergency-name"),
            relation=said("emergency-relation"),
            phone=said("emergency-phone"),
        ),
    )


def response_of(known: Demographics) -> Response:
    """What the record knows already, so that nobody is asked for it twice."""
    values: dict[str, Value | None] = {
        "given-name": known.given_name,
        "family-name": known.family_name,
        "preferred-name": known.preferred_name,
        "pronouns": known.pronouns,
        "birth-date": known.birth_on,
        "phone": known.phone,
        "address-line1": known.address.line1,
        "address-line2": known.address.line2,
        "address-city": known.address.city,
        "address-state": known.address.state,
        "address-postal": known.address.postal,
        "emergency-name": known.emergency_contact.name,
        "emergency-relation": known.emergency_contact.relation,
        "emergency-phone": known.emergency_contact.phone,
    }
    answers = {link_id: (value,) for link_id, value in values.items() if value}
    return respond(demographics_questionnaire(), answers)
