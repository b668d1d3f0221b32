"""The builtin questionnaire "About you" and the demographics that it fills."""

from datetime import UTC, date, datetime
from pathlib import Path

from core import clock
from core.i18n import reading
from core.questionnaires import (
    check,
    completed,
    demographics_of,
    demographics_questionnaire,
    respond,
    response_of,
    verify,
    write_questionnaire,
)
from core.spec.types import Address, Demographics, EmergencyContact
from tests.core.questionnaire_samples import codes, typed

TEMPLATES = Path(__file__).parents[2] / "templates"
KNOWN = Demographics(
    given_name="Zoë",
    family_name="Okafor-Nguyễn",
    preferred_name="Zo",
    pronouns="they/them",
    birth_on=date(1990, 2, 3),
    phone="(312) 555-0142",
    address=Address(line1="12 Elm Street", line2="Room 2", city="Chicago", state="IL", postal="60601"),
    emergency_contact=EmergencyContact(name="Ada Okafor", relation="Mother", phone="+44 20 7946 0018"),
)


def test_about_you_is_the_same_form_in_each_language() -> None:
    english = demographics_questionnaire()
    verify(english)
    assert write_questionnaire(english)["status"] == "active"
    with reading("es", "America/Chicago"):
        spanish = demographics_questionnaire()
    assert spanish.canonical == english.canonical
    assert [item.link_id for item in spanish.walk()] == [item.link_id for item in english.walk()]
    assert [section.title for section in english.sections] == [
        "Your name",
        "How to reach you",
        "Whom we call in an emergency",
    ]
    required = [item.link_id for item in english.questions if item.required]
    assert required == ["given-name", "family-name", "birth-date", "phone"]


def test_S4_1_about_you_fills_demographics_and_is_filled_from_them() -> None:
    questionnaire = demographics_questionnaire()
    response = response_of(KNOWN)
    assert check(questionnaire, response, complete=True) == []
    assert demographics_of(response) == KNOWN
    assert demographics_of(completed(response, datetime(2026, 12, 3, tzinfo=UTC))) == KNOWN
    assert demographics_of(respond(questionnaire, {})) == Demographics(given_name="", family_name="")


def test_nobody_is_born_tomorrow_and_a_phone_number_is_one() -> None:
    questionnaire = demographics_questionnaire()
    with clock.standing_at(datetime(2026, 12, 3, 12, tzinfo=UTC)):
        form = typed(questionnaire, 1, {"birth-date": "12/5/2026"})
        assert form["a-birth-date"].errors == ["Enter a date up to 12/4/2026."]
        assert "birth-date:in_future" in codes(questionnaire, {"birth-date": date(2026, 12, 5)})
    assert typed(questionnaire, 2, {"phone": "call me"})["a-phone"].errors
    assert "phone:not_a_phone" in codes(questionnaire, {"phone": "call me"})
    assert "emergency-phone:not_a_phone" in codes(questionnaire, {"emergency-phone": "mum"})


def test_the_browser_may_fill_in_what_it_knows_of_oneself_only() -> None:
    questionnaire = demographics_questionnaire()
    assert 'autocomplete="bday"' in typed(questionnaire, 1)["a-birth-date"]()
    assert 'autocomplete="tel"' in typed(questionnaire, 2)["a-phone"]()
    assert "autocomplete" not in typed(questionnaire, 3)["a-emergency-name"]()
    assert 'autocomplete="off"' in typed(questionnaire, 3)["a-emergency-phone"]()
