"""What a plugin brings for those who run the installation: its health checks, and commands of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core import hooks, subscriptions
from core.app import ROOMS
from core.hooks.declaring import COMMANDS
from core.settings import CHECKOUT
from core.tenancy import Scope
from tests.faulty.plugin import Faulty, write_all
from tests.support.house import House, open_app
from tests.support.place import Place
from vestibule.commands import cli
from vestibule.commands.check import _health

OPERATOR = "operator@demo.test"
TOP = "import click\nimport gevent\n\nfrom vestibule.web import Command, HealthCheck, hookimpl\n\n\n"


def checking(name: str, body: str, needs: str = '["CP"]') -> Faulty:
    code = (
        f"{TOP}def ask(scope):\n    {body}\n\n\n"
        f"@hookimpl\ndef register_health_checks():\n    return [HealthCheck('all', 'All of {name}', ask)]\n"
    )
    told = {"title": f'"The {name}"', "gates": "[]", "needs": needs}
    return Faulty(name, "", replaces=code, manifest=told, has_gate=False)


WELL = checking("awell", "return ''")
UNWELL = checking("unwell", "return f'{len(scope.providers)} providers wait'")
IDLE = checking("idle", "raise RuntimeError('nobody has it on')", '["MCP"]')
FAILING = (
    checking("raises", "raise RuntimeError('Ana has panic')"),
    checking("exits", "raise SystemExit(3)"),
    checking("hangs", "gevent.sleep(30)"),
    checking("none", "return None"),
)
COMMANDING = Faulty(
    "sends",
    "",
    replaces=TOP
    + "def again(scope, days):\n    return f'{days} days of {len(scope.providers)}'\n\n\n"
    + "def wrong(scope):\n    return None\n\n\n"
    + "@hookimpl\ndef register_commands():\n"
    + "    days = click.Option(['--days'], type=int, default=7)\n"
    + "    return [Command('again', 'Send again.', again, 'vestibule sends again', (days,)),"
    + " Command('wrong', 'Wrong.', wrong)]\n",
    manifest={"gates": "[]"},
    has_gate=False,
)


@pytest.fixture
def database() -> str:
    """What is asked here does not depend on the database."""
    return "sqlite"


@pytest.fixture
def house(place: Place, tmp_path: Path) -> Iterator[House]:
    """A house with plugins that say how they are, and one with commands."""
    write_all((WELL, UNWELL, IDLE, *FAILING, COMMANDING), tmp_path / "plugins")
    with open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}) as opened:
        subscriptions.switch(Scope.system("test"), opened.provider_id("ortiz"), "MCP", is_on=False)
        assert not [plugin.refused for plugin in hooks.plugins() if plugin.refused]
        yield opened
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def test_each_check_is_asked_by_itself_and_a_failing_one_is_counted(house: House) -> None:
    found = {one.plugin: (one.state, one.said) for one in hooks.check_health()}
    assert found == {
        "awell": ("well", ""),
        "unwell": ("unwell", "2 providers wait"),
        "idle": ("idle", ""),
        **{one.name: ("failed", "") for one in FAILING},
    }
    counted = {plugin.name: plugin.faults for plugin in hooks.plugins() if plugin.faults}
    assert counted == {one.name: {"register_health_checks": 1} for one in FAILING}


def test_the_operator_s_page_and_the_doctor_say_what_and_readyz_only_the_name(house: House) -> None:
    operator = house.browser(OPERATOR)
    page = operator.get("/operator/plugins/unwell/").text
    for words in ("All of unwell", "2 providers wait", "Unwell"):
        assert words in page
    raises = operator.get("/operator/plugins/raises/").text
    assert "Could not be asked" in raises
    assert "panic" not in raises
    answer = house.browser().get("/readyz")
    assert answer.status_code == 200
    lines = answer.text.splitlines()
    assert lines[0] == "ready"
    assert sorted(lines[1:]) == sorted(
        f"unwell: {name}.all" for name in ("unwell", "raises", "exits", "hangs", "none")
    )
    told = {line: is_good for is_good, line in _health()}
    assert told["plugin awell: All of awell: well"]
    assert told["plugin idle: All of idle: on for nobody"]
    assert not told["plugin unwell: All of unwell: 2 providers wait"]


@pytest.fixture
def typed(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """Runs the command line beside the house."""
    for name, value in house.place.environment(
        {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}
    ).items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(cli, list(words))


def test_a_plugin_s_command_runs_for_each_provider_that_has_it_on(typed: Callable[..., Result]) -> None:
    told = _ran(typed, "sends", "again", "--days", "3")
    assert told.output.splitlines() == ["harbor: 3 days of 1", "ortiz: 3 days of 1"]
    assert _ran(typed, "sends", "again", "--provider", "ortiz").output == "ortiz: 7 days of 1\n"
    assert "vestibule sends again" in _ran(typed, "sends", "again", "--help").output
    assert "is not on for nobody" in _ran(typed, "sends", "again", "--provider", "nobody", code=1).output
    assert "returned NoneType, not words" in _ran(typed, "sends", "wrong", code=1).output
    assert "No such command" in _ran(typed, "awell", code=2).output, "a plugin without commands has no group"
    assert "No such command" in _ran(typed, "sned", code=2).output


def _ran(typed: Callable[..., Result], *words: str, code: int = 0) -> Result:
    done = typed(*words)
    assert done.exit_code == code, done.output
    return done


def test_no_plugin_s_group_takes_the_place_of_a_command_of_ours() -> None:
    assert set(cli.commands) == COMMANDS
