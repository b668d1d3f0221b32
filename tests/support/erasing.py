"""Erasing a client in tests: everything that is kept about them first, then the owner's page."""

from __future__ import annotations

from core.appointments import service as appointments
from core.inbox import service as inbox
from tests.support.house import House

CLIENT, TWO, OWNER = "client@demo.test", "twoproviders@demo.test", "provider@demo.test"
MARKER, PHONE = "Xylophonia", "+1 312 555 0100"


def erase_path(house: House, email: str, slug: str = "ortiz") -> str:
    return f"/practice/{slug}/clients/{house.chart(email, slug).id}/erase/"


def cancel_all(house: House, email: str) -> None:
    owner = house.member_scope(OWNER, "ortiz")
    for entry in appointments.scheduled_appointments(house.client_scope(email, "ortiz")):
        appointments.cancel_appointment(owner, entry.id)


def erased(house: House, email: str) -> str:
    """Erase by the page, as the owner; what the page says then."""
    path, owner = erase_path(house, email), house.browser(OWNER)
    answer = owner.post(path, {"name": house.chart(email, "ortiz").record().name})
    assert answer.status_code == 303, answer.text
    return owner.get(path).text


def furnish(house: House) -> None:
    """Leave the marker in every kind of thing that is kept about the client."""
    client, owner = house.client_scope(CLIENT, "ortiz"), house.member_scope(OWNER, "ortiz")
    chart = house.chart(CLIENT, "ortiz")
    thread = inbox.send_new(client, chart.id, subject=MARKER, body=f"I am {MARKER}", key="k")
    inbox.reply(owner, thread.id, body=f"Dear {MARKER}", key="l")
    inbox.keep_draft(owner, chart.id, "new", subject="", body=MARKER)
    browser = house.browser(CLIENT)
    browser.post("/inbox/draft/", {"to": str(chart.id), "place": "new", "subject": MARKER, "body": "b"})
    told = {"given_name": MARKER, "family_name": "Ann", "phone": PHONE, "contact_name": MARKER}
    assert (
        house.browser(OWNER).post(f"/practice/ortiz/clients/{chart.id}/demographics/", told).status_code
        == 303
    )
    cancel_all(house, CLIENT)
