"""The intake sent back and mended: what came in stays, and what follows happens once again, no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.inbox.models import Thread
from core.spec.errors import Refused
from core.tenancy import Scope, charts
from plugins.intake import service
from plugins.intake.service import erasing, exporting
from tests.plugins.intake.test_intake import LENA, NICO, fill, obstacles
from tests.plugins.intake.test_record import choose_form, later, states, submitted
from tests.support.far_record import FarRecord
from tests.support.house import House
from vestibule.data import practice_records, questionnaires

NOTE = "Your phone number has a digit too few."
AGAIN = "I wrote this anew."


def came_in(house: House) -> Scope:
    """Nico has submitted both parts; no form for the record is asked."""
    nico = house.client_scope(NICO, "ortiz")
    fill(nico)
    assert service.submit(nico, nico.client_id) == []
    return nico


def sent_back(house: House, nico: Scope, *, blocks: bool = False) -> Scope:
    """Dr Ortiz has sent the intake back; returns her scope."""
    owner = house.member_scope(LENA, "ortiz")
    service.send_intake_back(owner, nico.client_id, NOTE, blocks=blocks)
    return owner


def mend(house: House, *, phone: str = "(312) 555-0199", record: str = "", text: str = AGAIN) -> None:
    """Nico changes what is given, and submits again."""
    nico = house.client_scope(NICO, "ortiz")
    _change(nico, "about-you", "phone", phone)
    work = service.open_work(nico, nico.client_id)
    if text:
        _change(nico, "questions", work.questions.questions[0].link_id, text)
    if record:
        _change(nico, "record", work.record_questions.questions[0].link_id, record)
    assert service.submit(nico, nico.client_id) == []


def _change(scope: Scope, part: str, link_id: str, value: Any) -> None:
    work = service.open_work(scope, scope.client_id)
    questionnaire, response = work.of(part)
    answers = {**response.answers, link_id: (value,)}
    service.save(scope, work, part, questionnaires.respond(questionnaire, answers))


def kinds(owner: Scope, start: str) -> list[str]:
    return sorted(row.kind for row in owner.rows(Thread) if row.kind.startswith(start))


def test_S4_1_S5_2_S5_3_the_client_reads_why_mends_it_and_each_thing_follows_once_more(house: House) -> None:
    nico = came_in(house)
    owner = house.member_scope(LENA, "ortiz")
    tab = f"/practice/ortiz/clients/{nico.client_id}/other-information/"
    lena = house.browser(LENA)
    assert lena.post(tab, {"note": ""}).status_code == 422
    assert lena.post(tab, {"note": NOTE}).status_code == 303
    assert lena.post(tab, {"note": "Once more?"}).status_code == 303
    page = lena.get(tab).text
    assert NOTE in page
    assert "Once more?" not in page, "what is sent back already is not sent back again"
    inbox, tasks = house.browser(NICO).get("/inbox/").text, f"/intake/{nico.client_id}/"
    assert "Mend Intake" in inbox
    assert NOTE in house.browser(NICO).get(tasks).text
    (first,) = service.submissions(owner, nico.client_id)
    mend(house)
    newest, earlier = service.submissions(owner, nico.client_id)
    assert (earlier.answers, earlier.note) == (first.answers, NOTE)
    assert AGAIN in dict(newest.answers).values()
    assert AGAIN not in dict(earlier.answers).values()
    assert charts.demographics(owner, nico.client_id).phone == "(312) 555-0199"
    assert service.submit(house.client_scope(NICO, "ortiz"), nico.client_id) == [], "twice changes nothing"
    assert kinds(owner, "intake.") == ["intake.resubmitted", "intake.returned", "intake.submitted"]
    assert NOTE not in house.browser(NICO).get(tasks).text, "what was mended is not asked for any more"
    shown = lena.get(tab).text
    assert AGAIN in shown
    assert NOTE in shown


def test_S5_1_sent_back_it_stands_before_booking_only_where_the_practice_says_so(house: House) -> None:
    nico = came_in(house)
    sent_back(house, nico)
    assert obstacles(house) == [], "who was let in is not locked out by a digit"
    mend(house)
    assert obstacles(house) == []
    sent_back(house, nico, blocks=True)
    assert obstacles(house) == ["blocked"]
    assert "Needed before you can schedule." in house.browser(NICO).get("/inbox/").text
    mend(house, phone="(312) 555-0111")
    assert obstacles(house) == []


def test_what_is_not_submitted_is_not_sent_back(house: House) -> None:
    nico = house.client_scope(NICO, "ortiz")
    work = service.open_work(nico, nico.client_id)
    service.save(nico, work, "about-you", work.told)
    with pytest.raises(Refused, match="not_sent"):
        sent_back(house, nico)
    owner = house.member_scope(LENA, "ortiz")
    assert service.submissions(owner, nico.client_id) == []
    assert kinds(owner, "intake.") == []


def test_S5_2_what_the_practice_corrected_meanwhile_is_not_undone_by_what_was_left(house: House) -> None:
    nico = came_in(house)
    house.deliver()
    owner = sent_back(house, nico)
    known = charts.demographics(owner, nico.client_id)
    charts.correct_demographics(owner, nico.client_id, replace(known, family_name="Brandt-Ames"))
    record = practice_records(owner)
    kept = record.demographics.read(nico.client_id)
    assert kept is not None
    changed = replace(kept.demographics, preferred_name="Nick")
    record.demographics.write(nico.client_id, changed, based_on=kept.version, key="meanwhile:1")
    mend(house)
    house.deliver()
    told = charts.demographics(owner, nico.client_id)
    assert (told.family_name, told.phone) == ("Brandt-Ames", "(312) 555-0199")
    kept = record.demographics.read(nico.client_id)
    assert kept is not None
    assert (kept.demographics.preferred_name, kept.demographics.phone) == ("Nick", "(312) 555-0199")
    assert states(house, nico)["demographics"] == "filed", "nothing is left to decide"


def test_S5_4_a_form_that_was_mended_is_added_to_the_note_and_one_that_was_not_is_not(house: House) -> None:
    choose_form(house)
    nico = submitted(house)
    house.deliver()
    owner = sent_back(house, nico)
    mend(house)
    house.deliver()
    record = practice_records(owner)
    (first,) = record.notes.notes(nico.client_id).entries
    sent_back(house, nico)
    mend(house, record="I left this out.")
    house.deliver()
    house.deliver()
    added, kept = sorted(record.notes.notes(nico.client_id).entries, key=lambda each: not each.amends)
    assert kept == first, "what was filed is never changed"
    assert added.amends == first.ref
    assert "I left this out." in added.note.text
    assert states(house, nico) == {"demographics": "filed", "note": "filed"}


@pytest.mark.parametrize("database", ["sqlite"])
def test_S5_4_mended_while_the_record_is_down_both_arrive_once_and_in_order(
    far_house: House, far: FarRecord
) -> None:
    far.fail("lost", call="notes.file", times=1)
    nico = submitted(far_house)
    far_house.deliver()
    far.fail("down")
    sent_back(far_house, nico)
    mend(far_house, record="I left this out.")
    far_house.deliver()
    assert states(far_house, nico)["note"] == "waiting"
    far.mend()
    later(far_house, minutes=10)
    later(far_house, minutes=30)
    assert states(far_house, nico) == {"demographics": "filed", "note": "filed"}
    (first, none), (added, ref) = far.held(far_house, "note")
    assert (none, bool(ref)) == ("", True)
    assert "I left this out." not in first.text
    assert "I left this out." in added.text
    (told, _based_on) = far.held(far_house, "person")[-1]
    assert told.phone == "(312) 555-0199"


def test_law_11_what_was_sent_back_is_sealed_exported_and_erased(house: House) -> None:
    nico = came_in(house)
    owner = sent_back(house, nico)
    stored = house.stored("intake_earlier")
    assert stored
    assert b"Nicolas" not in stored
    assert b"digit" not in stored
    intake = next(one for one in exporting.own_sections(nico, "Intake", "Forms") if one.name == "intake")
    (earlier,) = intake.rows[0]["before_it_was_sent_back"]
    assert earlier["note"] == NOTE
    assert earlier["answers"]["item"]
    client = charts.client_record(owner, nico.client_id)
    erasing.erase_intake(owner, client, "Intake")
    assert service.submissions(owner, nico.client_id) == []
