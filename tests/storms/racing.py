"""What people reach for at the same moment, made ready by services; and how often more than one got it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from core import clock, db
from core.accounts import service as accounts
from core.appointments import service as appointments
from core.appointments.forms import slot_value
from core.outbox import Outbox
from core.tenancy import Client, Scope
from plugins.intake import service as intake
from tests.storms.unguarding import ask
from tests.support.house import Browser, House
from tests.support.place import Place
from vestibule.data import questionnaires
from vestibule.testing import people
from vestibule.testing.people import PASSWORD

SLUG, OWNER = "ortiz", "provider@demo.test"
RACERS = 25
# All of these overlap with each other: one person gets one of them.
MINUTES = (0, 15, 30, 45)
EVERY_HOURS = 2
OVERLAPS = """
SELECT COUNT(*) FROM appointments_occupancy AS one JOIN appointments_occupancy AS other
ON one.resource_id = other.resource_id AND one.id < other.id
AND one.from_at < other.to_at AND other.from_at < one.to_at
"""
SHARED = """
SELECT COALESCE(SUM(times - 1), 0)
FROM (SELECT COUNT(*) AS times FROM account GROUP BY email_blind) AS counted
"""
ABOUT: dict[str, Any] = {
    "given-name": ("Storm",),
    "family-name": ("Person",),
    "birth-date": (date(1990, 5, 4),),
    "phone": ("(312) 555-0101",),
}


@dataclass(frozen=True)
class Wish:
    """One press, wherever it is sent; `address` is where they sit."""

    cookie: str
    fields: dict[str, str]
    path: str
    address: str


def _addresses() -> Iterator[str]:
    return (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(1, 1 << 24))


def _wish(browser: Browser, path: str, address: str, **fields: str) -> Wish:
    return Wish(browser.cookie, {"csrf_token": browser.csrf_token} | fields, path, address)


def _system(house: House) -> Scope:
    return Scope.system("a storm", house.provider_id(SLUG))


def _join(house: House, name: str, count: int, origin: str = "invited") -> list[tuple[str, str]]:
    """New clients, each with an account: address and chart."""
    scope, found = _system(house), []
    with db.transaction():
        for number in range(count):
            account = people.new_account(f"{name}{number}@storms.test", f"Racer Number{number}", "none")
            found.append((account.email, str(people.new_client(scope, account, origin))))
    return found


def bookings(house: House, count: int) -> list[list[Wish]]:
    """Groups of people who want times of one clinician that all overlap."""
    scope = house.member_scope(OWNER, SLUG)
    session = next(each for each in appointments.types_of(scope) if each.type.title == "Session").type
    racers = [house.browser(email) for email, _chart in _join(house, "booker", RACERS)]
    zone = ZoneInfo(scope.provider.zone)
    places = list(zip(racers, _addresses(), strict=False))
    lena, groups = house.member(OWNER, SLUG), []
    starts = _starts(zone, house)
    for start in islice(starts, max(count // RACERS, 1)):
        group = []
        for number, (racer, address) in enumerate(places):
            at = start + timedelta(minutes=MINUTES[number % len(MINUTES)])
            slot = slot_value(session.id, lena.id, at)
            group.append(_wish(racer, "/appointments/schedule", address, key=f"{start} {number}", slot=slot))
        groups.append(group)
    return groups


def _starts(zone: ZoneInfo, house: House) -> Iterator[datetime]:
    """Beginnings of stretches that don't touch, in the clinician's hours, from the day after tomorrow on."""
    today = clock.now().astimezone(zone).date()
    for days in range(7, 55):
        for hour in range(9, 16, EVERY_HOURS):
            yield datetime.combine(today + timedelta(days=days), time(hour), zone)


def overlaps(place: Place) -> int:
    """Pairs of held times of one clinician that overlap."""
    return _number(place, OVERLAPS)


def invitations(house: House, count: int) -> list[list[Wish]]:
    """Pairs: two browsers with one link, by turns of strangers and of one who has an account."""
    scope, owner = _system(house), house.member_scope(OWNER, SLUG)
    made = []
    for number in range(count // 2):
        email = f"invited{number}@storms.test"
        with db.transaction():
            if number % 2:
                people.new_account(email, f"Invited Number{number}", "none")
            made.append((email, _add_chart(scope, email)))
        accounts.invite_client(owner, made[-1][1])
    tokens = _tokens("accounts/invitation")
    places, groups = _addresses(), []
    for number, (email, _chart) in enumerate(made):
        browsers = [house.browser(email if number % 2 else "") for _ in range(2)]
        path = f"/invitation/{tokens[email]}"
        groups.append([_wish(one, path, next(places), password=PASSWORD) for one in browsers])
    return groups


def _add_chart(scope: Scope, email: str) -> Any:
    now = clock.now()
    told = {"email": email, "email_blind": accounts.client_email_blind(email, scope.provider_id)}
    names = {"given_name": "Ida", "family_name": "Vole", "origin": "provider"}
    return scope.add(Client, created_at=now, **names, **told).id


def _tokens(template: str) -> dict[str, str]:
    """The tokens of letters that wait, by address; the letters are taken away, so that none is sent."""
    found = {}
    for row in db.house_rows(Outbox).where(Outbox.kind == "mail", Outbox.target == template):
        found[row.payload["address"]] = row.payload["values"]["token"]
    with db.transaction():
        db.house_delete(Outbox).where(Outbox.kind == "mail").execute()
    return found


def accepted_again(place: Place) -> int:
    """Acceptances beyond the first of an invitation."""
    return _noted_again(place, "accounts.invitation_accepted")


def _noted_again(place: Place, event: str) -> int:
    of_event = f"(SELECT COUNT(*) AS times FROM audit_row WHERE event = '{event}' GROUP BY record_id)"  # noqa: S608
    return _number(place, f"SELECT COALESCE(SUM(times - 1), 0) FROM {of_event} AS counted")  # noqa: S608


def _number(place: Place, statement: str) -> int:
    """One number by a statement of ours."""
    ((number,),) = ask(place, [statement])
    return int(str(number))


def intakes(house: House, count: int) -> list[list[Wish]]:
    """Pairs: two devices of one person, both on the last page of the intake."""
    places, groups = _addresses(), []
    for email, chart in _join(house, "filler", count // 2, "self"):
        scope = house.client_scope(email, SLUG)
        _fill(scope)
        browsers = [house.browser(email) for _ in range(2)]
        groups.append([_wish(one, f"/intake/{chart}/check/", next(places)) for one in browsers])
    return groups


def _fill(scope: Scope) -> None:
    work = intake.open_work(scope, scope.client_id)
    intake.save(scope, work, "about-you", questionnaires.respond(work.about_you, ABOUT))
    work = intake.open_work(scope, scope.client_id)
    answers = {
        item.link_id: (item.options[0].value,) if item.kind == "choice" else ("words",)
        for item in work.questions.questions
    }
    intake.save(scope, work, "questions", questionnaires.respond(work.questions, answers))


def submitted_again(place: Place) -> int:
    """Submissions beyond the first of an intake."""
    return _noted_again(place, "intake.submitted")


def addresses(house: House, count: int) -> list[list[Wish]]:
    """Pairs who want one address: two who change theirs, or one of these and one who signs up."""
    provider_id, places = house.provider_id(SLUG), _addresses()
    movers = _join(house, "mover", count)
    pairs = list(zip(movers[::2], movers[1::2], strict=False))
    wished: list[list[Wish]] = []
    for number, ((one, _), (other, _)) in enumerate(pairs):
        email = f"wanted{number}@storms.test"
        group = [_mover(house, one, email, next(places))]
        if number % 2:
            group.append(_mover(house, other, email, next(places)))
        else:
            person = accounts.NewPerson("Wanda", "Ted", email, PASSWORD)
            accounts.sign_up(Scope("anyone", address=next(places)), provider_id, person)
            path = f"/confirm/{_tokens('accounts/signup')[email]}"
            group.append(_wish(house.browser(), path, next(places), password=PASSWORD))
        wished.append(group)
    return wished


def _mover(house: House, own: str, wanted: str, address: str) -> Wish:
    accounts.ask_for_email(house.client_scope(own, SLUG), wanted)
    return _wish(house.browser(own), f"/email/{_tokens('accounts/email_confirm')[wanted]}", address)


def shared_addresses(place: Place) -> int:
    """Accounts beyond the first of an address."""
    return _number(place, SHARED)
