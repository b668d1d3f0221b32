"""A person downloads their own data: whole, with what is missing named, portal open or closed."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from core import clock, db, hooks, subscriptions
from core.app import ROOMS, bring_up_to_date, open_house
from core.audit import AuditRow
from core.settings import CHECKOUT, load
from core.tenancy import Client, Scope
from tests.faulty.plugin import Faulty, write_all
from tests.support.house import House, open_app
from tests.support.place import Place

CLIENT, TWO = "client@demo.test", "twoproviders@demo.test"
PATH = "/settings/data/"
RECORD = ("charges", "demographics", "documents", "notes", "payments")
FAULTY = (
    Faulty(
        "failing",
        "",
        manifest={"title": '"Failing"'},
        code="@hookimpl\ndef export_client_data(scope, client):\n    raise RuntimeError('panic')\n",
    ),
    Faulty("broken", "", manifest={"title": '"Broken"'}, code="def (\n"),
    Faulty(
        "silent",
        "",
        manifest={"title": '"Silent"'},
        files={"migrations/0001_first.sql": "CREATE TABLE silent_row (id ID PRIMARY KEY);\n"},
    ),
)


def unpacked(body: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name: json.loads(text) if name.endswith(".json") else text for name, text in texts.items()}


def downloaded(house: House, email: str) -> dict[str, Any]:
    browser = house.browser(email)
    answer = browser.post(PATH)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/zip"
    return unpacked(answer.data)


def downloads(house: House) -> list[Any]:
    rows = Scope.system("test").rows(AuditRow).where(AuditRow.event == "accounts.data_downloaded")
    return list(rows)


def test_A77_the_file_holds_each_room_s_part_for_each_provider(house: House) -> None:
    assert "Download my data" in house.browser(TWO).get("/settings/").text
    assert "Harbor Street Therapy" in house.browser(TWO).get(PATH).text
    files = downloaded(house, TWO)
    parts = {
        "accounts/person",
        "accounts/account",
        "appointments/appointments",
        "inbox/messages",
        "intake/intake",
        *(f"myclientsplus/record_{name}" for name in RECORD),
    }
    slugs = {"ortiz", "harbor"}
    assert files.keys() == {"contents.html"} | {f"{slug}/{part}.json" for slug in slugs for part in parts}
    chart = house.chart(TWO, "harbor")
    (person,) = files["harbor/accounts/person.json"]["entries"]
    assert (person["given_name"], person["family_name"]) == (chart.given_name, chart.family_name)
    assert "Missing" not in files["contents.html"]


def test_A77_what_was_written_and_booked_is_in_it_and_nobody_else_s(house: House) -> None:
    told = {"to": str(house.chart(CLIENT, "ortiz").id), "subject": "A question", "key": "k"}
    house.browser(CLIENT).post("/inbox/new/", {**told, "body": "May I come earlier?"})
    files = downloaded(house, CLIENT)
    threads = files["ortiz/inbox/messages.json"]["entries"]
    assert "May I come earlier?" in [message["text"] for thread in threads for message in thread["messages"]]
    mine = Scope.system("test", house.provider_id("ortiz"))
    booked = files["ortiz/appointments/appointments.json"]["entries"]
    assert len(booked) == 2
    others = [row.email for row in mine.rows(Client) if row.email and row.email != CLIENT]
    assert others
    assert not [email for email in others if email in json.dumps(files)]


def test_A77_each_practice_s_audit_tells_of_it(house: House) -> None:
    downloaded(house, TWO)
    rows = downloads(house)
    assert {row.provider_id for row in rows} == {house.provider_id("ortiz"), house.provider_id("harbor")}
    charts = {house.chart(TWO, "ortiz").id, house.chart(TWO, "harbor").id}
    assert {row.record_id for row in rows} == charts
    assert {row.account_id for row in rows} == {house.account(TWO).id}


def test_A77_a_closed_portal_and_an_ended_join_still_hand_it_out(house: House) -> None:
    system = Scope.system("test")
    subscriptions.switch(system, house.provider_id("harbor"), "CP", is_on=False)
    assert "harbor/inbox/messages.json" in downloaded(house, TWO)
    chart = house.chart(CLIENT, "ortiz")
    with db.transaction():
        system.change(chart, ended_at=clock.now() - timedelta(days=1))
    assert "ortiz/inbox/messages.json" in downloaded(house, CLIENT)
    assert house.browser("newclient@demo.test").get(PATH).status_code == 200
    assert house.browser("provider@demo.test").get(PATH).status_code == 404


def test_own_data_is_limited(house: House) -> None:
    browser = house.browser(CLIENT)
    answers = [browser.post(PATH).status_code for _time in range(12)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_A77_what_is_missing_is_named_and_the_rest_is_there(place: Place, tmp_path: Path) -> None:
    write_all(FAULTY, tmp_path / "plugins")
    more = {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}
    settings = load(place.environment(more))
    open_house(settings)
    bring_up_to_date(settings)
    with open_app(place, more) as house:
        hooks.note_absent([hooks.Plugin("gone", "Gone one", "1", frozenset({"CP"}))])
        files = downloaded(house, CLIENT)
    hooks.note_absent([])
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
    contents = files["contents.html"]
    assert "ortiz/inbox/messages.json" in files
    for title, words in (
        ("Broken", "is not working here"),
        ("Failing", "could not be read"),
        ("Gone one", "is not working here"),
        ("Silent", "does not hand out what it keeps"),
    ):
        assert f"{title}: {words}" in contents
    assert "panic" not in str(files)
