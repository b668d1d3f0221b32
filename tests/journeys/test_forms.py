"""A practice makes a form out of a starter; a client signs it, mends it, and withdraws it."""

from __future__ import annotations

import pytest

from tests.journeys.acts import CARLA, LENA, open_record
from tests.journeys.conftest import People
from tests.support.person import Person

TITLE = "Consent to treatment"
QUESTION = "May we write to your doctor?"


@pytest.mark.mouse_alone
@pytest.mark.also("no-script")
@pytest.mark.timeout(300)  # two people and a dozen pages on a busy machine
def test_S4_2_a_form_is_made_asked_signed_mended_and_withdrawn(people: People) -> None:
    lena, carla = people(LENA), people(CARLA)
    make_form(lena)
    open_record(lena, "Mendes, Carla", "Forms")
    lena.select("Form", TITLE)
    lena.press("Ask for it")
    lena.sees("Not started")
    carla.reload()
    carla.follow("Fill in")
    carla.follow("Continue")
    carla.check_accessibility()
    sign(carla, "Carla")
    open_record(lena, "Mendes, Carla", "Forms")
    lena.follow(TITLE)
    lena.check_accessibility()
    lena.unfold("Send it back")
    lena.fill("What has to be mended", "Your whole name, please.")
    lena.press("Send it back")
    lena.sees("Sent back, to be mended")
    carla.open("/inbox/")
    carla.follow("Mend")
    carla.sees("Your whole name, please.")
    carla.follow("Continue")
    sign(carla, "Carla Mendes", is_again=True)
    open_record(lena, "Mendes, Carla", "Forms")
    lena.follow(TITLE)
    lena.sees("Carla Mendes")
    lena.press("Accept")
    lena.sees("Accepted")
    carla.reload()
    carla.follow("Withdraw it")
    carla.press("Withdraw it")
    carla.sees("Withdrawn")
    carla.check_storage()
    lena.go_to("Inbox")
    lena.follow("Consent withdrawn: Carla Mendes")
    lena.follow("Read it in the record")
    lena.sees("Withdrawn")


def make_form(lena: Person) -> None:
    """A consent with a question of one's own that is asked only after another answer."""
    lena.go_to("Forms")
    lena.follow("New form")
    lena.choose(TITLE)
    lena.press("Begin")
    lena.follow("Add a question")
    lena.fill("Question", QUESTION)
    lena.select("Kind of answer", "Yes or no")
    lena.press("Save question")
    lena.follow(f"Change : {QUESTION}")
    lena.follow("Show it only if …")
    lena.select("Question that decides", "I agree to treatment by this practice.")
    lena.press("Choose")
    lena.choose("is", within="Show it only if the answer")
    lena.select("Answer", "Yes")
    lena.press("Add it")
    lena.sees("“I agree to treatment by this practice.” is “Yes”")
    lena.check_accessibility()
    lena.follow("Back to the questions")
    lena.check_accessibility()
    lena.check_fits()
    lena.press("Publish")
    lena.sees("It is version 1.")


def sign(carla: Person, name: str, *, is_again: bool = False) -> None:
    """Answer what is asked, sign, and send."""
    if not is_again:
        carla.choose("Yes", within="I have read this, and my questions were answered.")
        carla.choose("Yes", within="I agree to treatment by this practice.")
    carla.fill("Your full name, as your signature", name)
    carla.press("Save and continue")
    if not is_again and not carla.heading().startswith("Check"):
        # Without a script the question that came up is shown on the next step.
        carla.press("Save and continue")
    carla.heading("Check your answers")
    carla.press("Send")
    carla.sees("Signed by")
    carla.sees(name)
