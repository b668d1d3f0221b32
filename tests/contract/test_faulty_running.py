"""A72: plugins that fail when they are asked harm no page, are named, and close their gates."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock, db, hooks
from core.app import ROOMS
from core.appointments import service as appointments
from core.audit import AuditRow
from core.settings import CHECKOUT
from core.tenancy import Scope
from tests.faulty.plugin import write_all
from tests.faulty.refused import REFUSED
from tests.faulty.running import CARDS, GATES, RUNNING, UNSEEN
from tests.support.house import House, open_app
from tests.support.place import Place

CLIENT = "client@demo.test"


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


@pytest.fixture
def house(place: Place, tmp_path: Path) -> Iterator[House]:
    """A house in which every plugin lies that fails in running."""
    write_all([*(one.plugin for one in RUNNING), *UNSEEN], tmp_path / "plugins")
    with open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}) as opened:
        assert not [plugin.refused for plugin in hooks.plugins() if plugin.refused]
        yield opened
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def faults_of() -> dict[str, hooks.Plugin]:
    return {plugin.name: plugin for plugin in hooks.plugins() if plugin.faults}


def test_A72_there_are_enough_ways_to_be_wrong() -> None:
    assert len(REFUSED) + len(RUNNING) + len(UNSEEN) >= 80


def test_A72_a_page_is_drawn_without_what_failed_and_each_is_named(house: House) -> None:
    began = time.monotonic()
    page = house.browser(CLIENT).get("/inbox/")
    assert page.status_code == 200
    assert "panic" not in page.text
    assert "Dead" not in page.text
    assert time.monotonic() - began < 20, "one hangs for a second, the rest for nothing"
    found = faults_of()
    wrong = []
    for one in CARDS:
        plugin = found.get(one.name)
        expected = (one.hook, one.kind, one.plugin.file, one.plugin.line)
        failure = plugin.last_failure if plugin else None
        told = (failure.hook, failure.kind, failure.file, failure.line) if failure else None
        if told != expected:
            wrong.append(f"{one.name}: {told}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert found.keys() == {one.name for one in CARDS}


def test_A72_the_next_page_does_not_wait_for_one_that_hung(house: House) -> None:
    browser = house.browser(CLIENT)
    browser.get("/inbox/")
    counted = faults_of()["hangscard"].faults["home_cards"]
    began = time.monotonic()
    assert browser.get("/inbox/").status_code == 200
    assert faults_of()["hangscard"].faults["home_cards"] == counted, "it rests"
    assert time.monotonic() - began < 1


def test_A72_a_failing_gate_is_closed_and_the_member_is_told_which(house: House) -> None:
    scope = house.client_scope(CLIENT, "ortiz")
    client = next(iter(scope.charts.values()))
    before = client
    found = hooks.obstacles("booking_obstacles", scope, client=client, slot=None)
    assert {(one.code, one.plugin) for one in found} == {("gate_failed", one.name) for one in GATES}
    assert client == before
    named = faults_of()
    for one in GATES:
        failure = named[one.name].last_failure
        assert failure is not None
        assert (failure.kind, failure.file, failure.line) == (one.kind, one.plugin.file, one.plugin.line)
    assert house.browser(CLIENT).get("/appointments/search").status_code == 200


def test_A72_one_plugin_s_answer_is_never_taken_for_another_s(house: House) -> None:
    page = house.browser("newclient@demo.test").get("/inbox/")
    assert "Begin Intake" in page.text, "a plugin before intake answered intake's question with nothing"


def test_A72_a_transaction_left_open_is_rolled_back_and_others_may_write(house: House) -> None:
    house.browser(CLIENT).get("/inbox/")
    assert not db.in_transaction()
    with db.transaction():
        pass


def test_A72_a_member_is_told_which_gate_failed_and_books_anyway_by_name(house: House) -> None:
    chart, member = house.chart(CLIENT, "ortiz"), house.member("provider@demo.test", "ortiz")
    scope = house.member_scope("provider@demo.test", "ortiz")
    kind = appointments.types_of(scope)[0].type
    on = clock.today(scope.provider.zone) + timedelta(days=6)
    told = {
        "type": str(kind.id),
        "clinician": str(member.id),
        "on": on.isoformat(),
        "at": "13:00",
        "key": "k",
    }
    browser, path = house.browser("provider@demo.test"), f"/practice/ortiz/calendar/book/{chart.id}"
    refused = browser.post(path, told)
    assert refused.status_code == 409
    for one in GATES:
        assert f"{one.name} could not be asked" in refused.text
    unseen = browser.post(path, {**told, "anyway": "yes", "told": "raisesgate:gate_failed"})
    assert unseen.status_code == 409, "nobody overrides what they were not told of"
    (seen,) = re.findall(r'name="told" value="([^"]*)"', refused.text)
    assert browser.post(path, {**told, "anyway": "yes", "told": seen}).status_code == 303
    noted = Scope.system("test").rows(AuditRow).where(AuditRow.event == "appointments.gate_overridden")
    assert sorted(row.detail["plugin"] for row in noted) == sorted(one.name for one in GATES)
    assert {row.detail["code"] for row in noted} == {"gate_failed"}
