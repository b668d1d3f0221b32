"""A72: plugins that are each wrong in one way are refused by name, file and line; everything else serves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import hooks
from core.app import ROOMS
from core.settings import CHECKOUT
from tests.faulty.plugin import Faulty, write_all
from tests.faulty.reaching import RUNNERS
from tests.faulty.refused import REFUSED
from tests.support.house import House, open_app
from tests.support.place import Place

CLIENT = "client@demo.test"
# What only running the code, or the names of others, can show.
SEEN_AT_LOAD = {"unset", "disguised", "unfit", "endpointing", "addressing", "catching", "doubling", "longing"}
# Where one fault brings a second: without a manifest, for example, the gate isn't listed either.
FOLLOWED = {"unmanifested", "untomled", "inbox", "defaulting"}
SEEN_AT_LOAD |= {one.name for one in RUNNERS}
SEEN_AT_LOAD |= {"raising", "exiting", "interrupting", "expiring", "ending", "refusing", "rubbishing"}


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


@pytest.fixture
def house(place: Place, tmp_path: Path) -> Iterator[House]:
    """A house in which every refused plugin lies."""
    write_all(REFUSED, tmp_path / "plugins")
    with open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}) as opened:
        yield opened
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def told_of(name: str) -> hooks.Plugin:
    found = [plugin for plugin in hooks.plugins() if plugin.name == name and not plugin.is_core]
    return found[-1]


def test_A72_each_refused_plugin_is_named_with_file_line_and_mend(house: House) -> None:
    assert len(REFUSED) >= 30
    wrong = []
    for one in REFUSED:
        plugin = told_of(one.name)
        expected = f"{one.name}: {one.file} line {one.line}: "
        if not plugin.refused.startswith(expected) or one.said not in plugin.refused:
            wrong.append(f"{one.name}: not `{expected}… {one.said}` but `{plugin.refused}`")
        if len(plugin.refusals) != 1 and one.name not in FOLLOWED:
            wrong.append(f"{one.name} is wrong in more than one way: {plugin.refusals}")
    assert not wrong, "\n".join(wrong)
    assert not [plugin.name for plugin in hooks.plugins() if "panic" in plugin.refused]


def test_A72_the_rest_serves_and_their_gates_are_closed(house: House) -> None:
    browser = house.browser(CLIENT)
    assert browser.get("/inbox/").status_code == 200
    assert browser.get("/appointments/search").status_code == 200
    scope = house.client_scope(CLIENT, "ortiz")
    client = next(iter(scope.charts.values()))
    found = hooks.obstacles("booking_obstacles", scope, client=client, slot=None)
    closed = {(obstacle.code, obstacle.plugin) for obstacle in found}
    assert closed == {("gate_broken", one.name) for one in REFUSED if one.has_gate}
    assert not [plugin.name for plugin in hooks.plugins() if plugin.name == "intake" and plugin.refused]


def test_A72_nothing_of_a_refused_plugin_is_there(house: House) -> None:
    names = {one.name for one in REFUSED} - {"inbox"}
    endpoints = house.app.extensions["routes"]
    assert not [endpoint for endpoint in endpoints if endpoint.partition(".")[0] in names]
    declared = [
        plugin for hook in ("register_settings", "register_jobs") for plugin, _ in hooks.declared(hook)
    ]
    assert not names & set(declared)
    asked = [
        one.plugin.name for hook in ("home_cards", "booking_obstacles") for one in hooks.implementations(hook)
    ]
    assert not names & set(asked)


def test_A72_reading_alone_finds_what_it_can_and_runs_nothing(tmp_path: Path) -> None:
    write_all(REFUSED, tmp_path)
    for one in REFUSED:
        ran = tmp_path / one.name / "ran"
        with (tmp_path / one.name / "hooks.py").open("a", encoding="utf-8") as code:
            code.write(f"\nopen({str(ran)!r}, 'w').close()\n")
        found = hooks.check_folder(tmp_path / one.name)
        assert bool(found) == (one.name not in SEEN_AT_LOAD), one.name
        assert not found or one.said in found[0]
        assert not ran.exists(), one.name


def test_A72_a_fault_that_can_be_read_keeps_the_code_from_running(tmp_path: Path) -> None:
    code = f"from core import db\n\nopen({str(tmp_path / 'ran')!r}, 'w').close()\n"
    Faulty("both", "", code).write(tmp_path / "plugins")
    hooks.load({}, [tmp_path / "plugins"])
    assert "imports core.db" in told_of("both").refused
    assert not (tmp_path / "ran").exists()
