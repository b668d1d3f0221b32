"""What a submission does at the practice's record, whoever keeps it: once each, and nothing overwritten."""

from __future__ import annotations

from typing import Any

from core.tenancy import Scope
from plugins.intake import service
from plugins.intake.views.starter import clinical_history
from tests.plugins.intake.test_intake import NICO, fill
from tests.support.house import House
from vestibule.data import practice_records, questionnaires

LENA = "provider@demo.test"


def choose_form(house: House) -> None:
    owner = house.member_scope(LENA, "ortiz")
    service.publish_record_form(owner, clinical_history())


def fill_whole(scope: Scope) -> None:
    """All three parts, each question of the last one answered by words that name it."""
    fill(scope)
    work = service.open_work(scope, scope.client_id)
    answers: dict[str, Any] = {}
    for number, item in enumerate(work.record_questions.questions):
        plain = {"text": f"words {number}", "boolean": True}
        answers[item.link_id] = (item.options[0].value,) if item.options else (plain[item.kind],)
    service.save(scope, work, "record", questionnaires.respond(work.record_questions, answers))


def test_S5_4_first(house: House) -> None:
    choose_form(house)
    nico = house.client_scope(NICO, "ortiz")
    fill_whole(nico)
    assert service.submit(nico, nico.client_id) == []
    house.deliver()
    owner = house.member_scope(LENA, "ortiz")
    record = practice_records(owner)
    (kept,) = record.notes.notes(nico.client_id).entries
    assert kept.is_locked
    known = record.demographics.read(nico.client_id)
    assert known is not None
    assert known.demographics.given_name == "Nicolas"
    assert [each.state for each in service.filings_of(owner, nico.client_id)] == ["filed", "filed"]
    page = house.browser(LENA).get(f"/practice/ortiz/clients/{nico.client_id}/notes/")
    assert page.status_code == 200, page.text
    assert "words 3" in page.text
