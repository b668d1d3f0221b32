"""Intake: who is asked, filling in, submitting once, the gate, the editor; on both databases."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from core import db, plugin_settings, subscriptions
from core.inbox.models import Thread
from core.spec.errors import NotFound, Refused
from core.tenancy import Client, Scope, charts
from plugins.intake import service
from tests.core.questionnaire_samples import PNG, every_kind
from tests.support.house import House
from vestibule.data import questionnaires

NICO, LENA = "newclient@demo.test", "provider@demo.test"
ABOUT: dict[str, Any] = {
    "given-name": ("Nicolas",),
    "family-name": ("Brandt",),
    "birth-date": (date(1990, 5, 4),),
    "phone": ("(312) 555-0101",),
}


@pytest.fixture
def nico(house: House) -> Scope:
    """The scope of the client who signed up alone; intake binds by the setting only."""
    chart = house.chart(NICO, "ortiz")
    system = Scope.system("test", chart.provider_id)
    with db.transaction():
        system.change(system.one(Client, chart.id), needs_intake_first=False)
    return house.client_scope(NICO, "ortiz")


def fill(scope: Scope, *, whole: bool = True) -> Any:
    work = service.open_work(scope, scope.client_id)
    told = questionnaires.respond(work.about_you, ABOUT if whole else {"given-name": ("Nicolas",)})
    service.save(scope, work, "about-you", told)
    if work.questions is not None:
        answers = {item.link_id: _answer(item) for item in work.questions.questions}
        work = service.open_work(scope, scope.client_id)
        service.save(scope, work, "questions", questionnaires.respond(work.questions, answers))


def _answer(item: Any) -> tuple[Any, ...]:
    plain = {"string": "words", "text": "more words", "boolean": True, "date": date(2020, 1, 2)}
    return (item.options[0].value,) if item.kind == "choice" else (plain.get(item.kind, 3),)


def obstacles(house: House) -> list[str]:
    text = house.browser(NICO).get("/appointments/search").get_data(as_text=True)
    return ["blocked"] if "submit your intake" in text else []


def test_S2_2_intake_is_outstanding_for_who_signed_up_alone(house: House, nico: Scope) -> None:
    assert service.standing(nico, charts.client_record(nico, nico.client_id)).is_outstanding
    carla = house.client_scope("client@demo.test", "ortiz")
    assert service.outstanding(carla) == []
    with pytest.raises(NotFound):
        service.open_work(carla, carla.client_id)


def test_S3_1_the_setting_says_whether_it_blocks(house: House, nico: Scope) -> None:
    owner = house.member_scope(LENA, "ortiz")
    client = charts.client_record(nico, nico.client_id)
    for is_required in (True, False):
        plugin_settings.put(owner, "intake.require_before_scheduling", is_required)
        assert service.blocks_booking(nico, client) is is_required


def test_S3_1_an_invitation_that_says_so_binds_too(house: House) -> None:
    carla = house.client_scope("client@demo.test", "ortiz")
    system = Scope.system("test", carla.provider_id)
    with db.transaction():
        system.change(system.one(Client, carla.client_id), needs_intake_first=True)
    assert service.blocks_booking(carla, charts.client_record(carla, carla.client_id))


def test_S5_1_the_gate_opens_with_submission(house: House, nico: Scope) -> None:
    assert obstacles(house) == ["blocked"]
    fill(nico)
    assert obstacles(house) == ["blocked"]
    assert service.submit(nico, nico.client_id) == []
    assert obstacles(house) == []


def test_S5_2_demographics_fill_the_record(house: House, nico: Scope) -> None:
    fill(nico)
    service.submit(nico, nico.client_id)
    told = charts.demographics(house.member_scope(LENA, "ortiz"), nico.client_id)
    assert (told.given_name, told.birth_on, told.phone) == (
        "Nicolas",
        date(1990, 5, 4),
        "(312) 555-0101",
    )


def test_S5_3_custom_fields_stand_under_other_information(house: House, nico: Scope) -> None:
    fill(nico)
    service.submit(nico, nico.client_id)
    owner = house.member_scope(LENA, "ortiz")
    submitted_at, answers = service.other_information(owner, nico.client_id)
    assert submitted_at is not None
    assert answers
    assert all(answer not in ("", "-") for _question, answer in answers)


def test_a_second_submission_changes_nothing_and_tells_nobody_again(house: House, nico: Scope) -> None:
    fill(nico)
    assert service.submit(nico, nico.client_id) == []
    assert service.submit(nico, nico.client_id) == []
    owner = house.member_scope(LENA, "ortiz")
    assert owner.rows(Thread).where(Thread.kind == "intake.submitted").count() == 1
    work = service.open_work(nico, nico.client_id)
    with pytest.raises(Refused, match="submitted"):
        service.save(nico, work, "about-you", work.told)


def test_what_is_missing_is_named_and_nothing_submitted(house: House, nico: Scope) -> None:
    fill(nico, whole=False)
    faults = service.submit(nico, nico.client_id)
    assert {fault.link_id for _part, fault in faults} >= {"birth-date", "phone"}
    assert not service.open_work(nico, nico.client_id).is_submitted
    answer = house.browser(NICO).post(f"/intake/{nico.client_id}/check/")
    assert answer.status_code == 422
    assert "This is still missing." in answer.get_data(as_text=True)


def test_it_is_continued_on_another_device(house: House, nico: Scope) -> None:
    browser = house.browser(NICO)
    data = {"a-given-name": "Nicolas", "a-family-name": ""}
    assert browser.post(f"/intake/{nico.client_id}/1/keep/", data).status_code == 200
    text = house.browser(NICO).get(f"/intake/{nico.client_id}/1/").get_data(as_text=True)
    assert 'value="Nicolas"' in text


def test_an_error_stands_at_the_field_and_what_was_typed_stays(house: House, nico: Scope) -> None:
    data = {"a-given-name": "Nicolas", "a-family-name": "", "a-birth-date": "not a day"}
    answer = house.browser(NICO).post(f"/intake/{nico.client_id}/1/", data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Nicolas"' in text
    assert 'value="not a day"' in text


def test_begun_answers_carry_over_to_a_new_version(house: House, nico: Scope) -> None:
    fill(nico)
    owner = house.member_scope(LENA, "ortiz")
    service.add_question(owner, "text", "One thing more?", required=False, options=())
    service.publish(owner, "Questions")
    work = service.open_work(nico, nico.client_id)
    asked = {item.text for item in work.questions.questions}
    assert "One thing more?" in asked
    assert len(work.answers.answers) == len(asked) - 1


def test_S4_2_questions_are_moved_changed_and_removed(house: House) -> None:
    owner = house.member_scope(LENA, "ortiz")
    service.add_question(owner, "choice", "Which?", required=True, options=("One", "Two"))
    questionnaire, is_draft = service.design(owner)
    assert is_draft
    last = questionnaire.items[-1]
    service.move_question(owner, last.link_id, "up")
    assert service.design(owner)[0].items[-2].link_id == last.link_id
    service.change_question(owner, last.link_id, text="Which one?")
    assert service.question_of(owner, last.link_id).text == "Which one?"
    service.remove_question(owner, last.link_id)
    with pytest.raises(NotFound):
        service.question_of(owner, last.link_id)


def test_another_practices_desk_reads_no_answers(house: House, nico: Scope) -> None:
    path = f"/clients/{nico.client_id}/other-information/"
    assert house.browser(LENA).get(f"/practice/ortiz{path}").status_code == 200
    assert house.browser("provider2@demo.test").get(f"/practice/harbor{path}").status_code == 404
    own = house.chart("stranger@demo.test", "harbor").id
    tab = f"/practice/harbor/clients/{own}/other-information/"
    assert house.browser("desk@harbor.test").get(tab).status_code == 404
    assert house.browser("clinician@harbor.test").get(tab).status_code == 200


def test_law_14_switched_off_its_pages_are_not_here(house: House, nico: Scope) -> None:
    subscriptions.switch(Scope.system("test"), nico.provider_id, "CP", is_on=False)
    assert house.browser(NICO).get(f"/intake/{nico.client_id}/").status_code == 404


def test_law_11_answers_are_sealed_in_the_database(house: House, nico: Scope) -> None:
    fill(nico)
    rows = db.database.execute_sql("SELECT about_you, answers FROM intake_intake").fetchall()
    assert rows
    assert not any(b"Nicolas" in bytes(value) for row in rows for value in row if value)


def test_A35_S4_2_a_form_of_every_kind_is_filled_in_by_pages_and_its_file_reaches_the_practice(
    house: House, nico: Scope
) -> None:
    owner = house.member_scope(LENA, "ortiz")
    assert service.import_form(owner, questionnaires.write_questionnaire(every_kind())) == ()
    service.publish(owner, "")
    told = questionnaires.respond(service.open_work(nico, nico.client_id).about_you, ABOUT)
    service.save(nico, service.open_work(nico, nico.client_id), "about-you", told)
    browser, path = house.browser(NICO), f"/intake/{nico.client_id}"
    text = browser.get(f"{path}/4/").get_data(as_text=True)
    assert 'type="date"' in text
    more = browser.post(
        f"{path}/4/", {"a-line": "Ana", "a-names.count": "1", "a-names.0": "A", "more": "a-names"}
    )
    assert more.headers["Location"] == f"{path}/4/?more=a-names#a-names"
    assert 'name="a-names.1"' in browser.get(f"{path}/4/?more=a-names").get_data(as_text=True)
    assert browser.post(f"{path}/4/", {"a-line": "Ana", "a-whole": "3", "a-number": "2.5"}).status_code == 303
    assert browser.post(f"{path}/5/", {"a-one": "urn:test|a", "a-several": "Red"}).status_code == 303
    sent = {
        "a-medicines.count": "1",
        "a-medicine.0": "Lithium",
        "a-daily.0": "no",
        "a-consent.sign": "Nico Brandt",
        "a-file": (BytesIO(PNG), "card.png"),
    }
    shown = browser.post(f"{path}/6/", sent)
    assert shown.status_code == 200, "what came up is shown before it is asked for"
    assert "Your answers brought up more questions." in shown.get_data(as_text=True)
    del sent["a-file"]
    assert browser.post(f"{path}/6/", sent).status_code == 422
    assert browser.post(f"{path}/6/", {**sent, "a-why.0": "On weekdays"}).status_code == 303
    assert browser.post(f"{path}/check/").status_code == 303
    answers = dict(service.other_information(owner, nico.client_id)[1])
    assert answers["Why not? (1)"] == "On weekdays"
    assert answers["Number and whole together"] == "5.5"
    assert answers["File?"] == "card.png (1 kB)"
    file = f"/practice/ortiz/clients/{nico.client_id}/other-information/files/1/"
    tab = house.browser(LENA).get(file.removesuffix("files/1/"))
    assert f'href="{file}"' in tab.get_data(as_text=True)
    answer = house.browser(LENA).get(file)
    assert answer.get_data() == PNG
    assert answer.headers["Content-Disposition"] == 'attachment; filename="intake-1.png"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert house.browser(LENA).get(file.replace("/1/", "/2/")).status_code == 404
    assert house.browser("provider2@demo.test").get(file.replace("ortiz", "harbor")).status_code == 404
    assert house.browser(NICO).get(file).status_code == 404


def test_S4_2_what_came_in_is_given_out_and_what_cannot_is_refused_whole(house: House) -> None:
    owner = house.member_scope(LENA, "ortiz")
    before = service.export_form(owner)
    raw = questionnaires.write_questionnaire(every_kind())
    raw["item"][0]["item"][0]["type"] = "reference"
    with pytest.raises(questionnaires.QuestionnaireRefused):
        service.import_form(owner, raw)
    assert service.export_form(owner) == before
    assert not service.design(owner)[1]
    service.import_form(owner, questionnaires.write_questionnaire(every_kind()))
    assert service.export_form(owner) == before, "a draft is not asked yet"
    service.publish(owner, "")
    out = service.export_form(owner)
    assert out is not None
    assert out["derivedFrom"] == ["urn:test:every-kind|3"]
    assert out["item"] == questionnaires.write_questionnaire(every_kind())["item"]
    page = house.browser(LENA).get("/practice/ortiz/forms/questions/").get_data(as_text=True)
    assert "Came in from a file" in page
