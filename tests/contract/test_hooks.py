"""Each hook has a kind, a sentence, a caller in core and a test; nothing calls a hook without a spec."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import hooks
from core.app import ROOMS
from core.settings import CHECKOUT
from core.spec import hooks as specs

CALLERS = {
    "declaration": {"declared"},
    "contribution": {"contributed"},
    "gate": {"obstacles"},
    "event": {"tell"},
}
PREFIX = {"declaration": "register_"}
SUFFIX = {"gate": "_obstacles"}
NAMES = sorted(specs.KINDS)


def calls() -> Iterator[tuple[str, str, Path]]:
    """Each call of a hook in core, as caller, hook and file."""
    for path in sorted((CHECKOUT / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                callers = {name for names in CALLERS.values() for name in names}
                if node.func.attr in callers and getattr(node.func.value, "id", "") == "hooks":
                    told = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                    yield node.func.attr, next((one for one in told if isinstance(one, str)), ""), path


CALLS = list(calls())
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((CHECKOUT / "tests").rglob("test_*.py"))
    if path != Path(__file__)
)


def spec_of(name: str) -> inspect.Signature:
    return inspect.signature(getattr(specs, name))


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_is_told_and_named_by_its_kind(name: str) -> None:
    kind = specs.KINDS[name]
    assert kind in CALLERS
    told = inspect.getdoc(getattr(specs, name)) or ""
    assert ";" in told.partition("\n")[0], "one sentence: what, when it is called, what is returned"
    assert name.startswith(PREFIX.get(kind, ""))
    assert name.endswith(SUFFIX.get(kind, ""))
    assert name.startswith("register_") == (kind == "declaration")
    parameters = list(spec_of(name).parameters.values())
    assert [one.name for one in parameters[:1]] == ([] if kind == "declaration" else ["scope"])
    assert all(one.default is one.empty for one in parameters)
    assert spec_of(name).return_annotation == "None" if kind == "event" else name in hooks.RETURNED


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_is_called_in_core_in_the_way_of_its_kind(name: str) -> None:
    ways = {way for way, called, _path in CALLS if called == name}
    assert ways
    assert ways <= CALLERS[specs.KINDS[name]]


@pytest.mark.parametrize("name", NAMES)
def test_a_hook_has_a_test_that_names_it(name: str) -> None:
    assert f'"{name}' in TESTS or f"{name}(" in TESTS


def test_nothing_calls_a_hook_without_a_spec() -> None:
    assert not [(called, path) for _way, called, path in CALLS if called not in specs.KINDS]


def test_law_05_only_one_room_touches_pluggy() -> None:
    touching = [
        str(path.relative_to(CHECKOUT))
        for folder in ("core", "plugins", "vestibule")
        for path in (CHECKOUT / folder).rglob("*.py")
        if "import pluggy" in path.read_text(encoding="utf-8")
    ]
    assert sorted(touching) == ["core/hooks/loading.py", "core/hooks/plugin.py", "core/spec/hooks.py"]


def test_our_own_rooms_and_plugins_take_up_what_they_name() -> None:
    hooks.load(ROOMS, [CHECKOUT / "plugins"])
    assert not [plugin.refused for plugin in hooks.plugins() if plugin.refused]
    for name in NAMES:
        for implementation in hooks.implementations(name):
            assert set(implementation.arguments) <= set(spec_of(name).parameters), name
