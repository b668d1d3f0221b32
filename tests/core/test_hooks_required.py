"""What a plugin's manifest requires is asked for on Today; what it may be called is nobody's already."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core import db, hooks, outbox, plugin_settings
from core.app import ROOMS
from core.hooks.manifest import NAME, RESERVED
from core.settings import CHECKOUT
from core.spec.types import MessageRecord
from core.tenancy import Scope
from tests.faulty.plugin import Faulty
from tests.support.house import open_app
from tests.support.place import Place

SETTING = """@hookimpl
def register_settings():
    return [Setting('api_key', 'Key', 'text', '')]
"""
TOLD = """from pathlib import Path

from vestibule.web import hookimpl


@hookimpl
def message_sent(scope, message):
    (Path(__file__).parent / "told").write_text(str(message.id))
"""


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


def test_what_a_plugin_requires_is_a_step_on_today_until_it_is_there(place: Place, tmp_path: Path) -> None:
    manifest = {"required_settings": '["api_key"]', "title": '"Bell & Co"'}
    Faulty("bell", "", SETTING, manifest=manifest).write(tmp_path / "plugins")
    with open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}) as house:
        browser = house.browser("provider@demo.test")
        today = browser.get("/practice/ortiz/").text
        assert "Fill in what Bell &amp; Co needs" in today
        assert "/practice/ortiz/settings/plugins/bell" in today
        plugin_settings.put(Scope.system("test", house.provider_id("ortiz")), "bell.api_key", "k")
        assert "Fill in what" not in browser.get("/practice/ortiz/").text
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def test_no_plugin_can_have_a_name_that_the_house_uses() -> None:
    names = {path.stem for folder in ("templates", "static") for path in (CHECKOUT / folder).iterdir()}
    names |= set(ROOMS)
    for file in (CHECKOUT / "core").rglob("migrations/*.sql"):
        tables = re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", file.read_text(encoding="utf-8"))
        names |= {table.partition("_")[0] for table in tables}
    possible = {name for name in names if NAME.fullmatch(name)}
    assert not possible - RESERVED


def test_an_event_waits_for_a_plugin_that_is_broken_and_is_delivered_once_it_is_mended(
    place: Place, tmp_path: Path
) -> None:
    broken = Faulty("bell", "", replaces=TOLD + "\n\ndef (\n", manifest={"gates": "[]"})
    folder = broken.write(tmp_path / "plugins")
    more = {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}
    with open_app(place, more) as house:
        scope = house.client_scope("client@demo.test", "ortiz")
        ids = (db.new_id(), scope.provider_id, scope.client_id, db.new_id())
        record = MessageRecord(*ids, author_kind="client", kind="person")
        with db.transaction():
            hooks.tell(scope, "message_sent", key="k", completes=True, message=record)
        outbox.drain(kinds={"event"})
        rows = Scope.system("test").rows(outbox.Outbox)
        (row,) = [one for one in rows if one.target == "bell:message_sent"]
        assert (row.done_at, row.parked_at, row.completes) == (None, None, True)
    (folder / "hooks.py").write_text(TOLD, encoding="utf-8")
    with open_app(place, more):
        system = Scope.system("test")
        with db.transaction():
            db.house_update(outbox.Outbox, due_at=row.created_at).where(outbox.Outbox.id == row.id).execute()
        outbox.drain(kinds={"event"})
        assert system.one(outbox.Outbox, row.id).done_at is not None
    assert (folder / "told").read_text(encoding="utf-8") == str(record.id)
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
