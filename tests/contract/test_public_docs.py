"""What authors read is true: each hook has an example that the loader takes, and links lead somewhere."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from core import hooks
from core.settings import CHECKOUT
from core.spec import hooks as specs
from tools import public_face

EXAMPLES = CHECKOUT / "docs" / "how-to" / "hooks-by-example.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
GUIDES = sorted(
    path
    for pattern in ("docs/**/*.md", "examples/**/*.md", "README.md", "plugins/*/README.md", "templates/*.md")
    for path in CHECKOUT.glob(pattern)
)


def code() -> str:
    """All code of the examples, one block after the other: a whole hooks.py."""
    return "\n\n".join(BLOCK.findall(EXAMPLES.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", sorted(specs.KINDS))
def test_a_hook_has_an_example_with_its_arguments(name: str) -> None:
    found = [
        node for node in ast.parse(code()).body if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    assert len(found) == 1, f"docs/how-to/hooks-by-example.md shows {name} {len(found)} times"
    spec = inspect.signature(getattr(specs, name))
    assert [one.arg for one in found[0].args.args] == list(spec.parameters)


def test_the_examples_are_a_plugin_that_the_loader_would_take(tmp_path: Path) -> None:
    yours = tmp_path / "yours"
    yours.mkdir()
    listed = {
        kind: sorted(name for name, of in specs.KINDS.items() if of == kind) for kind in ("gate", "connector")
    }
    manifest = 'name = "yours"\ntitle = "Yours"\nversion = "1"\napi = 1\nneeds = ["CP"]\n'
    manifest += "".join(f"{kind}s = {names}\n" for kind, names in listed.items())
    (yours / "plugin.toml").write_text(manifest)
    for name, text in {"__init__.py": "", "hooks.py": code(), "service.py": "", "views.py": ""}.items():
        (yours / name).write_text(text)
    assert hooks.check_folder(yours) == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_links_of_a_guide_lead_somewhere(guide: Path) -> None:
    lost = [
        link for link in LINK.findall(guide.read_text(encoding="utf-8")) if not (guide.parent / link).exists()
    ]
    assert not lost


def test_guides_for_authors_name_only_what_there_is() -> None:
    public = {name for module in public_face.modules().values() for name in public_face.names_of(module)}
    for guide in (EXAMPLES, CHECKOUT / "docs" / "tutorial" / "README.md"):
        for block in BLOCK.findall(guide.read_text(encoding="utf-8")):
            for node in ast.walk(ast.parse(block)):
                if isinstance(node, ast.ImportFrom) and str(node.module).startswith("vestibule"):
                    assert {alias.name for alias in node.names} <= public, guide.name
