"""Progress notes: drafts of their author's, signed for good, added to; read by whom they are for."""

from __future__ import annotations

from typing import Any

import peewee
import pytest

from core import clock, db, plugin_settings, subscriptions
from core.spec.errors import ConnectorFailed, NotFound, RecordConflict, Refused
from core.tenancy import Scope
from plugins.myclientsplus import service
from plugins.myclientsplus.models import Note
from tests.support.house import House
from vestibule.data import practice_records

MAYA, SAM, STAN = "provider2@demo.test", "clinician@harbor.test", "stranger@demo.test"


@pytest.fixture
def chart(house: House) -> Any:
    """A client of Harbor Street, which holds My Clients Plus here."""
    found = house.chart(STAN, "harbor")
    subscriptions.switch(Scope.system("test"), found.provider_id, "MCP", is_on=True)
    return found


def write(scope: Scope, chart: Any, kind: str = "progress", body: str = "She slept.", **more: Any) -> Note:
    told: dict[str, Any] = {"kind": kind, "title": "A session", "body": body, "written_at": clock.now()}
    return service.begin_note(scope, chart.id, **told, **more)


def bodies(scope: Scope, chart: Any) -> list[str]:
    return [each.row.body for each in service.notes_of(scope, chart.id)]


def test_a_draft_is_its_author_s_and_a_signed_note_everybody_s(house: House, chart: Any) -> None:
    maya, sam = house.member_scope(MAYA, "harbor"), house.member_scope(SAM, "harbor")
    row = write(sam, chart)
    assert (bodies(sam, chart), bodies(maya, chart)) == (["She slept."], [])
    with pytest.raises(NotFound):
        service.sign_note(maya, chart.id, row.id, 1)
    service.sign_note(sam, chart.id, row.id, 1)
    assert bodies(maya, chart) == ["She slept."]
    private = write(sam, chart, kind="psychotherapy", body="For me alone.")
    service.sign_note(sam, chart.id, private.id, 1)
    assert "For me alone." in bodies(sam, chart)
    assert "For me alone." not in bodies(maya, chart)
    told = practice_records(Scope.system("test", chart.provider_id)).notes.notes(chart.id).entries
    assert [each.note.text for each in told] == ["She slept."]
    with pytest.raises(ConnectorFailed, match="refused"):
        practice_records(house.member_scope("desk@harbor.test", "harbor")).notes.notes(chart.id)


def test_a_signed_note_is_only_added_to_and_the_database_holds_it(house: House, chart: Any) -> None:
    sam = house.member_scope(SAM, "harbor")
    row = write(sam, chart)
    service.sign_note(sam, chart.id, row.id, 1)
    for act in (
        lambda: service.change_note(sam, chart.id, row.id, 1, body="Other words."),
        lambda: service.drop_draft(sam, chart.id, row.id),
        lambda: service.sign_note(sam, chart.id, row.id, 1),
    ):
        with pytest.raises(Refused, match="signed"):
            act()
    for values in ({"locked_at": None}, {"written_at": clock.now()}, {"version": 2}, {"author_id": None}):
        with pytest.raises(peewee.IntegrityError, match="note_stays"), db.transaction():
            db.house_change(sam.one(Note, row.id), **values)
    with pytest.raises(peewee.IntegrityError, match="note_stays"), db.transaction():
        db.house_delete(Note).where(Note.id == row.id).execute()
    added = write(sam, chart, body="The diary says five.", amends_id=row.id)
    with pytest.raises(Refused, match="not_signed"):
        write(sam, chart, body="Of a draft.", amends_id=added.id)
    service.sign_note(sam, chart.id, added.id, 1)
    (shown,) = service.notes_of(sam, chart.id)
    assert [each.row.body for each in shown.amendments] == ["The diary says five."]


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_draft_changed_in_two_windows_loses_neither_text(house: House, chart: Any) -> None:
    sam = house.member_scope(SAM, "harbor")
    row = write(sam, chart)
    service.change_note(sam, chart.id, row.id, 1, body="From the first window.")
    with pytest.raises(RecordConflict, match="changed"):
        service.sign_note(sam, chart.id, row.id, 1)
    told = {"kind": "progress", "title": "A session", "on": "2026-03-04", "body": "From the second window."}
    where = f"/practice/harbor/clients/{chart.id}/notes/{row.id}/"
    answer = house.browser(SAM).post(where, {**told, "version": "1"})
    assert answer.status_code == 409
    assert "From the first window." in answer.text
    assert "From the second window." in answer.text
    assert house.browser(SAM).post(where, {**told, "version": "2"}).status_code == 303
    assert bodies(sam, chart) == ["From the second window."]


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_same_page_sent_twice_is_one_charge(house: House, chart: Any) -> None:
    browser = house.browser(MAYA)
    told = {"title": "Session", "amount": "120.50", "on": "2026-03-04", "key": "a key of the page"}
    where = f"/practice/harbor/clients/{chart.id}/balance/charge/"
    assert browser.post(where, {**told, "amount": "0.005"}).status_code == 422
    assert browser.post(where, {**told, "key": "a"}).status_code == 303
    assert browser.post(where, {**told, "key": "a"}).status_code == 303
    (account,) = service.accounts_of(house.member_scope(MAYA, "harbor"))
    assert account.due == 12_050


@pytest.mark.parametrize("database", ["sqlite"])
def test_kept_elsewhere_nothing_is_written_here_and_all_stays_to_be_read(house: House, chart: Any) -> None:
    maya = house.member_scope(MAYA, "harbor")
    row = write(maya, chart)
    service.sign_note(maya, chart.id, row.id, 1)
    plugin_settings.put(maya, "myclientsplus.kept_here", value=False)
    browser, where = house.browser(MAYA), f"/practice/harbor/clients/{chart.id}/"
    page = browser.get(f"{where}notes/").text
    assert "She slept." in page
    assert "Write a note" not in page
    told = {"kind": "progress", "title": "A session", "on": "2026-03-04", "body": "More."}
    assert browser.post(f"{where}notes/write/", told).status_code == 404
    charge = {"title": "Session", "amount": "1", "on": "2026-03-04", "key": "k"}
    assert browser.post(f"{where}balance/charge/", charge).status_code == 404
    assert bodies(maya, chart) == ["She slept."]
