"""The watchdog names whose code holds the process; /healthz of a real server is red from then on."""

from __future__ import annotations

import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import gevent
import pytest

from core import hooks
from core.app import ROOMS
from core.settings import CHECKOUT
from tests.faulty.plugin import FIRST, Faulty
from tests.support.house import open_app
from tests.support.place import Place
from tests.support.server import open_servers

LOOP = (
    "import time; end = time.monotonic() + {seconds}\n    while time.monotonic() < end: pass\n    return []\n"
)
SPINNING_LINE = FIRST + 3


def spinning(seconds: float) -> Faulty:
    code = "@hookimpl\ndef home_cards(scope):\n    " + LOOP.format(seconds=seconds)
    return Faulty("spinning", "", code)


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


def test_a_busy_loop_is_named_with_hook_file_and_line(place: Place, tmp_path: Path) -> None:
    spinning(0.6).write(tmp_path / "plugins")
    with open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}) as house:
        browser = house.browser("client@demo.test")
        watchdog = hooks.watch(0.2)
        try:
            gevent.sleep(0.3)
            assert browser.get("/healthz").status_code == 200
            assert browser.get("/inbox/").status_code == 200
            assert browser.get("/healthz").status_code == 503
            assert watchdog.held is not None
            told = (watchdog.held.plugin, watchdog.held.hook, watchdog.held.place)
            assert told == ("spinning", "home_cards", f"hooks.py line {SPINNING_LINE}")
            gevent.sleep(0.1)
            (plugin,) = [one for one in hooks.plugins() if one.name == "spinning"]
            assert plugin.last_failure is not None
            assert plugin.last_failure.kind == "HeldTheProcess"
        finally:
            watchdog.stop()
            hooks.watch(600).stop()
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def test_what_waits_holds_nobody_and_core_alone_turns_nothing_red() -> None:
    watchdog = hooks.watch(0.2)
    try:
        gevent.sleep(0.5)
        assert not watchdog.held
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            pass
        assert watchdog.held is not None
        assert not watchdog.held.plugin
        assert not hooks.is_held()
    finally:
        watchdog.stop()
        hooks.watch(600).stop()


def test_A72_a_real_server_names_the_plugin_and_turns_red(place: Place, tmp_path: Path) -> None:
    spinning(3).write(tmp_path / "plugins")
    more = {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}
    with open_app(place, more) as house:
        cookie = house.browser("client@demo.test").cookie
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
    with open_servers(place, {**more, "VESTIBULE_WATCHDOG_SECONDS": "1"}, tmp_path) as (server,):
        server.is_trouble_expected = True
        assert server.status("/healthz") == 200
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as line:
            line.request("GET", "/inbox/", headers={"Cookie": cookie})
            assert line.getresponse().status == 200
        assert server.status("/healthz") == 503
        said = server.output
        assert "watchdog: the plugin spinning lets nobody else have a turn, at hooks.py line" in said
        gevent.sleep(0.5)
        assert "process was held" in server.output
        assert "plugin=spinning" in server.output
