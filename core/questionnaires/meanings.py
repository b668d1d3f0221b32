"""Which element of a FHIR Patient an item asks for (Questionnaire.item.definition), and what follows."""

from datetime import date

from core import clock

PATIENT = "http://hl7.org/fhir/StructureDefinition/Patient#Patient."
GIVEN_NAME = PATIENT + "name.given"
FAMILY_NAME = PATIENT + "name.family"
BIRTH_DATE = PATIENT + "birthDate"
PHONE = PATIENT + "telecom:phone.value"
CONTACT_PHONE = PATIENT + "contact.telecom:phone.value"
CONSENT = "http://hl7.org/fhir/StructureDefinition/Consent#Consent."
PURPOSE = CONSENT + "provision.purpose"
EXPIRY = CONSENT + "provision.period.end"
PHONES = frozenset({PHONE, CONTACT_PHONE})

# The browser may fill in what it knows of the person themselves (WCAG 2.2, 1.3.5).
AUTOCOMPLETE = {
    GIVEN_NAME: "given-name",
    FAMILY_NAME: "family-name",
    PATIENT + "name:usual.given": "nickname",
    BIRTH_DATE: "bday",
    PHONE: "tel",
    PATIENT + "address.line:first": "address-line1",
    PATIENT + "address.line:second": "address-line2",
    PATIENT + "address.city": "address-level2",
    PATIENT + "address.state": "address-level1",
    PATIENT + "address.postalCode": "postal-code",
}


def latest_birth() -> date:
    """Today, where the day is furthest on."""
    return clock.today("Pacific/Kiritimati")
