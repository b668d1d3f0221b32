"""The pages of appointments in the whole house: what a client and a member do by forms alone."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from core import clock, db
from core.appointments import service
from core.appointments.models import Appointment
from core.tenancy import Scope
from tests.support.house import Browser, House

CHICAGO = ZoneInfo("America/Chicago")
CLIENT, OWNER = "client@demo.test", "provider@demo.test"


def slots_of(page: str) -> list[str]:
    return re.findall(r'name="slot" value="([^"]+)"', page)


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def words_of(page: str) -> str:
    """The text that a person reads."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def schedule(browser: Browser, page: str, slot: str) -> tuple[int, str]:
    answer = browser.post("/appointments/schedule", {"key": key_of(page), "slot": slot})
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def one_id(house: House) -> str:
    rows = Scope.system("test", house.provider_id("ortiz")).rows(Appointment)
    row = rows.where(Appointment.from_at > clock.now()).order_by(Appointment.from_at).first()
    return str(row.id)


def test_S10_1_search_schedule_booked_and_the_provider_sees_it(house: House) -> None:
    client = house.browser(CLIENT)
    start = client.get("/appointments/").text
    assert "Search for Appointments" in start
    page = client.get("/appointments/search").text
    assert "Times are in Chicago time." in words_of(page)
    assert "Free to cancel until 24 hours before." in words_of(page)
    slot = slots_of(page)[3]
    status, where = schedule(client, page, slot)
    assert status == 303
    assert "Your appointment is booked" in client.get(where).text
    assert schedule(client, page, slot) == (303, where)
    at = datetime.fromtimestamp(int(slot.split("_")[2]), UTC)
    owner = house.browser(OWNER)
    day = owner.get(f"/practice/ortiz/calendar/?on={at.astimezone(CHICAGO).date()}")
    assert "Carla Mendes" in day.text
    assert "Carla Mendes" in owner.get("/practice/ortiz/calendar/week?on=" + str(at.date())).text


def test_S10_1_the_second_is_told_and_shown_three_other_times(house: House) -> None:
    first, second = house.browser(CLIENT), house.browser("twoproviders@demo.test")
    page = first.get("/appointments/search").text
    other = second.get("/appointments/search?provider=" + str(house.provider_id("ortiz"))).text
    # Not the first: its quarter of an hour may be over by the time it is pressed.
    slot = slots_of(page)[4]
    slot_of_other = next(each for each in slots_of(other) if each.split("_")[1:] == slot.split("_")[1:])
    assert schedule(first, page, slot)[0] == 303
    status, text = schedule(second, other, slot_of_other)
    assert status == 409
    assert "That time has just been taken. Nothing was booked." in words_of(text)
    near = slots_of(text)
    assert len(near) == 3
    assert schedule(second, text, near[0])[0] == 303


def test_S10_2_scheduled_and_past(house: House) -> None:
    client = house.browser(CLIENT)
    assert client.get("/appointments/").text.count('class="row tone') == 1
    past = client.get("/appointments/past")
    assert past.status_code == 200
    assert past.text.count('class="row tone') == 1


def test_cancelling_asks_first_and_frees_the_time(house: House) -> None:
    client, id = house.browser(CLIENT), one_id(house)
    asked = words_of(client.get(f"/appointments/{id}/cancel").text)
    assert "Cancel this appointment" in asked
    assert "Keep it" in asked
    answer = client.post(f"/appointments/{id}/cancel")
    assert answer.headers["Location"] == f"/appointments/{id}/"
    assert "This appointment is cancelled" in client.get(f"/appointments/{id}/").text
    assert client.get(f"/appointments/{id}/booked").status_code == 303
    assert client.post(f"/appointments/{id}/cancel").status_code == 303
    assert "Cancelled by the client" in words_of(client.get("/appointments/past").text)


def test_later_than_the_notice_the_page_says_whom_to_call(house: House) -> None:
    client, id = house.browser(CLIENT), one_id(house)
    with db.transaction():
        system = Scope.system("test", house.provider_id("ortiz"))
        row = system.rows(Appointment).where(Appointment.id == id).get()
        system.change(row, cancel_until_at=clock.now() - timedelta(hours=1))
    page = words_of(client.get(f"/appointments/{id}/cancel").text)
    assert "(312) 555-0142" in page
    refused = client.post(f"/appointments/{id}/cancel")
    assert refused.status_code == 409
    assert "Nothing was changed" in words_of(refused.text)
    assert "To change anything now" in words_of(client.get(f"/appointments/{id}/").text)


