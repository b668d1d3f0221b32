"""Connectors: the one that answers, or a typed error; never another plugin in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import hooks, plugin_settings, subscriptions
from core.app import ROOMS
from core.settings import CHECKOUT
from core.spec.errors import ConnectorFailed, NotConnected, RecordConflict
from core.tenancy import Scope
from tests.faulty.plugin import Faulty
from tests.support.house import House, open_app
from tests.support.place import Place
from vestibule.data import practice_records

RECORD = """import gevent
from vestibule.data import RecordConflict
from vestibule.web import hookimpl


class Demographics:
    def read(self, client_id):
        return None

    def write(self, client_id, demographics, *, based_on, key):
        raise RecordConflict("changed")


class Notes:
    def notes(self, client_id, *, after="", limit=50):
        raise RuntimeError("Ana has panic")

    def file(self, client_id, note, *, key):
        raise SystemExit(3)


class Record:
    parts = frozenset({"demographics", "notes"})
    demographics = Demographics()
    notes = Notes()

    @property
    def ledger(self):
        raise ValueError


@hookimpl
def practice_records(scope):
    return ANSWER
"""


def connector(name: str, answer: str) -> Faulty:
    listed = {"gates": "[]", "connectors": '["practice_records"]'}
    code = RECORD.replace("return ANSWER", answer)
    return Faulty(name, "", replaces=code, manifest=listed, has_gate=False)


@pytest.fixture
def database() -> str:
    """What is shown here does not depend on the database."""
    return "sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "plugins"
    hooks.load(ROOMS, [CHECKOUT / "plugins"])


def scope_in(house: House) -> Scope:
    return house.client_scope("client@demo.test", "ortiz")


def opened(place: Place, folder: Path) -> House:
    """The house with the plugins of a folder; its connection is given back with the next one."""
    house = open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(folder)}).__enter__()
    # Ours would answer too.
    ortiz = Scope.system("test", house.provider_id("ortiz"))
    plugin_settings.put(ortiz, "myclientsplus.kept_here", value=False)
    return house


def test_without_a_plugin_that_answers_nothing_is_connected(place: Place, folder: Path) -> None:
    connector("other", "return None").write(folder)
    with pytest.raises(NotConnected):
        practice_records(scope_in(opened(place, folder)))


def test_the_one_that_answers_is_given_and_its_errors_are_typed(place: Place, folder: Path) -> None:
    connector("other", "return None").write(folder)
    connector("record", "return Record()").write(folder)
    house = opened(place, folder)
    scope = scope_in(house)
    kept = practice_records(scope)
    assert kept.parts == {"demographics", "notes"}
    assert kept.demographics.read(scope.client_id) is None
    with pytest.raises(RecordConflict):
        kept.demographics.write(scope.client_id, None, based_on=None, key="k")  # type: ignore[arg-type]
    for call in (
        lambda: kept.notes.notes(scope.client_id),
        lambda: kept.notes.file(scope.client_id, None, key="k"),  # type: ignore[arg-type]
        lambda: kept.ledger.balances(scope.client_id),
    ):
        with pytest.raises(ConnectorFailed) as failed:
            call()
        assert (failed.value.code, failed.value.plugin) == ("broken", "record")
        assert "panic" not in str(failed.value)
    (plugin,) = [one for one in hooks.plugins() if one.name == "record"]
    assert plugin.faults == {"practice_records": 3}


@pytest.mark.parametrize(
    ("answer", "code"),
    [("raise RuntimeError", "broken"), ("raise SystemExit(3)", "broken"), ("gevent.sleep(5)", "late")],
)
def test_one_that_fails_is_a_typed_error_and_nobody_else_is_asked(
    place: Place, folder: Path, answer: str, code: str
) -> None:
    connector("first", answer).write(folder)
    connector("second", "return Record()").write(folder)
    with pytest.raises(ConnectorFailed) as failed:
        practice_records(scope_in(opened(place, folder)))
    assert (failed.value.code, failed.value.plugin) == (code, "first")


def test_two_that_answer_are_a_typed_error(place: Place, folder: Path) -> None:
    connector("first", "return Record()").write(folder)
    connector("second", "return Record()").write(folder)
    with pytest.raises(ConnectorFailed, match="two_answer"):
        practice_records(scope_in(opened(place, folder)))


def test_nothing_answers_in_the_place_of_one_that_is_broken_or_gone(place: Place, folder: Path) -> None:
    connector("embedded", "return Record()").write(folder)
    connector("remote", "def (").write(folder)
    house = opened(place, folder)
    with pytest.raises(ConnectorFailed, match="remote: broken"):
        practice_records(scope_in(house))
    subscriptions.switch_plugin(Scope.system("test"), "remote", None, is_on=False)
    assert practice_records(scope_in(house)).parts
    gone = hooks.Plugin("gone", "Gone", "1", frozenset({"CP"}), connectors=("practice_records",))
    hooks.note_absent([gone])
    try:
        with pytest.raises(ConnectorFailed, match="gone: broken"):
            practice_records(scope_in(house))
    finally:
        hooks.note_absent([])
