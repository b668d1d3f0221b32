"""Forms of the practice: asked by packet and by hand, signed, sent back, withdrawn; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core import clock, db
from core.spec.errors import NotFound, Refused
from core.tenancy import Client, Scope, charts
from plugins.intake import service
from plugins.intake.service import erasing, exporting
from plugins.intake.starters import STARTERS
from tests.support import asked_forms
from tests.support.house import House
from vestibule.data import questionnaires

NICO, CARLA, LENA = "newclient@demo.test", "client@demo.test", "provider@demo.test"
LINES = "M10 10L20 20"


def owner_of(house: House) -> Scope:
    return house.member_scope(LENA, "ortiz")


def nico_of(house: House) -> Scope:
    return house.client_scope(NICO, "ortiz")


def request_of(owner: Scope, client: Scope) -> Any:
    return asked_forms.lines(owner, client.client_id)[0].request


def blocks(client: Scope) -> bool:
    return service.blocks_booking(client, charts.client_record(client, client.client_id))


def test_every_starter_is_a_form_that_can_be_published(house: House) -> None:
    owner = owner_of(house)
    for name, starter in STARTERS.items():
        made = service.begin_form(
            owner, str(starter.title), is_consent=starter.is_consent, items=starter.items()
        )
        if name.startswith("empty"):
            with pytest.raises(questionnaires.QuestionnaireRefused):
                service.publish(owner, "", str(made))
            continue
        service.publish(owner, "", str(made))
        written = service.export_form(owner, str(made))
        assert written is not None
        assert written["version"] == "1"
        assert questionnaires.read_questionnaire(written).signature == starter.is_consent
    assert len(service.published_series(owner)) == len(STARTERS) - 2


def test_S2_2_a_packet_is_handed_out_with_the_intake_and_stands_before_booking(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    consent = asked_forms.consent(owner, "Consent to treatment")
    service.put_packet(owner, "signed_up", [service.Asking(consent, yearly=True)], due_days=7)
    (line,) = asked_forms.lines(owner, nico.client_id)
    assert (line.state, line.request) == ("asked", None)
    assert asked_forms.sign(nico, consent, "Nico Brandt") == []
    work = service.open_work(nico, nico.client_id)
    service.save(nico, work, "about-you", work.told)
    (line,) = asked_forms.lines(owner, nico.client_id)
    assert line.state == "sent"
    assert line.due_on == clock.today("UTC") + timedelta(days=7)
    # A form that is put into the packet later is not asked of who was handed it out before.
    other = asked_forms.consent(owner, "Notice of privacy practices")
    service.put_packet(owner, "signed_up", [service.Asking(other, yearly=False)], due_days=None)
    assert [one.series.id for one in asked_forms.lines(owner, nico.client_id)] == [consent]


def test_S3_1_a_form_of_the_packet_blocks_until_it_is_sent_and_again_when_it_came_back(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    consent = asked_forms.consent(owner, "Consent to treatment")
    service.put_packet(owner, "signed_up", [service.Asking(consent, yearly=False)], due_days=None)
    submit_intake(nico)
    assert blocks(nico)
    asked_forms.sign(nico, consent, "Nico Brandt")
    assert not blocks(nico)
    service.send_back(owner, nico.client_id, request_of(owner, nico).id, "Your full name, please.")
    assert blocks(nico)
    paper = service.open_paper(nico, nico.client_id, consent)
    assert paper.request is not None
    assert paper.request.note == "Your full name, please."
    assert paper.response.signature is None, "what was sent back is signed anew"
    sent = service.paper_sent(owner, nico.client_id, paper.request.id)
    assert sent.response.signature.name == "Nico Brandt", "what was sent stays as it was"
    faults = service.send_paper(nico, nico.client_id, consent)
    assert [fault.code for fault in faults] == ["unsigned"]
    asked_forms.sign(nico, consent, "Nicolas Brandt")
    assert not blocks(nico)
    service.accept(owner, nico.client_id, request_of(owner, nico).id)
    with pytest.raises(Refused):
        service.accept(owner, nico.client_id, request_of(owner, nico).id)


def submit_intake(nico: Scope) -> None:
    from tests.plugins.intake.test_intake import fill  # noqa: PLC0415 -- the one way that intake is filled in

    fill(nico)
    assert service.submit(nico, nico.client_id) == []


def test_who_tells_that_they_are_a_minor_gets_the_forms_for_minors(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    guardian = asked_forms.consent(owner, "Consent of a guardian")
    service.put_packet(owner, "minor", [service.Asking(guardian, yearly=False)], due_days=None)
    work = service.open_work(nico, nico.client_id)
    born = clock.today("UTC") - timedelta(days=16 * 365)
    told = questionnaires.respond(work.about_you, {"birth-date": (born,)})
    service.save(nico, work, "about-you", told, service.steps_of(work)[0])
    assert [one.series.id for one in asked_forms.lines(owner, nico.client_id)] == [guardian]


def test_a_blank_form_is_never_sent(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    items = [questionnaires.new_item("text", "Anything else?")]
    made = service.begin_form(owner, "More", is_consent=False, items=items)
    service.publish(owner, "", str(made))
    service.ask_for(owner, nico.client_id, made)
    assert [fault.code for fault in service.send_paper(nico, nico.client_id, made)] == ["required"]
    assert request_of(owner, nico).status == "asked"


def test_a_consent_keeps_who_signed_which_text_and_when_and_is_withdrawn(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    consent = asked_forms.consent(owner, "Consent to treatment")
    service.ask_for(owner, nico.client_id, consent)
    asked_forms.sign(nico, consent, "Nico Brandt", **{"a.sign.drawn": LINES})
    signed = request_of(owner, nico)
    before = service.open_paper(nico, nico.client_id, consent)
    assert (before.response.signature.name, before.response.signature.drawn) == ("Nico Brandt", LINES)
    assert signed.fingerprint == before.fingerprint
    # Another text later leaves what was signed, and its fingerprint, as they were.
    service.add_question(owner, "words", "And this.", required=False, options=(), of=str(consent))
    service.publish(owner, "", str(consent))
    after = service.open_paper(nico, nico.client_id, consent)
    assert after.questionnaire == before.questionnaire
    assert request_of(owner, nico).fingerprint == signed.fingerprint
    newest = service.design(owner, str(consent))[0]
    assert service.fingerprint_of(newest) != signed.fingerprint
    service.withdraw(nico, nico.client_id, consent)
    service.withdraw(nico, nico.client_id, consent)
    gone = request_of(owner, nico)
    assert (gone.status, gone.withdrawn_at is not None) == ("withdrawn", True)
    for browser, path in (
        (house.browser(NICO), f"/intake/{nico.client_id}/forms/{consent}/"),
        (house.browser(LENA), f"/practice/ortiz/clients/{nico.client_id}/forms/{gone.id}/"),
    ):
        page = browser.get(path).get_data(as_text=True)
        for told in ("Nico Brandt", signed.fingerprint, LINES, "Withdrawn"):
            assert told in page


def test_lines_that_are_no_lines_are_left_out(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    consent = asked_forms.consent(owner, "Consent to treatment")
    service.ask_for(owner, nico.client_id, consent)
    asked_forms.sign(nico, consent, "Nico Brandt", **{"a.sign.drawn": 'M1 1"/><script>alert(1)</script>'})
    assert service.open_paper(nico, nico.client_id, consent).response.signature.drawn == ""


def test_a_release_holds_until_its_day_and_a_yearly_form_is_asked_again(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    release = service.begin_form(
        owner, "Release", is_consent=True, items=[questionnaires.ready_item("release")]
    )
    service.publish(owner, "", str(release))
    service.ask_for(owner, nico.client_id, release, yearly=True)
    paper = service.open_paper(nico, nico.client_id, release)
    answers: dict[str, Any] = {}
    last = clock.today("UTC") + timedelta(days=30)
    for item in paper.questionnaire.questions:
        answers[item.link_id] = (last,) if item.kind == "date" else ("(312) 555-0142",)
    response = questionnaires.respond(paper.questionnaire, answers)
    service.save_paper(nico, paper, response)
    assert [fault.code for fault in service.send_paper(nico, nico.client_id, release)] == ["unsigned"]
    step = service.paper_steps(paper)[-1]
    form = questionnaires.open_section(paper.questionnaire, step.section, response, signed_by(response, step))
    form.validate()
    service.save_paper(nico, paper, form.response(), step)
    assert service.send_paper(nico, nico.client_id, release) == []
    assert request_of(owner, nico).expires_on == last
    with clock.standing_at(clock.now() + timedelta(days=31)):
        assert asked_forms.lines(owner, nico.client_id)[0].state == "expired"
    with clock.standing_at(clock.now() + timedelta(days=366)):
        for _twice in range(2):
            service.ask_again(Scope.system("test", owner.provider_id))
        (line,) = asked_forms.lines(owner, nico.client_id)
        assert (line.state, line.request.blocks) == ("asked", False)
        assert len(service.open_requests(owner)) == 1


def signed_by(response: Any, step: Any) -> Any:
    from werkzeug.datastructures import MultiDict  # noqa: PLC0415 -- only here

    told = {questionnaires.field_name(name): str(values[0]) for name, values in response.answers.items()}
    return MultiDict({**told, "live": "1", "a.sign": "Nico Brandt"})


def test_a_retired_form_is_let_go_where_it_is_open_and_stays_where_it_was_sent(house: House) -> None:
    owner, nico, carla = owner_of(house), nico_of(house), house.client_scope(CARLA, "ortiz")
    consent = asked_forms.consent(owner, "Consent to treatment")
    for client in (nico, carla):
        service.ask_for(owner, client.client_id, consent)
    asked_forms.sign(nico, consent, "Nico Brandt")
    service.retire_form(owner, consent)
    assert asked_forms.lines(owner, carla.client_id) == []
    assert service.open_paper(nico, nico.client_id, consent).response.signature.name == "Nico Brandt"
    with pytest.raises(NotFound):
        service.ask_for(owner, carla.client_id, consent)


def test_another_practice_sees_and_asks_nothing(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    consent = asked_forms.consent(owner, "Consent to treatment")
    service.ask_for(owner, nico.client_id, consent)
    maya = house.member_scope("provider2@demo.test", "harbor")
    assert service.form_lines(maya) == []
    with pytest.raises(NotFound):
        service.ask_for(maya, nico.client_id, consent)
    with pytest.raises(NotFound):
        service.paper_sent(maya, nico.client_id, request_of(owner, nico).id)
    with pytest.raises(Refused):
        service.ask_for(owner, nico.client_id, consent)


def test_an_invited_client_is_asked_by_hand_and_finds_it_in_the_inbox(house: House) -> None:
    owner, carla = owner_of(house), house.client_scope(CARLA, "ortiz")
    consent = asked_forms.consent(owner, "Release for Dr Ames")
    service.ask_for(owner, carla.client_id, consent, clock.today("UTC") - timedelta(days=1))
    assert "Release for Dr Ames" in house.browser(CARLA).get("/inbox/").get_data(as_text=True)
    assert not blocks(carla), "what is asked by hand stands before nothing"
    system = Scope.system("test", carla.provider_id)
    with db.transaction():
        system.change(system.one(Client, carla.client_id), ended_at=clock.now())
    assert house.browser(CARLA).get(f"/intake/{carla.client_id}/forms/{consent}/").status_code == 404


def test_what_was_signed_is_among_ones_own_data_and_erased_with_them(house: House) -> None:
    owner, nico = owner_of(house), nico_of(house)
    consent = asked_forms.consent(owner, "Consent to treatment")
    service.ask_for(owner, nico.client_id, consent)
    asked_forms.sign(nico, consent, "Nico Brandt")
    forms = next(one for one in exporting.own_sections(nico, "Intake", "Forms") if one.name == "forms")
    assert forms.rows[0]["answers"]["item"]
    assert forms.rows[0]["fingerprint"] == request_of(owner, nico).fingerprint
    client = charts.client_record(owner, nico.client_id)
    (erased,) = erasing.erase_intake(owner, client, "Intake")
    assert erased.erased == 1
    assert asked_forms.lines(owner, nico.client_id) == []