def test_the_calendar_file_is_neutral(house: House) -> None:
    client, id = house.browser(CLIENT), one_id(house)
    answer = client.get(f"/appointments/{id}/appointment.ics")
    assert answer.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "SUMMARY:Appointment\\, Your appointment office" in answer.text
    assert "Ortiz" not in answer.text


@pytest.mark.parametrize("slot", ["", "x", "a_b_c", "00000000-0000-7000-8000-000000000000_x_1", "_" * 3])
def test_a_crafted_slot_is_not_found(house: House, slot: str) -> None:
    answer = house.browser(CLIENT).post("/appointments/schedule", {"key": "k", "slot": slot})
    assert answer.status_code == 404


def test_S3_2_a_crafted_time_between_the_quarters_is_refused(house: House) -> None:
    client = house.browser(CLIENT)
    page = client.get("/appointments/search").text
    type_id, member_id, seconds = slots_of(page)[0].split("_")
    for odd in (int(seconds) + 60, 1, 9_999_999_999):
        status, text = schedule(client, page, f"{type_id}_{member_id}_{odd}")
        assert status == 422
    assert "Nothing was booked" in words_of(text)


@pytest.mark.parametrize("on", ["2026-13-45", "x", "9999-12-31", "0001-01-01"])
def test_odd_filters_show_a_page(house: House, on: str) -> None:
    assert house.browser(CLIENT).get(f"/appointments/search?on={on}&type=x").status_code == 200
    owner = house.browser(OWNER)
    assert owner.get(f"/practice/ortiz/calendar/?on={on}&clinician=x").status_code == 200
    assert owner.get(f"/practice/ortiz/calendar/week?on={on}").status_code == 200


def test_two_providers_share_one_search(house: House) -> None:
    page = words_of(house.browser("twoproviders@demo.test").get("/appointments/search").text)
    assert "Dr Lena Ortiz: " in page
    assert "Harbor Street Therapy: " in page


def test_a_member_books_moves_and_cancels_for_a_client(house: House) -> None:
    desk = house.browser("desk@harbor.test")
    base = "/practice/harbor/calendar"
    assert "Stan" in desk.get(f"{base}/book").text
    found = desk.post(f"{base}/book", {"name": "farr"})
    assert "Tess Farrow" in found.text
    assert "Stan Ranger" not in found.text
    client_id = house.chart("twoproviders@demo.test", "harbor").id
    scope = house.member_scope("desk@harbor.test", "harbor")
    kind = service.types_of(scope)[0].type
    form = desk.get(f"{base}/book/{client_id}").text
    day = (clock.now() + timedelta(days=3)).astimezone(ZoneInfo("America/New_York")).date()
    sent = {
        "key": key_of(form),
        "type": str(kind.id),
        "clinician": str(house.member("clinician@harbor.test", "harbor").id),
        "on": str(day),
        "at": "20:07",
    }
    outside = desk.post(f"{base}/book/{client_id}", sent)
    assert outside.status_code == 409
    assert "Book anyway" in outside.text
    booked = desk.post(f"{base}/book/{client_id}", sent | {"anyway": "yes"})
    assert booked.status_code == 303
    address = booked.headers["Location"]
    assert "Tess Farrow" in desk.get(address).text
    moved = desk.post(f"{address}move", {**sent, "at": "10:00 am"})
    assert moved.status_code == 303
    assert "10:00-10:50 am" in words_of(desk.get(address).text)
    again = desk.post(f"{base}/book/{client_id}", sent | {"key": "z", "at": "10:30", "anyway": "yes"})
    assert again.status_code == 409
    assert "just been taken" in words_of(again.text)
    assert desk.post(f"{address}cancel").status_code == 303
    assert "Cancelled by the practice" in words_of(desk.get(address).text)
    assert desk.get(f"{address}move").status_code == 404


