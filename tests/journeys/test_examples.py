"""The example plugins in a browser: signing before booking, checking in, a tab that refreshes itself."""

from __future__ import annotations

import pytest

from tests.journeys.acts import CARLA, LENA
from tests.journeys.conftest import People
from tests.support.place import Place
from tests.support.run import CHECKOUT
from tests.support.server import run_command

FOLDERS = sorted(str(path.parent) for path in CHECKOUT.glob("examples/*/pyproject.toml"))
REFRESHED = "00:25"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"VESTIBULE_PLUGIN_FOLDERS": ",".join(FOLDERS)}


@pytest.fixture
def place(place: Place, settings: dict[str, str]) -> Place:
    """The small practice, with the examples' tables in it."""
    run_command(place, "migrate", settings=settings)
    return place


@pytest.mark.keyboard_alone
def test_a_client_signs_and_checks_in_and_the_practice_sees_it_come(people: People) -> None:
    lena, carla = people(LENA), people(CARLA)
    lena.open("/practice/ortiz/settings/consent/")
    lena.fill("What clients are asked to agree to", "Sessions are confidential.\n\nYou may end them.")
    lena.press("Publish")
    lena.sees("Saved.")
    lena.check_accessibility()
    lena.open("/practice/ortiz/settings/webhooks/")
    lena.check_accessibility()

    carla.open("/appointments/search")
    carla.sees("Before you can schedule, read and sign the consent.")
    carla.follow("Read and sign")
    carla.check_accessibility()
    carla.fill("Your full name", "Carla Mendes")
    carla.tick("I have read this and I agree")
    carla.press("Sign")
    carla.sees("You signed this as Carla Mendes")
    carla.check_accessibility()

    lena.page.clock.install()
    lena.open(f"/practice/ortiz/clients/{carla.path.split('/')[2]}/mood/")
    lena.sees("No check-ins yet.")
    carla.go_to("Inbox")
    carla.follow("Check in")
    carla.choose("Good")
    carla.press("Check in")
    carla.sees("Today you said: Good.")
    carla.check_accessibility()
    lena.page.clock.fast_forward(REFRESHED)
    lena.sees("Score, 1 to 5")
    lena.does_not_see("No check-ins yet.")
    lena.reload()
    lena.check_accessibility()
    lena.check_fits()
