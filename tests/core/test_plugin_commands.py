"""`vestibule plugins`, `subscriptions` and `operators` at the command line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core import db
from core.settings.model import CHECKOUT
from tests.support.bells import BELL_TABLE, write_bell
from tests.support.place import Place
from vestibule.commands import cli

REASON = ("--reason", "They asked for it")


@pytest.fixture
def database() -> str:
    """The services under these commands are shown on both."""
    return "sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the settings with the plugin `bell` in it."""
    folder = tmp_path / "more"
    write_bell(folder / "bell")
    return folder


def run(place: Place, folder: Path, *words: str, typed: str = "") -> Result:
    """One command in this process, on the place with the folder of plugins."""
    told = place.environment({"VESTIBULE_PLUGIN_FOLDERS": str(folder)})
    done = CliRunner().invoke(cli, words, input=typed or None, env=told)
    db.close()
    return done


def said(place: Place, folder: Path, *words: str, typed: str = "") -> str:
    """What a command says that ends well."""
    done = run(place, folder, *words, typed=typed)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_list_as_json_has_the_keys_that_its_page_documents(place: Place, folder: Path) -> None:
    said(place, folder, "migrate")
    told = json.loads(said(place, folder, "plugins", "list", "--json"))
    bell = next(each for each in told["plugins"] if each["name"] == "bell")
    page = (CHECKOUT / "docs" / "reference" / "plugins.md").read_text(encoding="utf-8")
    documented = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert {"format", "plugins"} | bell.keys() | bell["contributes"].keys() <= documented
    assert told["format"] == 1
    assert (bell["state"], bell["version"], bell["needs"]) == ("loaded", "1.0", ["CP"])
    assert bell["contributes"]["tables"] == [BELL_TABLE]
    assert {"name": "booking_obstacles", "kind": "gate"} in bell["contributes"]["hooks"]
    assert bell["contributes"]["routes"][0]["address"] == "/bell/"
    assert bell["contributes"]["jobs"] == [{"name": "tick", "every_seconds": 3600}]
    assert bell["on_for"] == ["harbor", "ortiz"]


def test_the_list_says_in_a_line_why_one_is_left_out(place: Place, folder: Path) -> None:
    assert "bell\t1.0\tCP\tleft out: bell: " in said(place, folder, "plugins", "list")
    said(place, folder, "migrate")
    assert "bell\t1.0\tCP\tloaded" in said(place, folder, "plugins", "list")


def test_off_and_on_for_one_and_everywhere(place: Place, folder: Path) -> None:
    said(place, folder, "migrate")
    assert "off for ortiz" in said(place, folder, "plugins", "off", "bell", "--provider", "ortiz", *REASON)
    told = json.loads(said(place, folder, "plugins", "list", "--json"))
    bell = next(each for each in told["plugins"] if each["name"] == "bell")
    assert (bell["off_for"], bell["on_for"]) == (["ortiz"], ["harbor"])
    said(place, folder, "plugins", "off", "bell", *REASON)
    assert "bell\t1.0\tCP\toff everywhere" in said(place, folder, "plugins", "list")
    said(place, folder, "plugins", "on", "bell", *REASON)
    assert "bell\t1.0\tCP\tloaded" in said(place, folder, "plugins", "list")
    for words, sentence in (
        (("off", "bel", *REASON), "no plugin 'bel'"),
        (("off", "bell", "--provider", "nobody", *REASON), "no provider 'nobody'"),
        (("off", "bell", "--reason", " "), "--reason is empty"),
        (("off", "bell"), "--reason"),
    ):
        refused = run(place, folder, "plugins", *words)
        assert refused.exit_code != 0
        assert sentence in refused.output


def test_forgetting_asks_for_the_name(place: Place, folder: Path) -> None:
    said(place, folder, "migrate")
    assert "take it away first" in run(place, folder, "plugins", "forget", "bell", "--yes").output
    shutil.rmtree(folder / "bell")
    assert "bell\t1.0\tCP\tgone" in said(place, folder, "plugins", "list")
    assert "Nothing was done" in run(place, folder, "plugins", "forget", "bell", typed="bel\n").output
    assert "bell is forgotten" in said(place, folder, "plugins", "forget", "bell", typed="bell\n")
    gone = said(place, folder, "plugins", "forget", "bell", "--delete-data", "--yes")
    assert f"Deleted: {BELL_TABLE}" in gone
    assert "never a plugin" in run(place, folder, "plugins", "forget", "nobody", "--yes").output


def test_check_tells_file_line_and_mend_and_runs_nothing(place: Place, folder: Path, tmp_path: Path) -> None:
    assert said(place, folder, "plugins", "check", str(folder / "bell")) == "bell is right.\n"
    trace = tmp_path / "was_run"
    code = f"from core import db\nopen({str(trace)!r}, 'w')\n\n\ndef nav_itemz(scope):\n    return []\n"
    (folder / "bell" / "hooks.py").write_text(code, encoding="utf-8")
    refused = run(place, folder, "plugins", "check", str(folder / "bell"))
    assert refused.exit_code == 1
    assert "bell: hooks.py line 1" in refused.output
    assert not trace.exists()


def test_a_new_plugin_is_right_and_passes_its_own_test(place: Place, folder: Path, tmp_path: Path) -> None:
    into = tmp_path / "workshop"
    into.mkdir()
    made = said(place, folder, "plugins", "new", "mood", "--title", 'Mood "now"', "--into", str(into))
    assert str(into / "mood" / "mood" / "plugin.toml") in made
    assert said(place, folder, "plugins", "check", str(into / "mood")) == "mood is right.\n"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=into / "mood", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "is there already" in run(place, folder, "plugins", "new", "mood", "--into", str(into)).output
    assert "no name" in run(place, folder, "plugins", "new", "My-Plugin", "--into", str(into)).output


def test_subscriptions_have_times_and_reasons(place: Place, folder: Path) -> None:
    on = ("subscriptions", "on", "harbor", "RS", *REASON, "--zone", "America/Chicago")
    times = ("--from", "2031-12-01 9:00", "--until", "12/31/2031")
    assert "from 2031-12-01T15:00:00+00:00 until 2031-12-31T06:00:00+00:00" in said(
        place, folder, *on, *times
    )
    listed = said(place, folder, "subscriptions", "list", "--zone", "America/Chicago")
    assert "RS: Begins December 1, 2031, 9:00 am" in listed
    told = said(place, folder, "subscriptions", "history", "harbor")
    assert "Reminders: on from December 1, 2031" in told
    assert "They asked for it\tcommand line" in told
    for words, sentence in (
        (("--from", "tomorrow"), "--from is no day and time"),
        (("--from", "2031-12-02", "--until", "2031-12-01"), "--until must be after --from"),
        (("--zone", "Chicago"), "--zone is unknown"),
        (("--from", "2031-03-09 2:30 am"), "the clocks skip this time"),
    ):
        refused = run(place, folder, *on, *words)
        assert refused.exit_code == 1
        assert sentence in refused.output


def test_an_operator_is_added(place: Place, folder: Path) -> None:
    add = ("operators", "add", "--email", "nia@operators.test", "--name", "Nia Ops")
    assert "is an operator" in said(place, folder, *add)
    assert "has an account already" in run(place, folder, *add).output
    assert "--zone is unknown" in run(place, folder, *add, "--zone", "Chicago").output
