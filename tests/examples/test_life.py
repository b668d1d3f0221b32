"""The life of the examples, from installed to back again; no line of ours changes."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.settings import CHECKOUT
from tests.support.environments import Environment, build_plugin, portal_environment
from tests.support.run import Run

EXAMPLES = {"consent": "signed_consent", "mood": "mood_checkin", "webhooks": "webhook_out"}
ROWS = {"consent": "consent_signature", "mood": "mood_checkin", "webhooks": "webhooks_delivery"}
OURS = ("core", "plugins", "rehearsal", "static", "templates", "translations", "vestibule")
OWN_PAGES = ("consent", "consent_tab", "consent_settings", "mood", "mood_tab", "webhooks")
LOOKING = Path(__file__).with_name("looking.py")
WORDS = ("Consent", "Mood", "Webhooks", "How are you today?", "Read and sign")


@dataclass(frozen=True)
class Installation:
    """A portal in an environment of its own; `told` are the events that its webhook brought."""

    environment: Environment
    folder: Path
    allowed: str
    address: str
    told: list[bytes]

    def look(self, *what: str) -> dict[str, Any]:
        done = self.run(str(LOOKING), str(self.folder / "data"), *(what or ("look",)))
        seen: dict[str, Any] = json.loads(done.splitlines()[-1])
        assert seen["record"][0] == seen["settings"][0] == 200, "the rest of the portal goes on"
        return seen

    def look_after(self, *commands: str) -> dict[str, Any]:
        """Run commands of the command line, in one process, then look."""
        return self.look("commands", *commands)

    def run(self, *arguments: str) -> str:
        settings = {
            "VESTIBULE_MODE": "test",
            "VESTIBULE_DATA": str(self.folder / "data"),
            "WEBHOOKS_ALLOWED": self.allowed,
        }
        done = self.environment.run(*arguments, cwd=self.folder, environment=settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def installation(run: Run, tmp_path: Path) -> Iterator[Installation]:
    """Vestibule from its wheel, without any example yet, and somebody who listens."""
    environment = portal_environment(run, tmp_path / "environment")
    (tmp_path / "data").mkdir(mode=0o700)
    with listening() as (host, told):
        yield Installation(environment, tmp_path, host, f"http://{host}/portal", told)


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    told: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is http.server's
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", told
    server.shutdown()
    server.server_close()


def packed(tmp_path: Path, version: str) -> list[Path]:
    """The examples' wheels as of a version: 1.0 as they stand, 1.1 with a migration, 1.2 broken."""
    made = []
    for name, folder in EXAMPLES.items():
        copy = tmp_path / version / folder
        shutil.copytree(CHECKOUT / "examples" / folder, copy)
        for file in (copy / "pyproject.toml", copy / name / "plugin.toml"):
            file.write_text(file.read_text().replace('version = "1.0"', f'version = "{version}"'))
        if version != "1.0":
            upgrade(copy / name, name)
        if version == "1.2":
            hooks = copy / name / "hooks.py"
            hooks.write_text(hooks.read_text() + '\nraise RuntimeError("broken on purpose")\n')
        made.append(build_plugin(copy, copy / "dist"))
    return made


def upgrade(package: Path, name: str) -> None:
    """What an author does for a new version: a migration more, and another word on a page."""
    migration = package / "migrations" / "0002_more.sql"
    migration.write_text(f"-- A column more.\nALTER TABLE {ROWS[name]} ADD COLUMN more TEXT;\n")
    for page in (package / "templates" / name).glob("*.html"):
        page.write_text(page.read_text().replace("{% endblock %}", "<p>As of 1.1.</p>\n{% endblock %}"))


def put(installation: Installation, wheels: list[Path], *, instead: bool = True) -> None:
    """Install wheels, over the versions that are there."""
    if instead:
        take_away(installation)
    for wheel in wheels:
        installation.environment.install(wheel)


def take_away(installation: Installation) -> None:
    for folder in EXAMPLES.values():
        installation.environment.remove(f"vestibule_{folder}")


def statuses(seen: dict[str, Any]) -> set[int]:
    return {seen[page][0] for page in OWN_PAGES}


def shown(seen: dict[str, Any]) -> list[str]:
    """Whatever of the examples stands on pages that aren't theirs."""
    text = " ".join(str(seen[page][1]) for page in ("inbox", "today", "record", "settings"))
    return [words for words in WORDS if words in text]


@pytest.mark.timeout(300)
def test_the_life_of_the_examples(installation: Installation, tmp_path: Path) -> None:
    ours = installation.environment.digest(*OURS)
    nothing_is_there_yet(installation)
    installed_they_wait_for_their_tables(installation, tmp_path)
    on_they_act(installation)
    switched_off_by_the_operator_nothing_of_them_shows(installation)
    without_the_subscription_their_addresses_are_404(installation)
    upgraded_they_have_their_data(installation, tmp_path)
    broken_they_are_left_out_and_the_gate_is_closed(installation, tmp_path)
    removed_the_gate_stays_closed(installation)
    forgotten_it_opens(installation)
    back_again_they_have_their_data(installation, tmp_path)
    assert installation.environment.digest(*OURS) == ours, "no line of ours changed"


