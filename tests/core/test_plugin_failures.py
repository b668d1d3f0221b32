"""Failures of a plugin's hooks, kept by each process for the operator: how often, what kind, where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import db, hooks, jobs, outbox, subscriptions
from core.app import bring_up_to_date, create_app, open_house
from core.operators import service
from core.operators.service import failures
from core.settings import load
from core.spec.types import MessageRecord
from core.tenancy import Scope
from tests.support.bells import write_bell
from tests.support.house import House
from tests.support.place import Place

CARLA, OPERATOR = "client@demo.test", "operator@demo.test"
SYSTEM = Scope.system("test")
SECRET = "the panic came back"
EVENT = """

@hookimpl
def message_sent(scope: Scope, message: object) -> None:
    with transaction():
        scope.add(Ring, rung_at=now())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The plugin `bell`, which hears of messages and whose card fails."""
    folder = tmp_path / "more"
    write_bell(folder / "bell")
    hooks_file = folder / "bell" / "hooks.py"
    code = hooks_file.read_text(encoding="utf-8")
    card = code.index("    return [Card(")
    broken = f'{code[:card]}    raise RuntimeError("{SECRET}")\n\n\n{code[code.index("@hookimpl", card) :]}'
    hooks_file.write_text(broken + EVENT, encoding="utf-8")
    return folder


@pytest.fixture
def house(place: Place, folder: Path) -> Iterator[House]:
    settings = load(place.environment({"VESTIBULE_PLUGIN_FOLDERS": str(folder)}))
    open_house(settings)
    bring_up_to_date(settings)
    db.close()
    app = create_app(settings)
    try:
        with db.connection():
            yield House(place, settings, app)
    finally:
        db.close()


def test_they_are_counted_and_told_without_their_words(house: House) -> None:
    browser = house.browser(CARLA)
    assert [browser.get("/inbox/").status_code for _ in range(3)] == [200, 200, 200]
    failures.keep()
    failures.keep()
    (line,) = failures.failures_of("bell")
    assert (line.hook, line.times, line.kind) == ("home_cards", 3, "RuntimeError")
    assert line.place.startswith("hooks.py:")
    page = house.browser(OPERATOR).get("/operator/plugins/bell/").text
    assert f"RuntimeError {line.place}" in page
    assert SECRET not in page
    browser.get("/inbox/")
    assert [each.times for each in failures.failures_of("bell")] == [4]


def test_each_process_keeps_its_own_beside_its_jobs(house: House) -> None:
    house.browser(CARLA).get("/inbox/")
    assert failures.keep in jobs._chores
    jobs._do_chores()
    assert SYSTEM.rows(failures.PluginFailure).count() == 1


def test_a_chore_that_fails_stops_no_other(house: House) -> None:
    def broken() -> None:
        raise RuntimeError

    house.browser(CARLA).get("/inbox/")
    jobs._chores.insert(0, broken)
    try:
        jobs._do_chores()
    finally:
        jobs._chores.remove(broken)
    assert SYSTEM.rows(failures.PluginFailure).count() == 1


def test_another_version_counts_from_nothing(house: House, folder: Path) -> None:
    house.browser(CARLA).get("/inbox/")
    failures.keep()
    manifest = folder / "bell" / "plugin.toml"
    told = manifest.read_text(encoding="utf-8").replace('version = "1.0"', 'version = "1.1"')
    manifest.write_text(told, encoding="utf-8")
    open_house(house.settings)
    service.note_seen()
    assert failures.failures_of("bell") == []


@pytest.mark.parametrize("completes", [True, False])
def test_A22_what_completes_something_arrives_though_the_subscription_ended(
    house: House,
    completes: bool,  # noqa: FBT001 -- the two ways
) -> None:
    scope = house.client_scope(CARLA, "ortiz")
    ids = {"provider_id": scope.provider_id, "client_id": scope.client_id, "thread_id": db.new_id()}
    message = MessageRecord(id=db.new_id(), author_kind="client", kind="person", **ids)
    with db.transaction():
        hooks.tell(scope, "message_sent", key="k1", completes=completes, message=message)
    subscriptions.switch(SYSTEM, scope.provider_id, "CP", is_on=False)
    outbox.drain(100)
    (count,) = db.database.execute_sql("SELECT count(*) FROM bell_ring").fetchone()
    assert count == (1 if completes else 0)
    dropped = [each.error for each in outbox.dropped() if each.target == "bell:message_sent"]
    assert dropped == ([] if completes else ["subscription_ended"])
