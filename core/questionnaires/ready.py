"""Sections that are ready to be put into a form: they take what a phone's keyboard and camera give easily."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.i18n import gettext as _
from core.i18n import lazy
from core.questionnaires.about_you import line, section
from core.questionnaires.editing import copied, fresh_id
from core.questionnaires.items import Item
from core.questionnaires.meanings import CONTACT_PHONE, EXPIRY, PATIENT, PHONE, PURPOSE
from core.questionnaires.ways import PICTURE


def address_section() -> Item:
    """Where somebody lives."""
    return section(
        "address",
        _("Address"),
        line("line1", _("Street address"), 120, PATIENT + "address.line:first"),
        line("line2", _("Apartment, suite or floor"), 120, PATIENT + "address.line:second"),
        line("city", _("City"), 80, PATIENT + "address.city"),
        line("state", _("State"), 40, PATIENT + "address.state"),
        line("postal", _("ZIP code"), 12, PATIENT + "address.postalCode"),
    )


def emergency_section() -> Item:
    """Whom to call."""
    return section(
        "emergency",
        _("Whom we call in an emergency"),
        line("name", _("Their name"), 120),
        line("relation", _("How you know them"), 80),
        line("phone", _("Their phone"), 40, CONTACT_PHONE),
    )


def insurance_section() -> Item:
    """The insurance, with both sides of its card."""
    return section(
        "insurance",
        _("Insurance"),
        line("company", _("Insurance company"), 120),
        line("member", _("Member number"), 60),
        line("group", _("Group number"), 60),
        line("holder", _("Name of the person who is insured, if it is somebody else"), 120),
        Item(link_id="holder-born", kind="date", text=str(_("Birth date of the person who is insured"))),
        picture("front", str(_("Front of the card"))),
        picture("back", str(_("Back of the card"))),
    )


def picture(link_id: str, text: str) -> Item:
    """A picture, from the camera or a file."""
    return Item(link_id=link_id, kind="attachment", text=text, media_types=(PICTURE,))


def medication_section() -> Item:
    """A list: once for each medication."""
    return replace(
        section(
            "medications",
            _("Medication"),
            line("name", _("Name of the medication"), 120, required=True),
            line("dose", _("Dose, such as 20 mg"), 60),
            line("often", _("How often"), 80),
            line("since", _("Since when"), 40),
        ),
        repeats=True,
    )


def phone_section() -> Item:
    """A number, and whether it may be rung."""
    return section(
        "phone",
        _("Phone"),
        line("number", _("Phone number"), 40, PHONE),
        Item(link_id="voicemail", kind="boolean", text=str(_("May we leave a voice message?"))),
    )


def release_section() -> Item:
    """To whom, what, what for and until when something may be told."""
    return section(
        "release",
        _("What may be told, and to whom"),
        line("whom", _("Name of the person or practice"), 200, required=True),
        line("whom-phone", _("Their phone"), 40, CONTACT_PHONE),
        Item(link_id="what", kind="text", text=str(_("What may be told")), required=True),
        line("purpose", _("What for"), 300, PURPOSE, required=True),
        Item(link_id="until", kind="date", text=str(_("Until when")), definition=EXPIRY, required=True),
    )


READY: Mapping[str, tuple[str, Callable[[], Item]]] = {
    "phone": (lazy("Phone number"), phone_section),
    "address": (lazy("Address"), address_section),
    "emergency": (lazy("Emergency contact"), emergency_section),
    "insurance": (lazy("Insurance, with pictures of the card"), insurance_section),
    "medications": (lazy("List of medications"), medication_section),
    "release": (lazy("What may be told, to whom and until when"), release_section),
}


def ready_item(name: str) -> Item:
    """A ready section in the reader's language, with linkIds that no other has."""
    item = READY[name][1]()
    return copied(item, {one.link_id: fresh_id() for one in item.walk()})
