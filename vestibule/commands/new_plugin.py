"""What `vestibule plugins new` writes: a plugin that is right and has next to nothing in it."""

import re
from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9]{1,29}")


class WrongName(ValueError):
    """A name that a plugin can't have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is no name: take 2 to 30 small letters and digits, a letter first.")


class PluginExists(ValueError):
    """There is something of this name already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is there already: take another name or another place.")


PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "vestibule-{name}"
version = "0.1"
description = "A plugin for Vestibule."
requires-python = ">=3.11"
dependencies = ["vestibule"]

[project.entry-points."vestibule.plugins"]
{name} = "{name}"

[tool.hatch.build.targets.wheel]
packages = ["{name}"]
artifacts = ["*.mo"]
"""
README = """\
# {title}

What it does, for whom.

- **Needs**: Client Portal.
- **Pages**: `/{name}/` for clients.
"""
MANIFEST = """\
name = "{name}"
title = {quoted}
version = "0.1"
api = 1
needs = ["CP"]
"""
HOOKS = '''\
"""Everything that this plugin adds to the portal."""

from collections.abc import Sequence

from vestibule.web import Route, hookimpl

from . import views


@hookimpl
def register_routes() -> Sequence[Route]:
    return [Route("/{name}/", views.home, "client", "all")]
'''
VIEWS = '''\
"""The plugin's pages."""

from flask import Response

from vestibule.web import Scope, page


def home(scope: Scope) -> Response:
    """The client's page."""
    return page("{name}/home.html")
'''
PAGE = """\
{{% extends "layout.html" %}}
{{% block title %}}{{{{ _({quoted}) }}}}{{% endblock %}}
{{% block main %}}
<p>{{{{ _("Nothing is here yet.") }}}}</p>
{{% endblock %}}
"""
CONFTEST = '''\
"""Lets the tests find the plugin in this folder, installed or not."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def plugin_folders() -> tuple[Path, ...]:
    """The folder with the plugin's own folder in it."""
    return (Path(__file__).parent.parent,)
'''
TEST = '''\
"""The plugin in a portal of the test's own."""

from collections.abc import Callable

from vestibule.testing import Browser, Person, Subscriptions


def test_the_page_follows_the_subscription(
    client: Person, browser: Callable[[Person | None], Browser], subscriptions: Subscriptions
) -> None:
    assert browser(client).open("/{name}/").status == 200
    subscriptions.off("CP")
    assert browser(client).open("/{name}/").status == 404
'''


def write_plugin(into: Path, name: str, title: str) -> list[Path]:
    """Make `into/name` and return the files in it. Raises WrongName or PluginExists."""
    if not NAME.fullmatch(name):
        raise WrongName(name)
    root = into / name
    if root.exists():
        raise PluginExists(root)
    quoted = '"' + title.replace("\\", "").replace('"', "'") + '"'
    written = []
    for path, text in _files(name).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(name=name, title=title, quoted=quoted), encoding="utf-8")
        written.append(file)
    return written


def _files(name: str) -> dict[str, str]:
    return {
        "pyproject.toml": PROJECT,
        "README.md": README,
        f"{name}/__init__.py": "",
        f"{name}/plugin.toml": MANIFEST,
        f"{name}/hooks.py": HOOKS,
        f"{name}/views.py": VIEWS,
        f"{name}/templates/{name}/home.html": PAGE,
        "tests/conftest.py": CONFTEST,
        f"tests/test_{name}.py": TEST,
    }
