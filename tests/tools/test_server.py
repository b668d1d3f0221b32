"""A server process is waited for, stopped, killed, and its faults come out with its own words."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import Settings
from core.tenancy import Account, Scope
from tests.support.ports import held_port
from tests.support.server import Server

READY = """
import os, traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/crash":
            try:
                raise ValueError("It broke")
            except ValueError:
                traceback.print_exc()
        self.send_response({"/readyz": 200, "/crash": 500}.get(self.path, 404))
        self.end_headers()
print("serving with", sorted(name for name in os.environ if name.startswith("VESTIBULE_")), flush=True)
HTTPServer(("127.0.0.1", int(os.environ["VESTIBULE_PORT"])), Answer).serve_forever()
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + READY


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("VESTIBULE_DATA", "a developer's own")
    with held_port() as port:
        server = Server(port, {"VESTIBULE_PORT": str(port)}, tmp_path / "log")
        server.stop_seconds = 0.5
        yield server
        if server.is_running():
            server.kill()


def launch(server: Server, program: str) -> None:
    server.launch((sys.executable, "-c", program))


def test_it_is_waited_for_and_sees_only_the_tests_settings(server: Server) -> None:
    launch(server, READY)
    server.wait_until_ready()
    assert "serving with ['VESTIBULE_PORT']" in server.output
    assert server.status("/readyz") == 200
    assert server.status("/elsewhere") == 404
    server.check_output()
    server.stop()
    assert server.status("/readyz") == 0


def test_an_end_before_it_is_ready_is_told(server: Server) -> None:
    launch(server, "import sys; sys.exit('VESTIBULE_DATA is missing')")
    with pytest.raises(AssertionError, match="ended with 1:\nVESTIBULE_DATA is missing"):
        server.wait_until_ready()


def test_an_error_in_its_output_is_told_unless_expected(server: Server) -> None:
    launch(server, READY)
    server.wait_until_ready()
    assert server.status("/crash") == 500
    with pytest.raises(AssertionError, match="It broke"):
        server.check_output()
    server.is_trouble_expected = True
    server.check_output()


def test_one_that_does_not_stop_is_killed_and_told(server: Server) -> None:
    launch(server, STUBBORN)
    server.wait_until_ready()
    with pytest.raises(AssertionError, match="Still running"):
        server.stop()
    assert not server.is_running()


def test_the_ground_has_tables_on_both_databases(ground: Settings) -> None:
    assert list(Scope.system("a test").rows(Account)) == []
