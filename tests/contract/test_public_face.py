"""What plugins may import: documented, typed, compared with a stored page; names that go warn first."""

from __future__ import annotations

import ast
import inspect
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from core.settings import CHECKOUT
from core.spec.deprecation import moved
from tools import public_face
from vestibule.deprecation import RemovedInApi2, VestibuleDeprecation

MODULES = public_face.modules()
NAMES = [
    pytest.param(getattr(module, name), id=f"{place}.{name}")
    for place, module in MODULES.items()
    for name in public_face.names_of(module)
]
PLUGIN_CODE = [
    path
    for pattern in ("plugins/*/**/*.py", "examples/*/**/*.py", "tests/plugins/**/*.py")
    for path in CHECKOUT.glob(pattern)
]


@pytest.mark.parametrize("thing", NAMES)
def test_a_public_name_of_ours_has_a_sentence_and_types(thing: Any) -> None:
    if isinstance(thing, ModuleType) or not public_face.is_ours(thing) or not hasattr(thing, "__name__"):
        return
    assert (thing.__doc__ or "").strip(), "say what it is"
    functions = [thing] if inspect.isfunction(thing) else []
    if inspect.isclass(thing):
        functions = [one for name, one in vars(thing).items() if inspect.isfunction(one) and name[0] != "_"]
    for function in functions:
        signature = inspect.signature(function)
        untyped = [
            one.name
            for one in signature.parameters.values()
            if one.annotation is one.empty and one.name != "self"
        ]
        assert not untyped, f"{function.__name__} does not say what {untyped} are"
        assert signature.return_annotation is not signature.empty, function.__name__


def test_each_list_of_public_names_is_whole() -> None:
    for place, module in MODULES.items():
        assert len(set(public_face.names_of(module))) == len(public_face.names_of(module)), place
        assert all(hasattr(module, name) for name in public_face.names_of(module)), place


def test_plugins_take_public_names_only() -> None:
    taken = {(source, name) for path in PLUGIN_CODE for source, name in imported(path)}
    assert len(taken) > 40
    assert not sorted(
        f"{source}.{name}" for source, name in taken if name not in public_face.names_of(MODULES[source])
    )


def imported(path: Path) -> list[tuple[str, str]]:
    """The names that a file takes from a public module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [
        (str(node.module), alias.name) for node in froms if node.module in MODULES for alias in node.names
    ]


def test_a_changed_signature_changes_the_page() -> None:
    def find(scope: str, name: str = "") -> int:
        return len(scope + name)

    def find_more(scope: str, name: str = "", *, limit: int) -> int:
        return len(scope + name) + limit

    assert public_face.told("find", find) == "def find(scope: str, name: str = '') -> int"
    assert public_face.told("find", find_more) != public_face.told("find", find)


def test_a_name_that_goes_warns_and_names_the_version() -> None:
    module = ModuleType("vestibule.made_up")
    module.__getattr__ = moved(  # type: ignore[method-assign]
        module.__name__, {"old_name": (len, "new_name", RemovedInApi2)}
    )
    with pytest.warns(
        VestibuleDeprecation, match=r"vestibule\.made_up\.old_name goes with API 2: use new_name\."
    ) as told:
        assert module.old_name("abc") == 3
    assert told[0].filename == __file__, "it points at the line of whoever uses it"
    with pytest.raises(AttributeError, match="no attribute 'unknown'"):
        _ = module.unknown


def test_our_own_tests_make_it_an_error() -> None:
    with pytest.raises(RemovedInApi2):
        warnings.warn("somewhere in our own code", RemovedInApi2, stacklevel=1)