def test_a_biller_reads_the_calendar_and_changes_nothing(house: House) -> None:
    biller = house.browser("biller@harbor.test")
    assert biller.get("/practice/harbor/calendar/").status_code == 200
    assert "Book for a client" not in biller.get("/practice/harbor/calendar/").text
    assert biller.get("/practice/harbor/calendar/book").status_code == 404
    assert biller.get("/practice/harbor/settings/hours/").status_code == 404
    client_id = house.chart("twoproviders@demo.test", "harbor").id
    tab = biller.get(f"/practice/harbor/clients/{client_id}/appointments")
    assert tab.status_code == 200
    assert biller.get("/practice/ortiz/calendar/").status_code == 404


def test_an_owner_sets_hours_days_and_types(house: House) -> None:
    owner = house.browser(OWNER)
    settings = "/practice/ortiz/settings"
    to_own = owner.get(f"{settings}/hours/")
    assert to_own.status_code == 303
    hours = to_own.headers["Location"]
    assert owner.get(hours).status_code == 200
    overlap = owner.post(hours, {"weekdays": "0", "opens": "10:00", "closes": "11:00"})
    assert overlap.status_code == 422
    assert "overlap" in overlap.text
    assert owner.post(hours, {}).status_code == 422
    added = owner.post(hours, {"weekdays": ["0", "5"], "opens": "18:00", "closes": "12:00 am"})
    assert added.status_code == 303
    assert "12:00 am" in owner.get(hours).text
    removes = re.findall(r'action="([^"]+/remove/[^"]+)"', owner.get(hours).text)
    assert owner.post(removes[0]).status_code == 303
    days = f"{hours}exceptions"
    assert owner.get(days).status_code == 200
    assert owner.post(days, {"kind": "closed"}).status_code == 422
    later = (clock.now() + timedelta(days=20)).date()
    assert owner.post(days, {"kind": "closed", "first_on": str(later), "for_all": "y"}).status_code == 303
    assert "all clinicians" in owner.get(hours).text
    gone = re.findall(r'action="([^"]+/exceptions/[^"]+/remove)"', owner.get(hours).text)
    assert owner.post(gone[0]).status_code == 303
    assert owner.get(f"{settings}/types/").status_code == 200
    new = f"{settings}/types/new"
    assert owner.get(new).status_code == 200
    who = str(house.member(OWNER, "ortiz").id)
    video = {"title": "Short call", "minutes": "25", "place": "video", "clinicians": who}
    assert "Say how to join" in words_of(owner.post(new, video).text)
    assert owner.post(new, video | {"how_to_join": "https://meet.example/1"}).status_code == 303
    listed = owner.get(f"{settings}/types/").text
    assert "Short call" in listed
    changes = re.findall(rf'href="({settings}/types/[0-9a-f-]{{36}})"', listed)
    for change in changes:
        assert owner.get(change).status_code == 200
    assert owner.get(f"{changes[0]}/retire").status_code == 200
    assert owner.post(f"{changes[0]}/retire").status_code == 303


def test_a_clinician_sees_only_the_own_hours(house: House) -> None:
    sam = house.browser("clinician@harbor.test")
    own = sam.get("/practice/harbor/settings/hours/").headers["Location"]
    assert sam.get(own).status_code == 200
    other = house.member("provider2@demo.test", "harbor").id
    assert sam.get(f"/practice/harbor/settings/hours/{other}/").status_code == 404
    assert sam.get("/practice/harbor/settings/types/").status_code == 404


def test_letters_are_neutral(house: House) -> None:
    client = house.browser(CLIENT)
    page = client.get("/appointments/search").text
    schedule(client, page, slots_of(page)[0])
    from core import mail  # noqa: PLC0415 -- bound by the app of the fixture

    at = clock.now()
    values = {
        "from_at": at,
        "appointment_id": one_id(house),
        "practice": "Your appointment office",
        "reader": "Carla",
    }
    for event in ("booked", "moved", "cancelled"):
        for portal in (True, False):
            letter = mail.render(
                f"appointments/{event}", values | {"has_portal": portal, "is_portal_open": True}, "en", "UTC"
            )
            assert "Ortiz" not in " ".join(letter)
            assert ("/appointments/" in letter[1]) is portal
        member = mail.render(f"appointments/{event}_clinician", values | {"slug": "ortiz"}, "en", "UTC")
        assert "/practice/ortiz/calendar/" in member[1]
        assert "Carla" not in " ".join(member)
