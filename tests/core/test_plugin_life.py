"""The life of a plugin: installed, upgraded, broken, gone with its gates closed, forgotten, back again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import db, hooks, migrate, outbox
from core.app import bring_up_to_date, create_app, open_house
from core.audit import AuditRow
from core.operators import service
from core.operators.service import PluginFacts
from core.settings import Settings, load
from core.spec.errors import NotFound, PluginRefused, Refused
from core.subscriptions import KnownPlugin
from core.tenancy import Scope
from tests.support.bells import BELL_TABLE, write_bell
from tests.support.house import Browser, House
from tests.support.place import Place

CARLA, OPERATOR = "client@demo.test", "operator@demo.test"
SYSTEM = Scope.system("test")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the settings with the plugin `bell` in it."""
    folder = tmp_path / "more"
    write_bell(folder / "bell")
    return folder


def told(place: Place, folder: Path, **more: str) -> Settings:
    return load(place.environment({"VESTIBULE_PLUGIN_FOLDERS": str(folder), **more}))


def upgrade(settings: Settings) -> list[str]:
    """`vestibule migrate`."""
    open_house(settings)
    try:
        return bring_up_to_date(settings)
    finally:
        db.close()


@contextmanager
def started(place: Place, folder: Path, **more: str) -> Iterator[House]:
    """`vestibule serve`, without a socket."""
    settings = told(place, folder, **more)
    app = create_app(settings)
    try:
        with db.connection():
            yield House(place, settings, app)
    finally:
        db.close()


def facts(house: House) -> PluginFacts:
    routes = [(bound.plugin, bound.route) for bound in house.app.extensions["routes"].values()]
    return service.facts_of(SYSTEM, "bell", routes)


def gates(house: House) -> list[str]:
    scope = house.client_scope(CARLA, "ortiz")
    client = next(iter(scope.charts.values()))
    found = hooks.obstacles("booking_obstacles", scope, client=client, slot=None)
    return [each.code for each in found if each.plugin == "bell"]


def status(browser: Browser) -> int:
    return browser.get("/bell/").status_code


def test_A73_law_14_the_whole_life(place: Place, folder: Path) -> None:
    with started(place, folder) as house:
        assert facts(house).state == "quarantined", "its tables are not there yet"
        assert "vestibule migrate" in facts(house).why
        assert gates(house) == ["gate_broken"]
        assert status(house.browser(CARLA)) == 404
        assert house.browser(CARLA).get("/inbox/").status_code == 200

    assert upgrade(told(place, folder)) == ["bell/0001_bell"]
    with started(place, folder) as house:
        assert (facts(house).state, facts(house).version, gates(house)) == ("loaded", "1.0", [])
        assert status(house.browser(CARLA)) == 200
        assert house.browser(CARLA).post("/bell/ring/").status_code == 303
        assert "Rung 1 times" in house.browser(CARLA).get("/bell/").text
        first_seen = facts(house).first_seen_at

    write_bell(folder / "bell", version="1.1", migrations=2)
    with started(place, folder) as house:
        assert facts(house).state == "quarantined"
        assert facts(house).migrations_pending == ["bell/0002_bell"]
    assert upgrade(told(place, folder)) == ["bell/0002_bell"]
    with started(place, folder) as house:
        assert (facts(house).version, facts(house).first_seen_at) == ("1.1", first_seen)
        assert "Rung 1 times" in house.browser(CARLA).get("/bell/").text

    (folder / "bell" / "hooks.py").write_text("import no_such_thing\n", encoding="utf-8")
    with started(place, folder) as house:
        assert facts(house).state == "quarantined"
        assert gates(house) == ["gate_broken"]

    shutil.rmtree(folder / "bell")
    with started(place, folder) as house:
        assert facts(house).state == "absent"
        assert facts(house).contributes.tables == [BELL_TABLE]
        assert gates(house) == ["gate_gone"]
        assert status(house.browser(CARLA)) == 404
        operator = house.browser(OPERATOR)
        assert "Its folder is gone, and its gates stay closed" in operator.get("/operator/plugins/bell/").text
        assert operator.post("/operator/plugins/bell/forget/", {"name": "bel"}).status_code == 422
        assert gates(house) == ["gate_gone"]
        assert operator.post("/operator/plugins/bell/forget/", {"name": "bell"}).status_code == 303
        assert gates(house) == [], "at the next click, without a restart"
        assert facts(house).state == "forgotten"

    write_bell(folder / "bell", version="1.1", migrations=2)
    with started(place, folder) as house:
        assert (facts(house).state, facts(house).forgotten_at) == ("loaded", None)
        assert "Rung 1 times" in house.browser(CARLA).get("/bell/").text, "its data was kept"