def nothing_is_there_yet(installation: Installation) -> None:
    seen = installation.look("begin")
    assert statuses(seen) == {404}
    assert shown(seen) == []
    assert seen["obstacles"] == []


def installed_they_wait_for_their_tables(installation: Installation, tmp_path: Path) -> None:
    put(installation, packed(tmp_path, "1.0"), instead=False)
    seen = installation.look()
    assert seen["left_out"].keys() == EXAMPLES.keys()
    assert statuses(seen) == {404}
    assert seen["inbox"][0] == 200
    assert seen["obstacles"] == ["consent:gate_broken"]


def on_they_act(installation: Installation) -> None:
    seen = installation.look_after("migrate")
    assert seen["left_out"] == {}
    assert "How are you today?" in shown(seen)
    seen = installation.look("act", installation.address)
    assert statuses(seen) == {200}
    assert "You signed this as Carl Cooper" in seen["consent"][1]
    assert "Good" in seen["mood_tab"][1]
    assert "Booked taken" in seen["webhooks"][1]
    assert seen["mood_settings"][0] == 200
    assert {"Consent", "Mood", "Webhooks"} <= set(shown(seen))
    assert seen["obstacles"] == ["consent:consent_unsigned"], "who has not signed can't book"
    # The session that the newcomer of the look before booked, and now Carl's.
    assert len(installation.told) == 2


def switched_off_by_the_operator_nothing_of_them_shows(installation: Installation) -> None:
    seen = installation.look_after(
        *(f"plugins off {name} --provider maple --reason test" for name in EXAMPLES)
    )
    assert statuses(seen) == {404}
    assert seen["mood_settings"][0] == 404
    assert shown(seen) == []
    assert seen["inbox"][0] == 200
    assert seen["obstacles"] == [], "off means that its gate is open"
    seen = installation.look_after(
        *(f"plugins on {name} --provider maple --reason test" for name in EXAMPLES)
    )
    assert statuses(seen) == {200}


def without_the_subscription_their_addresses_are_404(installation: Installation) -> None:
    seen = installation.look("off")
    assert {seen[page][0] for page in (*OWN_PAGES, "mood_settings") if page != "mood_tab"} == {404}
    assert "Good" in seen["mood_tab"][1], "what a client told stays readable for the practice"
    assert shown(seen) == ["Mood"], "no card, mark, section or other tab"
    assert seen["record"][1].count("Mood") == 1, "the tab of what stays readable"
    assert seen["obstacles"] == ["the portal is closed"], "no gate is asked any more"
    assert statuses(installation.look("on")) == {200}


def upgraded_they_have_their_data(installation: Installation, tmp_path: Path) -> None:
    put(installation, packed(tmp_path, "1.1"))
    seen = installation.look()
    assert seen["left_out"].keys() == EXAMPLES.keys(), "a plugin whose tables are behind waits"
    assert seen["obstacles"] == ["consent:gate_broken"]
    seen = installation.look_after("migrate")
    assert all("As of 1.1." in seen[page][1] for page in OWN_PAGES)
    assert "You signed this as Carl Cooper" in seen["consent"][1]


def broken_they_are_left_out_and_the_gate_is_closed(installation: Installation, tmp_path: Path) -> None:
    put(installation, packed(tmp_path, "1.2"))
    seen = installation.look()
    assert seen["left_out"].keys() == EXAMPLES.keys()
    assert all("hooks.py" in why and "RuntimeError" in why for why in seen["left_out"].values())
    assert statuses(seen) == {404}
    assert shown(seen) == []
    assert seen["inbox"][0] == 200
    assert seen["obstacles"] == ["consent:gate_broken"]


def removed_the_gate_stays_closed(installation: Installation) -> None:
    take_away(installation)
    seen = installation.look()
    assert seen["left_out"] == {}
    assert statuses(seen) == {404}
    assert shown(seen) == []
    assert seen["obstacles"] == ["consent:gate_gone"]


def forgotten_it_opens(installation: Installation) -> None:
    seen = installation.look_after(*(f"plugins forget {name} --yes" for name in EXAMPLES))
    assert statuses(seen) == {404}
    assert seen["obstacles"] == []


def back_again_they_have_their_data(installation: Installation, tmp_path: Path) -> None:
    put(installation, packed(tmp_path / "again", "1.1"), instead=False)
    seen = installation.look_after("migrate")
    assert statuses(seen) == {200}
    assert "You signed this as Carl Cooper" in seen["consent"][1]
    assert "Good" in seen["mood_tab"][1]
    assert "Booked taken" in seen["webhooks"][1]
    assert seen["obstacles"] == ["consent:consent_unsigned"]
