"""Law 5: the kind of a hook fixes what a failure means, shown with a plugin that fails on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import db, hooks, outbox
from core.app import ROOMS
from core.settings import CHECKOUT
from core.spec.errors import PluginRefused
from core.spec.types import AppointmentRecord, MessageRecord
from core.tenancy import Scope
from core.tenancy.charts import client_record
from core.web import slots
from tests.support.house import House, open_app
from tests.support.place import Place

FAILURES = {
    "error": "raise RuntimeError('the panic came back')",
    "exit": "raise SystemExit(3)",
    "timeout": "raise gevent.Timeout(0)",
    "nothing": "return None",
}
MANIFEST = 'name = "faulty"\ntitle = "Faulty"\nversion = "1"\napi = 1\nneeds = ["CP"]\n'
GATED = 'gates = ["booking_obstacles"]\n'
CLIENT = "client@demo.test"
Build = Callable[..., House]


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


@pytest.fixture
def build(place: Place, tmp_path: Path) -> Iterator[Build]:
    """`build(code, manifest)`: the house with one more plugin of this code."""
    folder = tmp_path / "plugins"
    opened = []

    def made(code: str, manifest: str = MANIFEST, *, is_required: bool = False) -> House:
        (folder / "faulty").mkdir(parents=True)
        (folder / "faulty" / "plugin.toml").write_text(manifest, encoding="utf-8")
        (folder / "faulty" / "__init__.py").write_text("", encoding="utf-8")
        written = f"import gevent\nfrom vestibule.web import hookimpl\n{code}"
        (folder / "faulty" / "hooks.py").write_text(written, encoding="utf-8")
        more = {"VESTIBULE_PLUGIN_FOLDERS": str(folder)}
        if is_required:
            more["VESTIBULE_REQUIRED_PLUGINS"] = "faulty"
        opened.append(open_app(place, more))
        return opened[-1].__enter__()

    try:
        yield made
    finally:
        for one in opened:
            one.__exit__(None, None, None)
        hooks.load(ROOMS, [CHECKOUT / "plugins"])


def hook(signature: str, failure: str) -> str:
    return f"@hookimpl\ndef {signature}:\n    {failure}\n"


def _told(scope: Scope) -> dict[str, object]:
    """Records as events carry them."""
    ids = (db.new_id(), scope.provider_id, scope.client_id, db.new_id())
    at = datetime(2026, 12, 1, 16, tzinfo=UTC)
    return {
        "message": MessageRecord(*ids, author_kind="client", kind="person"),
        "appointment": AppointmentRecord(*ids, db.new_id(), at, at, sequence=0, changed_by=None),
    }


def faulty() -> hooks.Plugin:
    return next(plugin for plugin in hooks.plugins() if plugin.name == "faulty")


@pytest.mark.parametrize("failure", FAILURES)
def test_law_05_a_failing_contribution_is_skipped_and_counted(build: Build, failure: str) -> None:
    house = build(hook("home_cards(scope)", FAILURES[failure]) + hook("nav_items(scope)", FAILURES[failure]))
    page = house.browser(CLIENT).get("/inbox/")
    assert page.status_code == 200
    assert "panic" not in page.text
    assert faulty().faults.keys() == {"home_cards", "nav_items"}
    assert not faulty().refused


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("hook_name", ["chart_tabs", "settings_sections", "setup_steps", "needs_attention"])
def test_law_05_a_failing_slot_of_the_practice_is_absent(build: Build, hook_name: str, failure: str) -> None:
    house = build(hook(f"{hook_name}(scope)", FAILURES[failure]))
    record = f"/practice/ortiz/clients/{house.chart(CLIENT, 'ortiz').id}/"
    paths = {"chart_tabs": record, "settings_sections": "/practice/ortiz/settings/"}
    page = house.browser("provider@demo.test").get(paths.get(hook_name, "/practice/ortiz/"))
    assert page.status_code == 200
    assert hook_name in faulty().faults or hook_name == "setup_steps"
    scope = house.member_scope("provider@demo.test", "ortiz")
    assert hooks.contributed("client_marks", scope, client_ids=frozenset()) is not None


@pytest.mark.parametrize("failure", FAILURES)
def test_law_05_a_failing_fact_is_missing_from_the_head(build: Build, failure: str) -> None:
    house = build(hook("chart_facts(scope, client_id)", FAILURES[failure]))
    page = house.browser("provider@demo.test").get(
        f"/practice/ortiz/clients/{house.chart(CLIENT, 'ortiz').id}/"
    )
    assert page.status_code == 200
    assert "Next appointment" in page.text
    assert faulty().faults.keys() == {"chart_facts"}


@pytest.mark.parametrize("failure", FAILURES)
def test_law_05_failing_marks_leave_the_names(build: Build, failure: str) -> None:
    house = build(hook("client_marks(scope, client_ids)", FAILURES[failure]))
    scope = house.member_scope("provider@demo.test", "ortiz")
    chart = house.chart("newclient@demo.test", "ortiz").id
    with house.app.test_request_context():
        assert [mark.text for mark in slots.marks(scope, [chart])[chart]] == ["Intake outstanding"]


@pytest.mark.parametrize("failure", [*FAILURES, "slow"])
def test_law_05_a_failing_gate_is_closed(build: Build, failure: str) -> None:
    code = {**FAILURES, "slow": "gevent.sleep(5)"}[failure]
    house = build(hook("booking_obstacles(scope, client, slot)", code), MANIFEST + GATED)
    scope = house.client_scope(CLIENT, "ortiz")
    record = client_record(scope, scope.client_id)
    found = hooks.obstacles("booking_obstacles", scope, client=record, slot=None)
    assert [(one.code, one.plugin) for one in found] == [("gate_failed", "faulty")]
    assert house.browser(CLIENT).get("/appointments/search").status_code == 200


@pytest.mark.parametrize("failure", [*list(FAILURES)[:3], "syntax"])
def test_law_05_the_gate_of_a_plugin_that_does_not_load_is_closed(build: Build, failure: str) -> None:
    code = {**FAILURES, "syntax": "def ("}[failure]
    house = build(code + "\n", MANIFEST + GATED)
    assert faulty().refused
    scope = house.client_scope(CLIENT, "ortiz")
    record = client_record(scope, scope.client_id)
    found = hooks.obstacles("booking_obstacles", scope, client=record, slot=None)
    assert [(one.code, one.plugin) for one in found] == [("gate_broken", "faulty")]


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize(
    "hook_name", ["register_routes", "register_settings", "register_jobs", "register_audit_events"]
)
def test_law_05_a_failing_declaration_quarantines_its_plugin_alone(
    build: Build, hook_name: str, failure: str
) -> None:
    house = build(hook(f"{hook_name}()", FAILURES[failure]))
    assert faulty().refused
    assert "panic" not in faulty().refused
    assert house.browser(CLIENT).get("/inbox/").status_code == 200
    operator = house.browser("operator@demo.test").get("/operator/plugins/")
    assert "Faulty" in operator.text


def test_law_05_a_required_plugin_that_does_not_load_stops_the_start(build: Build) -> None:
    with pytest.raises(PluginRefused, match="faulty"):
        build("raise SystemExit(3)\n", is_required=True)


@pytest.mark.parametrize("failure", list(FAILURES)[:3])
@pytest.mark.parametrize(
    "hook_name", ["message_sent", "appointment_booked", "appointment_moved", "appointment_cancelled"]
)
def test_law_05_a_failing_event_is_tried_again(build: Build, hook_name: str, failure: str) -> None:
    argument = "message" if hook_name == "message_sent" else "appointment"
    house = build(hook(f"{hook_name}(scope, {argument})", FAILURES[failure]))
    scope = house.client_scope(CLIENT, "ortiz")
    with db.transaction():
        hooks.tell(scope, hook_name, key="k1", **{argument: _told(scope)[argument]})  # type: ignore[arg-type] # records by name
    while outbox.drain(kinds={"event"}):
        pass
    rows = Scope.system("test").rows(outbox.Outbox).where(outbox.Outbox.target == f"faulty:{hook_name}")
    (row,) = rows
    assert (row.tries, row.done_at, row.parked_at) == (1, None, None)
    assert "panic" not in row.error


@pytest.mark.parametrize(
    "code",
    [
        "@hookimpl(wrapper=True)\ndef home_cards(scope):\n    return (yield)\n",
        "@hookimpl(hookwrapper=True)\ndef home_cards(scope):\n    yield\n",
        "@hookimpl(tryfirst=True)\ndef home_cards(scope):\n    return []\n",
        "@hookimpl(specname='home_cards')\ndef nav_items(scope):\n    return []\n",
        "@hookimpl\ndef home_cards(scope, more=1):\n    return []\n",
        "@hookimpl\ndef home_cakes(scope):\n    return []\n",
    ],
)
def test_law_05_what_could_reach_into_other_plugins_is_refused(build: Build, code: str) -> None:
    house = build(code)
    assert faulty().refused
    assert house.browser(CLIENT).get("/inbox/").status_code == 200
