"""An operator switches each subscription under the hands of a client and a member who are on the page."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from core import db
from core.app import bring_up_to_date, open_house
from core.settings import load
from tests.journeys.acts import switch
from tests.journeys.conftest import People
from tests.support.bells import write_bell
from tests.support.person import MENU, Person
from tests.support.place import Place

CARLA, LENA, OPERATOR = "client@demo.test", "provider@demo.test", "operator@demo.test"
ORTIZ = "Dr Lena Ortiz"
# What the three need that no plugin of ours stands for yet; each plugin is all that a feature can bring.
BELLS = {
    "Merchant Account": ("till", "CP+MA"),
    "Reminders": ("nudge", "RS"),
    "My Clients Plus": ("shelf", "CP+MCP"),
}
TICKS_SECONDS = 20.0


@pytest.fixture
def settings(place: Place, tmp_path: Path) -> dict[str, str]:
    """Three small plugins in a folder, with their tables made."""
    folder = tmp_path / "bells"
    for name, needs in BELLS.values():
        write_bell(folder / name, name=name, needs=needs, every=1, is_gate_closed=True)
    told = {"VESTIBULE_PLUGIN_FOLDERS": str(folder)}
    known = load(place.environment(told))
    open_house(known)
    bring_up_to_date(known)
    db.close()
    return told


def ticks(place: Place, name: str) -> int:
    """How often the plugin's job ran."""
    with closing(sqlite3.connect(place.sqlite_file, timeout=10)) as live:
        (count,) = live.execute(f"SELECT count(*) FROM {name}_ring WHERE client_id IS NULL").fetchone()  # noqa: S608
    return int(count)


def is_ticking(place: Place, name: str, seconds: float) -> bool:
    """Whether the job runs again within that time."""
    before, give_up_at = ticks(place, name), time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if ticks(place, name) > before:
            return True
        time.sleep(0.1)
    return False


def check(carla: Person, lena: Person, name: str, *, is_on: bool) -> None:
    """Menu, row, gate and tab, each at the next click."""
    title = name.capitalize()
    carla.go_to("Inbox")
    assert carla.has_link(title, within=MENU) is is_on
    (carla.sees if is_on else carla.does_not_see)(f"{title} waits")
    carla.open("/appointments/search")
    (carla.sees if is_on else carla.does_not_see)(f"Ring {name} first.")
    lena.reload()
    assert lena.has_link(f"{title} tab") is is_on


@pytest.mark.mouse_alone
def test_law_02_each_switch_acts_at_the_next_click_and_nothing_is_lost(people: People, place: Place) -> None:
    operator, carla, lena = people(OPERATOR), people(CARLA), people(LENA)
    lena.go_to("Clients")
    lena.follow("Mendes, Carla")
    for feature, (name, _needs) in BELLS.items():
        title = name.capitalize()
        check(carla, lena, name, is_on=True)
        carla.follow(title, within=MENU)
        carla.sees("Rung 0 times")
        address = carla.path
        carla.go_to("Inbox")
        assert is_ticking(place, name, TICKS_SECONDS)
        switch(operator, ORTIZ, feature, "off")
        # The menu may have heard of it by itself, and no longer offer what a click would not find.
        with carla.expecting(404, address):
            carla.open(address)
        carla.open("/inbox/")
        check(carla, lena, name, is_on=False)
        assert not is_ticking(place, name, 2.5)
    for feature, (name, _needs) in BELLS.items():
        switch(operator, ORTIZ, feature, "on")
        check(carla, lena, name, is_on=True)
        assert is_ticking(place, name, TICKS_SECONDS), "it was all there"


@pytest.mark.mouse_alone
def test_law_16_what_is_typed_outlives_a_portal_switched_off(people: People) -> None:
    operator, carla, lena = people(OPERATOR), people(CARLA), people(LENA)
    lena.go_to("Clients")
    lena.follow("Mendes, Carla")
    carla.follow("New message")
    carla.fill("Message", "I will bring the papers.")
    carla.sees("Saved")
    switch(operator, ORTIZ, "Client Portal", "off")
    with carla.expecting(404, "/inbox/new/"):
        carla.press("Send")
    carla.open("/")
    assert carla.path == "/closed/"
    lena.reload()
    assert not lena.has_link("Write")
    assert lena.has_link("Messages")
    switch(operator, ORTIZ, "Client Portal", "on")
    carla.open("/inbox/new/")
    assert carla.value("Message") == "I will bring the papers."
    carla.press("Send")
    carla.sees("Sent")
    lena.follow("Messages")
    lena.sees("Carla")
