"""Each hook has its four: documented with its signature, tested by a real call, called in core, and typed."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core import clock, db, hooks, outbox
from core.app import ROOMS
from core.hooks import own_data
from core.settings import CHECKOUT
from core.spec import hooks as specs
from core.spec import own_data as own_data_records
from core.spec import records, running, scope, slots, types, work
from tests.faulty.plugin import Faulty
from tests.support.house import House, open_app
from tests.support.place import Place
from vestibule.data import practice_records

CALLERS = {
    "declaration": "declared",
    "contribution": "contributed",
    "gate": "obstacles",
    "event": "tell",
    "connector": "connected",
    "record": "recorded",
}
PREFIX: dict[str, tuple[str, ...]] = {"declaration": ("register_",), "record": ("export_", "erase_")}
SUFFIX = {"gate": "_obstacles"}
NAMES = sorted(specs.KINDS)
TOLD = (CHECKOUT / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")
UNCHANGEABLE = {"UUID": UUID, "datetime": datetime, "date": date}
TYPES: dict[str, Any] = {
    name: value
    for module in (types, slots, scope, records, running, own_data_records, work)
    for name, value in vars(module).items()
}


def calls() -> Iterator[tuple[str, str]]:
    """Each call of a hook in core, as caller and hook."""
    for path in sorted((CHECKOUT / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                caller = _caller(node, is_inside=path.is_relative_to(CHECKOUT / "core" / "hooks"))
                told = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                hook = next((one for one in told if isinstance(one, str)), "")
                if caller in CALLERS.values() and hook:
                    yield caller, hook


def _caller(node: ast.Call, *, is_inside: bool) -> str:
    if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "hooks":
        return node.func.attr
    return node.func.id if is_inside and isinstance(node.func, ast.Name) else ""


CALLS = list(calls())


def spec_of(name: str) -> inspect.Signature:
    return inspect.signature(getattr(specs, name))


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_is_documented_with_its_signature(name: str) -> None:
    sentence = inspect.cleandoc(getattr(specs, name).__doc__ or "")
    assert ";" in sentence.partition("\n")[0], "one sentence: what, when it is called, what is returned"
    section = TOLD.partition(f"\n### {name}\n")[2].partition("\n##")[0]
    assert sentence in section
    assert f"def {name}{spec_of(name)}".replace("'", "") in section


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_is_named_by_its_kind_and_typed(name: str) -> None:
    kind = specs.KINDS[name]
    assert name.startswith(PREFIX.get(kind, ("",)))
    assert name.endswith(SUFFIX.get(kind, ""))
    assert name.startswith("register_") == (kind == "declaration")
    parameters = list(spec_of(name).parameters.values())
    assert [one.name for one in parameters[:1]] == ([] if kind == "declaration" else ["scope"])
    assert all(one.default is one.empty for one in parameters)
    hints = typing.get_type_hints(getattr(specs, name), {**vars(specs), **TYPES, **UNCHANGEABLE})
    assert hints.keys() == {*spec_of(name).parameters, "return"}
    returned = {**hooks.RETURNED, **own_data.RETURNED}
    if kind == "event":
        assert hints["return"] is type(None)
    elif kind != "connector":
        assert typing.get_args(hints["return"]) == (returned[name],)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_hook_is_given_can_not_be_changed(name: str) -> None:
    """So nothing that one plugin does to its arguments reaches the next."""
    hints = typing.get_type_hints(getattr(specs, name), {**vars(specs), **TYPES, **UNCHANGEABLE})
    for argument, hint in hints.items():
        if argument in ("return", "scope"):
            continue
        kinds = [one for one in typing.get_args(hint) if one is not type(None)] or [hint]
        for kind in [hint] if typing.get_origin(hint) is frozenset else kinds:
            told: Any = kind
            is_frozen = is_dataclass(kind) and told.__dataclass_params__.frozen
            is_plain = kind in UNCHANGEABLE.values()
            assert is_frozen or is_plain or typing.get_origin(kind) is frozenset, argument


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_is_called_in_core_in_the_way_of_its_kind(name: str) -> None:
    assert {way for way, called in CALLS if called == name} == {CALLERS[specs.KINDS[name]]}


def test_nothing_calls_a_hook_without_a_spec() -> None:
    assert not [called for _way, called in CALLS if called not in specs.KINDS]


def everything() -> Faulty:
    """A plugin that implements every hook, each noting that it was called; nothing is wrong with it."""
    parts = ["from pathlib import Path\n\nfrom vestibule.web import hookimpl\n"]
    for name in NAMES:
        signature = ", ".join(spec_of(name).parameters)
        opens = "    with (Path(__file__).parent / 'called').open('a') as noted:\n"
        body = f"{opens}        noted.write('{name}\\n')\n"
        ends = {"event": "", "connector": "    return None\n"}.get(specs.KINDS[name], "    return []\n")
        parts.append(f"\n\n@hookimpl\ndef {name}({signature}):\n{body}{ends}")
    gates = [name for name in NAMES if specs.KINDS[name] == "gate"]
    connectors = [name for name in NAMES if specs.KINDS[name] == "connector"]
    listed = {"gates": str(gates).replace("'", '"'), "connectors": str(connectors).replace("'", '"')}
    return Faulty("everything", "", replaces="".join(parts), manifest=listed)


@pytest.fixture
def database() -> str:
    """Which hooks are called does not depend on the database."""
    return "sqlite"


def test_each_hook_is_called_by_what_people_do(place: Place, tmp_path: Path) -> None:
    folder = everything().write(tmp_path / "plugins")
    with open_app(place, {"VESTIBULE_PLUGIN_FOLDERS": str(tmp_path / "plugins")}) as house:
        assert not [plugin.refused for plugin in hooks.plugins() if plugin.refused]
        _live_a_day(house)
        assert not [plugin.faults for plugin in hooks.plugins() if plugin.faults]
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
    called = set((folder / "called").read_text(encoding="utf-8").split())
    assert sorted(called) == NAMES, "a hook that nothing here calls: make what people do call it"


def _live_a_day(house: House) -> None:
    from core.appointments import service  # noqa: PLC0415 -- used here alone, and long to import

    client, member = house.browser("client@demo.test"), house.browser("provider@demo.test")
    chart = house.chart("client@demo.test", "ortiz")
    for path in ("/inbox/", "/appointments/search", "/settings/"):
        assert client.get(path).status_code == 200
    for path in ("/practice/ortiz/", f"/practice/ortiz/clients/{chart.id}/", "/practice/ortiz/settings/"):
        assert member.get(path).status_code == 200
    assert client.post("/settings/data/").status_code == 200
    told = {"to": str(chart.id), "subject": "A question", "body": "May I come earlier?", "key": "k"}
    assert client.post("/inbox/new/", told).status_code < 400
    scope = house.client_scope("client@demo.test", "ortiz")
    (booked,) = [entry for entry in service.next_appointments(scope) if entry.from_at > clock.now()][:1]
    owner = house.member_scope("provider@demo.test", "ortiz")
    move = service.Move(booked.id, booked.member_id, booked.from_at + timedelta(days=1), overrides=True)
    service.move_appointment(owner, move)
    service.cancel_appointment(owner, booked.id)
    kind = service.types_of(owner)[0].type
    key = service.request_key("day", kind.id, booked.member_id, booked.from_at)
    service.book_appointment(
        owner, service.Wish(chart.id, kind.id, booked.member_id, booked.from_at, key, overrides=True)
    )
    assert practice_records(scope).parts, "ours answers, and the plugin is asked as well"
    with db.transaction():
        hooks.queue_work(scope, "everything.to_do", chart.id)
    while outbox.drain(kinds={"event"}):
        pass
    for entry in service.scheduled_appointments(scope):
        service.cancel_appointment(owner, entry.id)
    told = {"name": chart.record().name}
    assert member.post(f"/practice/ortiz/clients/{chart.id}/erase/", told).status_code == 303


def test_law_05_only_one_room_touches_pluggy() -> None:
    touching = [
        str(path.relative_to(CHECKOUT))
        for folder in ("core", "plugins", "vestibule")
        for path in (CHECKOUT / folder).rglob("*.py")
        if "import pluggy" in path.read_text(encoding="utf-8")
    ]
    assert sorted(touching) == ["core/hooks/loading.py", "core/hooks/plugin.py", "core/spec/hooks.py"]


def test_our_own_rooms_and_plugins_are_taken_up() -> None:
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
    hooks.declared("register_routes")
    assert not [plugin.refused for plugin in hooks.plugins() if plugin.refused]
