"""Security questions: chosen, asked after the mailed link, and the practice that helps (S12.4, A10)."""

from __future__ import annotations

from typing import Any

import pytest

from core import audit, clock, db
from core.accounts import passwords, service
from core.accounts.models import Question, Recovery
from core.accounts.service.questions import CODES, one_form_of
from core.accounts.words import QUESTIONS
from core.tenancy import Scope
from tests.core.test_accounts_entering import last_token, letters, log_in
from tests.support.house import Browser, House
from tests.support.place import KINDS

CLIENT, OWNER = "client@demo.test", "provider@demo.test"
OTHER = "quite another four words"
ANSWERS = ("Elm Street", "Ms. O'Hára", "Ben")
CHOSEN = {
    "code1": "childhood_street",
    "answer1": ANSWERS[0],
    "code2": "first_teacher",
    "answer2": ANSWERS[1],
    "code3": "childhood_friend",
    "answer3": ANSWERS[2],
}
QUESTIONS_PAGE = "/settings/questions/"
system = Scope.system("test")


@pytest.fixture
def database() -> str:
    """Pages don't depend on it; what is written by each service is tried on both below."""
    return "sqlite"


def choose(browser: Browser, **other: str) -> Any:
    return browser.post(QUESTIONS_PAGE, {**CHOSEN, **other})


@pytest.mark.parametrize("database", KINDS)
def test_S12_4_three_own_questions_are_kept_as_hashes_and_never_shown(house: House) -> None:
    browser = house.browser(CLIENT)
    assert choose(browser).status_code == 303
    page = browser.open(QUESTIONS_PAGE)
    assert page.has(str(QUESTIONS["first_teacher"]))
    assert not any(answer in page.html for answer in ANSWERS)
    rows: Any = list(system.rows(Question).order_by(Question.place))
    assert [row.code for row in rows] == [CHOSEN["code1"], CHOSEN["code2"], CHOSEN["code3"]]
    assert all(row.answer_hash.startswith("$argon2id$") for row in rows)
    assert passwords.matches(rows[1].answer_hash, one_form_of("ms ohara"))
    assert browser.press("Remove my security questions").path == QUESTIONS_PAGE
    assert not list(system.rows(Question))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"code2": "childhood_street"}, "You chose this question already."),
        ({"answer2": "elm  STREET"}, "You gave this answer already."),
        ({"answer1": "-- ."}, "three letters or more"),
        ({"code1": "mothers_maiden_name"}, "Choose one of the answers shown."),
        ({"answer3": ""}, "Give an answer."),
    ],
)
def test_S12_4_poor_questions_and_answers_are_refused(
    house: House, other: dict[str, str], words: str
) -> None:
    answer = choose(house.browser(CLIENT), **other)
    assert answer.status_code == 422
    assert words in answer.text
    assert not list(system.rows(Question))


def test_S12_4_there_are_words_for_each_question() -> None:
    assert len(CODES) == 12
    assert set(QUESTIONS) == set(CODES)


@pytest.mark.parametrize(
    ("one", "same"),
    [("Straße", "strasse"), ("  São   Paulo ", "sao paulo"), ("O'Hára-Lund", "ohara lund"), ("ÉTÉ", "ete")],
)
def test_S12_4_case_accents_and_spaces_do_not_matter(one: str, same: str) -> None:
    assert one_form_of(one) == one_form_of(same)


@pytest.fixture
def link(house: House) -> str:
    """Carla has questions, and asked for another password."""
    choose(house.browser(CLIENT))
    house.browser().post("/forgot", {"email": CLIENT})
    return f"/reset/{last_token('accounts/reset')}"


def give(house: House, link: str, *answers: str, password: str = OTHER) -> Any:
    told = {f"answer{at}": answer for at, answer in enumerate(answers, 1)}
    return house.browser().post(link, {**told, "password": password})


def test_A10_questions_are_a_step_after_the_link_and_never_alone(house: House, link: str) -> None:
    page = house.browser().open(link)
    assert page.has(str(QUESTIONS["childhood_street"]))
    assert give(house, link).status_code == 422
    assert give(house, link, "Elm Street", "wrong", "Ben").status_code == 422
    assert log_in(house.browser(), CLIENT).status_code == 303
    assert give(house, "/reset/" + "x" * 43, *ANSWERS).status_code == 410
    assert give(house, link, "ELM street", "ms ohara", " ben ").status_code == 200
    assert log_in(house.browser(), CLIENT, OTHER).status_code == 303


