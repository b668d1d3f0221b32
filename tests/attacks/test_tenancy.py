"""Whose row it is: ids of another practice in forms, fields that nobody asked for, pages of one side only."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from core import db
from core.appointments.models import Appointment, AppointmentType
from core.inbox import service as inbox
from core.inbox.models import Thread
from core.tenancy import Scope
from tests.storms.undoing import Undo
from tests.support import harbor
from tests.support.house import House
from tests.support.street import Door, Street

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MISSING = "01980000-0000-7000-8000-000000000000"
TABLES = """SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
    ON c.name = 'provider_id' WHERE m.type = 'table'"""
LENA, TESS = "provider@demo.test", "twoproviders@demo.test"


def of_ortiz(house: House) -> list[str]:
    """An id of each kind at the other practice."""
    ortiz = Scope.system("test", house.provider_id("ortiz"))
    rows = [ortiz.rows(model).first() for model in (Appointment, AppointmentType, Thread)]
    own = [house.chart("client@demo.test", "ortiz"), house.member(LENA, "ortiz"), *rows]
    return [str(ortiz.provider_id), *(str(row.id) for row in own if row is not None)]


def rows_of(house: House, slug: str) -> dict[str, list[str]]:
    """Every row of a practice, by table."""
    key = house.provider_id(slug)
    with closing(sqlite3.connect(f"{house.place.sqlite_file.as_uri()}?mode=ro", uri=True)) as line:
        tables = [name for (name,) in line.execute(TABLES)]
        found = {}
        for table in set(tables) - {"audit_row"}:
            rows = line.execute(f'SELECT * FROM "{table}" WHERE provider_id IN (?, ?)', (key.hex, str(key)))  # noqa: S608
            found[table] = sorted(map(repr, rows))
        return found


def swapped(door: Door, id_: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Each form of a door with each id in it exchanged, alone and doubled before and after the good one."""
    found = []
    for form in door.forms:
        for name, values in form.items():
            if any(UUIDS.search(value) for value in values):
                odd = [UUIDS.sub(id_, value) for value in values]
                rest = {other: list(told) for other, told in form.items()}
                found += [(name, rest | {name: told}) for told in (odd, [*odd, *values], [*values, *odd])]
    return found


def test_A19_an_id_of_another_practice_in_a_form_is_like_one_that_is_missing(street: Street) -> None:
    house = street.house
    foreign = of_ortiz(house)
    assert len(foreign) == 6
    before, tried, wrong = rows_of(house, "ortiz"), 0, []
    assert sum(map(len, before.values())) > 10
    browsers = {who: house.browser(who) for door in street.posts() for who in door.admitted}
    logged_in = Undo(house.place)
    for door in street.posts():
        browser = browsers[door.admitted[0]]
        missing = {(name, n): told for n, (name, told) in enumerate(swapped(door, MISSING))}
        for (name, n), told in missing.items():
            statuses = {MISSING: browser.post(door.path, told).status_code}
            for id_ in foreign:
                if 303 in statuses.values():
                    # It was done with the good id that came first: once more from the start.
                    logged_in.undo()
                statuses[id_] = browser.post(door.path, swapped(door, id_)[n][1]).status_code
                tried += 1
            if len(set(statuses.values())) > 1:
                wrong.append(f"{door.endpoint} {name}: {sorted(set(statuses.values()))}")
    assert not wrong, "\n".join(wrong)
    assert tried > 100
    assert rows_of(house, "ortiz") == before


def test_A24_fields_that_nobody_asked_for_are_ignored(street: Street) -> None:
    house = street.house
    ortiz = house.provider_id("ortiz")
    more = {
        "provider_id": str(ortiz),
        "account_id": str(house.account("client@demo.test").id),
        "role": "owner",
        "is_operator": "1",
        "ended_at": "1",
        "disabled_at": "1",
        "joined_at": "1",
        "amount": "1",
        "paid_at": "1",
        "id": MISSING,
        "password_hash": "x",
        "needs_intake_first": "",
    }
    before, ours = rows_of(house, "ortiz"), standing(house)
    for door in street.posts():
        browser = house.browser(door.admitted[0])
        for form in door.forms or ({},):
            told = {name: list(values) for name, values in form.items()}
            browser.post(door.path, {name: value for name, value in more.items() if name not in told} | told)
        assert rows_of(house, "ortiz") == before, door.endpoint
        assert standing(house)["operators"] == ours["operators"], door.endpoint
        new = standing(house)["owners"] - ours["owners"]
        assert not new, door.endpoint


def standing(house: House) -> dict[str, set[str]]:
    """Who may do everything."""
    with closing(sqlite3.connect(house.place.sqlite_file, timeout=10)) as line:
        operators = line.execute("SELECT email FROM account WHERE is_operator").fetchall()
        owners = line.execute("SELECT id, provider_id FROM member WHERE role = 'owner'").fetchall()
    return {"operators": set(map(repr, operators)), "owners": set(map(repr, owners))}


@pytest.mark.parametrize(
    ("slug", "other", "viewer"), [("ortiz", "harbor", LENA), ("harbor", "ortiz", harbor.OWNER)]
)
def test_A20_a_practice_sees_its_own_part_of_a_client_of_two(
    street: Street, slug: str, other: str, viewer: str
) -> None:
    house = street.house
    for each in ("ortiz", "harbor"):
        chart = house.chart(TESS, each)
        member = house.member_scope(LENA if each == "ortiz" else harbor.OWNER, each)
        inbox.send_new(member, chart.id, subject=f"Mark{each}", body="Words.", key=f"key {each}")
        with db.transaction():
            # The client goes by another name at each practice.
            member.change(chart, family_name=f"Name{each}")
    foreign = {str(row.id) for row in Scope.system("test", house.provider_id(other)).rows(Thread)}
    foreign |= {str(house.chart(TESS, other).id), str(house.provider_id(other))}
    browser, seen = house.browser(viewer), ""
    mine = {"client_id": str(house.chart(TESS, slug).id), "slug": slug}
    for door in street.doors:
        if "GET" in door.methods and harbor.OWNER in door.admitted:
            path = door.path.replace(street.ids[""]["client_id"], mine["client_id"])
            answer = browser.get(path.replace("/harbor/", f"/{slug}/"))
            text = answer.text.lower()
            found = [word for word in (f"mark{other}", f"name{other}", *foreign) if word in text]
            assert not found, (door.endpoint, found)
            seen += text if answer.status_code == 200 else ""
    answers = {
        each: browser.post(f"/practice/{slug}/clients/", {"words": f"Name{each}"}) for each in (slug, other)
    }
    assert mine["client_id"] in answers[slug].text
    assert mine["client_id"] not in answers[other].text
    assert f"mark{slug}" in seen
    assert f"name{slug}" in seen