def test_forgotten_with_its_data_it_begins_anew(place: Place, folder: Path) -> None:
    upgrade(told(place, folder))
    with started(place, folder) as house:
        house.browser(CARLA).post("/bell/ring/")
        with pytest.raises(Refused, match="plugin_is_here"):
            service.forget(SYSTEM, "bell", delete_data=True)
        with pytest.raises(NotFound):
            service.forget(SYSTEM, "nobody")
    shutil.rmtree(folder / "bell")
    with started(place, folder):
        assert service.forget(SYSTEM, "bell", delete_data=True) == [BELL_TABLE]
        assert BELL_TABLE not in db.database.get_tables()
    write_bell(folder / "bell")
    assert upgrade(told(place, folder)) == ["bell/0001_bell"]
    with started(place, folder) as house:
        assert "Rung 0 times" in house.browser(CARLA).get("/bell/").text


def test_what_waits_for_one_that_is_gone_is_kept_and_delivered_when_it_is_back(
    place: Place, folder: Path
) -> None:
    upgrade(told(place, folder))
    with started(place, folder) as house, db.transaction():
        outbox.put(SYSTEM, "event", "bell:message_sent", "k1", {}, provider_id=house.provider_id("ortiz"))
    shutil.rmtree(folder / "bell")
    with started(place, folder):
        outbox.drain(100)
        (row,) = [row for row in SYSTEM.rows(outbox.Outbox) if row.key == "k1"]
        assert (row.dropped_at, row.tries, row.error) == (None, 1, "PluginRefused")
        service.forget(SYSTEM, "bell")
        assert [each.error for each in outbox.dropped() if each.key == "k1"] == ["plugin_forgotten"]


def test_a_migration_that_fails_leaves_out_its_plugin_alone(place: Place, folder: Path) -> None:
    write_bell(folder / "chime", name="chime")
    broken = folder / "bell" / "migrations" / "0001_bell.sql"
    broken.write_text(
        "CREATE TABLE bell_ring (id ID NOT NULL REFERENCES nothing_here (id) x);\n", encoding="utf-8"
    )
    assert upgrade(told(place, folder)) == ["chime/0001_chime"]
    with started(place, folder) as house:
        assert facts(house).state == "quarantined"
        assert house.browser(CARLA).get("/chime/").status_code == 200


def test_one_that_must_be_there_stops_the_start(place: Place, folder: Path) -> None:
    with (
        pytest.raises(PluginRefused, match="vestibule migrate"),
        started(place, folder, VESTIBULE_REQUIRED_PLUGINS="bell"),
    ):
        pass
    db.close()


def test_the_house_s_own_tables_behind_stop_the_start(place: Place, folder: Path) -> None:
    open_house(told(place, folder))
    with db.connection():
        db.database.execute_sql("DELETE FROM migration WHERE source = 'inbox'")
    db.close()
    with pytest.raises(migrate.MigrationRefused, match="inbox"), started(place, folder):
        pass
    db.close()


def test_one_whose_manifest_can_not_be_read_any_more_keeps_its_gates_closed(
    place: Place, folder: Path
) -> None:
    upgrade(told(place, folder))
    (folder / "bell" / "plugin.toml").write_text("name = ", encoding="utf-8")
    with started(place, folder) as house:
        assert facts(house).state == "quarantined"
        assert gates(house) == ["gate_gone"], "by what is known of it from before"


def test_its_life_stands_in_the_audit(place: Place, folder: Path) -> None:
    upgrade(told(place, folder))
    write_bell(folder / "bell", version="1.1+x")
    upgrade(told(place, folder))
    shutil.rmtree(folder / "bell")
    with started(place, folder) as house:
        service.forget(house.operator_scope(), "bell")
    write_bell(folder / "bell", version="1.1")
    with started(place, folder) as house:
        rows = SYSTEM.rows(AuditRow).order_by(AuditRow.id.desc())
        its = [row.event.partition(".")[2] for row in rows if row.detail.get("plugin") == "bell"]
        assert its == ["plugin_returned", "plugin_forgotten", "plugin_upgraded", "plugin_seen"]
        known = SYSTEM.rows(KnownPlugin).where(KnownPlugin.name == "bell").get()
        assert (known.version, json.dumps(known.needs)) == ("1.1", '["CP"]')