@pytest.mark.parametrize("database", KINDS)
def test_A10_after_five_tries_only_the_practice_or_the_password_helps(house: House, link: str) -> None:
    weak = give(house, link, *ANSWERS, password="passwordpassword")
    assert "easily guessed" in weak.text
    for _ in range(4):
        assert "Not all answers are right" in give(house, link, "a", "b", "c").text
    assert "The five tries are used up" in give(house, link, "a", "b", "c").text
    assert "The five tries are used up" in give(house, link, *ANSWERS).text
    house.browser().post("/forgot", {"email": CLIENT})
    fresh = f"/reset/{last_token('accounts/reset')}"
    assert "The five tries are used up" in give(house, fresh, *ANSWERS).text
    assert log_in(house.browser(), CLIENT).status_code == 303
    assert give(house, fresh, *ANSWERS).status_code == 200


def ask_practice(house: House, link: str) -> None:
    for _ in range(2):
        visitor = house.browser()
        page = visitor.open(link)
        assert "Ortiz" not in page.text, "the practice's name stays inside the portal"
        page = visitor.press("Ask my practice to confirm it is me")
        assert page.heading == "Your practice has been asked"
        assert "Ortiz" not in page.text


@pytest.mark.parametrize("database", KINDS)
def test_S12_4_the_practice_confirms_and_a_fresh_link_asks_no_questions(house: House, link: str) -> None:
    for _ in range(5):
        give(house, link, "a", "b", "c")
    ask_practice(house, link)
    assert system.rows(Recovery).count() == 1
    lena = house.browser(OWNER)
    lena.open("/practice/ortiz/")
    page = lena.follow("Carla Mendes can't get into the portal")
    assert page.has("Make sure that it is the client")
    assert lena.press("It is them: send a link").has("The link is on its way")
    assert not lena.open("/practice/ortiz/").has("can't get into the portal")
    letter = letters("accounts/reset")[-1].payload
    assert letter["account_id"] == str(house.account(CLIENT).id)
    fresh = f"/reset/{letter['values']['token']}"
    assert not house.browser().open(fresh).has(str(QUESTIONS["childhood_street"]))
    assert house.browser().get(link).status_code == 410, "the older link is gone"
    assert give(house, fresh).status_code == 200
    assert log_in(house.browser(), CLIENT, OTHER).status_code == 303
    noted = audit.AuditRow.event.in_(["accounts.recovery_asked", "accounts.recovery_confirmed"])
    rows: Any = list(system.rows(audit.AuditRow).where(noted).order_by(audit.AuditRow.at))
    assert [row.provider_id for row in rows] == [house.provider_id("ortiz")] * 2
    assert rows[1].account_id == house.account(OWNER).id


def test_S12_4_a_practice_can_send_no_link_and_nobody_elses_practice_sees_the_wish(
    house: House, link: str
) -> None:
    ask_practice(house, link)
    path = f"/practice/ortiz/clients/{house.chart(CLIENT, 'ortiz').id}/recovery/"
    foreign = house.browser("provider2@demo.test")
    assert foreign.get(path).status_code == 404
    assert "can't get into" not in foreign.get("/practice/harbor/").text
    lena, sent = house.browser(OWNER), len(letters("accounts/reset"))
    lena.open(path)
    assert lena.press("Send no link").has("No link was sent.")
    assert len(letters("accounts/reset")) == sent
    assert lena.post(path).status_code == 409
    assert len(letters("accounts/reset")) == sent


def test_S12_4_where_no_practice_could_help_no_question_is_asked(house: House, link: str) -> None:
    with db.transaction():
        system.change(house.chart(CLIENT, "ortiz"), ended_at=clock.now())
    assert not house.browser().open(link).has(str(QUESTIONS["childhood_street"]))
    assert give(house, link).status_code == 200


def test_S12_4_a_change_undone_takes_questions_away_that_were_chosen_since(house: House) -> None:
    thief = house.browser(CLIENT)
    thief.post("/settings/email/", {"email": "thief@demo.test"})
    thief.post(f"/email/{last_token('accounts/email_confirm')}")
    choose(thief)
    house.browser().post(f"/email/undo/{last_token('accounts/email_changed')}")
    assert not service.own_questions(house.client_scope(CLIENT))
