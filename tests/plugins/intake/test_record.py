"""What a submission does at the practice's record, whoever keeps it: once each, and nothing overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import clock, subscriptions
from core.tenancy import Scope, charts
from plugins.intake import service
from plugins.intake.views.starter import clinical_history
from tests.plugins.intake.test_intake import NICO, fill, obstacles
from tests.support import asked_forms
from tests.support.far_record import FarRecord
from tests.support.house import House
from vestibule.data import Address, practice_records, questionnaires, records

LENA = "provider@demo.test"
FAULTS = ("down", "lost", "forgets", "never", "late_done")


def choose_form(house: House) -> None:
    service.publish_record_form(house.member_scope(LENA, "ortiz"), clinical_history())


def fill_whole(scope: Scope) -> None:
    """All three parts, each question of the last one answered by words that name it."""
    fill(scope)
    work = service.open_work(scope, scope.client_id)
    answers: dict[str, Any] = {}
    for number, item in enumerate(work.record_questions.questions):
        plain = {"text": f"words {number}", "boolean": True}
        answers[item.link_id] = (item.options[0].value,) if item.options else (plain[item.kind],)
    service.save(scope, work, "record", questionnaires.respond(work.record_questions, answers))


def submitted(house: House) -> Scope:
    """Nico has filled in and submitted all three parts; nothing is delivered yet."""
    nico = house.client_scope(NICO, "ortiz")
    fill_whole(nico)
    assert service.submit(nico, nico.client_id) == []
    return nico


def states(house: House, nico: Scope) -> dict[str, str]:
    owner = house.member_scope(LENA, "ortiz")
    return {each.kind: each.state for each in service.filings_of(owner, nico.client_id)}


def is_whole(note: records.Note, asked: int) -> bool:
    questions = clinical_history().questions
    answers = [f"words {number}" for number, item in enumerate(questions) if item.kind == "text"]
    said = [item.text for item in questions] + answers
    return len(questions) == asked and all(words in note.text for words in said)


def later(house: House, **span: int) -> None:
    """Deliver as it will be after this time: what failed is due again."""
    with clock.standing_at(clock.now() + timedelta(**span)):
        house.deliver()


def test_S4_3_the_form_is_the_last_part_only_where_a_record_is_kept(house: House) -> None:
    nico = house.chart(NICO, "ortiz")
    tasks = f"/intake/{nico.id}/"
    assert "Clinical history" not in house.browser(NICO).get(tasks).text
    owner = house.browser(LENA)
    assert "My Clients Plus intake form" in owner.get("/practice/ortiz/settings/").text
    assert owner.post("/practice/ortiz/settings/intake/record-form/", {"start": "1"}).status_code == 303
    text = house.browser(NICO).get(tasks).text
    assert text.index("Whom we call in an emergency") < text.index("Clinical history")
    scope = Scope.system("test", nico.provider_id)
    subscriptions.switch(scope, nico.provider_id, "MCP", is_on=False)
    assert "Clinical history" not in house.browser(NICO).get(tasks).text
    assert "My Clients Plus intake form" not in house.browser(LENA).get("/practice/ortiz/settings/").text
    subscriptions.switch(scope, nico.provider_id, "MCP", is_on=True)
    assert owner.post("/practice/ortiz/settings/intake/record-form/", {"leave": "1"}).status_code == 303
    assert "Clinical history" not in house.browser(NICO).get(tasks).text


def test_S4_3_a_form_of_the_practice_is_used_as_the_record_s_from_its_editor(house: House) -> None:
    owner, lena = house.member_scope(LENA, "ortiz"), house.browser(LENA)
    items = [questionnaires.new_item("long_text", "How do you sleep?", required=True)]
    made = service.begin_form(owner, "Sleep", is_consent=False, items=items)
    editor, use = f"/practice/ortiz/forms/{made}/", "Use as My Clients Plus intake form"
    settings = "/practice/ortiz/settings/intake/record-form/"
    assert use not in lena.get(editor).text, "a draft is asked of nobody"
    assert lena.post(settings, {"use": str(made)}).status_code == 404
    service.publish(owner, "", str(made))
    assert use in lena.get(editor).text
    assert lena.post(settings, {"use": str(made)}).status_code == 303
    assert "Clients are asked this version" in lena.get(editor).text
    nico = house.chart(NICO, "ortiz")
    assert "Sleep" in house.browser(NICO).get(f"/intake/{nico.id}/").text
    assert "Sleep" in lena.get(settings).text
    service.add_question(owner, "text", "And how long?", required=False, options=(), of=str(made))
    service.publish(owner, "", str(made))
    page = lena.get(editor).text
    assert "An earlier version of this form" in page
    assert use in page
    consent = asked_forms.consent(owner, "Consent to treatment")
    assert use not in lena.get(f"/practice/ortiz/forms/{consent}/").text
    assert lena.post(settings, {"use": str(consent)}).status_code == 404
    for wrong in (str(nico.id), "nothing", ""):
        assert lena.post(settings, {"use": wrong}).status_code == 404
    scope = Scope.system("test", nico.provider_id)
    subscriptions.switch(scope, nico.provider_id, "MCP", is_on=False)
    assert use not in lena.get(editor).text


def test_S5_2_S5_4_demographics_and_the_form_are_in_the_record_once(house: House) -> None:
    choose_form(house)
    nico = submitted(house)
    assert service.submit(nico, nico.client_id) == []
    house.deliver()
    owner = house.member_scope(LENA, "ortiz")
    record = practice_records(owner)
    (kept,) = record.notes.notes(nico.client_id).entries
    assert (kept.is_locked, kept.note.kind, kept.note.title) == (True, "intake", "Clinical history")
    assert is_whole(kept.note, asked=10)
    assert kept.note.answers is not None
    known = record.demographics.read(nico.client_id)
    assert known is not None
    assert known.demographics == charts.demographics(owner, nico.client_id)
    assert known.demographics.given_name == "Nicolas"
    assert states(house, nico) == {"demographics": "filed", "note": "filed"}
    page = house.browser(LENA).get(f"/practice/ortiz/clients/{nico.client_id}/notes/").text
    assert "words 4" in page
    assert "filled in by" in page


@pytest.mark.parametrize("how", FAULTS)
@pytest.mark.parametrize("database", ["sqlite"])
def test_S2_2_S5_1_S5_4_a_failing_record_keeps_nobody_waiting_and_gets_all_once(
    far_house: House, far: FarRecord, how: str
) -> None:
    assert obstacles(far_house) == ["blocked"]
    far.fail(how, call="" if how == "down" else "notes.file", times=0 if how == "down" else 1)
    nico = submitted(far_house)
    assert obstacles(far_house) == [], "the client is done all the same"
    far_house.deliver()
    assert states(far_house, nico)["note"] == "waiting"
    page = far_house.browser(LENA).get(f"/practice/ortiz/clients/{nico.client_id}/").text
    assert "Waiting for My Clients Plus" in page
    if how == "down":
        # Three days without an answer: it is never given up.
        for day in range(1, 4):
            for hour in range(6):
                later(far_house, days=day, hours=2 * hour)
        assert states(far_house, nico) == {"demographics": "waiting", "note": "waiting"}
        far.mend()
        later(far_house, days=5)
    later(far_house, minutes=10)
    assert states(far_house, nico) == {"demographics": "filed", "note": "filed"}
    ((note, _amends),) = far.held(far_house, "note")
    assert is_whole(note, asked=10)
    ((told, _based_on),) = far.held(far_house, "person")
    assert told == charts.demographics(far_house.member_scope(LENA, "ortiz"), nico.client_id)


@pytest.mark.parametrize("database", ["sqlite"])
def test_S5_4_what_is_refused_is_said_and_can_be_sent_again(far_house: House, far: FarRecord) -> None:
    far.fail("refuses", call="notes.file")
    nico = submitted(far_house)
    far_house.deliver()
    assert states(far_house, nico) == {"demographics": "filed", "note": "refused"}
    where = f"/practice/ortiz/clients/{nico.client_id}/intake-record/"
    owner = far_house.browser(LENA)
    assert "It refused what was sent." in owner.get(where).text
    far.mend()
    assert owner.post(where, {"again": "1"}).status_code == 303
    far_house.deliver()
    assert states(far_house, nico)["note"] == "filed"


@pytest.mark.parametrize("database", ["sqlite"])
def test_S5_4_what_was_begun_is_filed_though_the_subscription_ended(far_house: House, far: FarRecord) -> None:
    nico = submitted(far_house)
    subscriptions.switch(Scope.system("test"), nico.provider_id, "MCP", is_on=False)
    far_house.deliver()
    assert states(far_house, nico) == {"demographics": "filed", "note": "filed"}
    assert len(far.held(far_house, "note")) == 1


def test_S5_2_what_was_changed_in_the_record_is_never_overwritten(house: House) -> None:
    owner = house.member_scope(LENA, "ortiz")
    nico = house.client_scope(NICO, "ortiz")
    record = practice_records(owner)
    before = charts.demographics(owner, nico.client_id)
    theirs = replace(before, phone="(773) 555-0007", address=Address("7 Old Street", city="Chicago"))
    record.demographics.write(nico.client_id, theirs, based_on=None, key="changed:1")
    fill(nico)
    service.submit(nico, nico.client_id)
    house.deliver()
    kept = record.demographics.read(nico.client_id)
    assert kept is not None
    assert (kept.demographics.phone, kept.demographics.address) == (theirs.phone, theirs.address)
    assert kept.demographics.given_name == "Nicolas", "what did not differ is there"
    browser = house.browser(LENA)
    where = f"/practice/ortiz/clients/{nico.client_id}/intake-record/"
    assert "Decide what stands in My Clients Plus" in browser.get("/practice/ortiz/").text
    page = browser.get(where).text
    assert all(words in page for words in ("(773) 555-0007", "(312) 555-0101"))
    (filed,) = service.filings_of(owner, nico.client_id)
    told = {"filing_id": str(filed.id), "seen": str(filed.round), "part": "phone"}
    assert browser.post(where, {**told, "stands": "portal"}).status_code == 303
    assert browser.post(where, {**told, "stands": "record"}).status_code == 409, "decided already"
    house.deliver()
    kept = record.demographics.read(nico.client_id)
    assert kept is not None
    assert kept.demographics.phone == "(312) 555-0101"
    assert kept.demographics.address == theirs.address, "the client told no address, so it stays"


def test_S5_2_the_record_s_value_can_be_taken_into_the_portal(house: House) -> None:
    owner = house.member_scope(LENA, "ortiz")
    nico = house.client_scope(NICO, "ortiz")
    record = practice_records(owner)
    theirs = replace(charts.demographics(owner, nico.client_id), phone="(773) 555-0007")
    record.demographics.write(nico.client_id, theirs, based_on=None, key="changed:1")
    fill(nico)
    service.submit(nico, nico.client_id)
    house.deliver()
    (filed,) = service.filings_of(owner, nico.client_id)
    assert filed.differing == ("phone",)
    service.decide(owner, nico.client_id, filed.id, "phone", seen=filed.round, is_ours=False)
    house.deliver()
    kept = record.demographics.read(nico.client_id)
    assert kept is not None
    assert kept.demographics == charts.demographics(owner, nico.client_id)
    assert kept.demographics.phone == "(773) 555-0007"
    assert [each.state for each in service.filings_of(owner, nico.client_id)] == ["filed"]
