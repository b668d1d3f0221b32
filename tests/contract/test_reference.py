"""The reference pages say what the source says, and other pages name only settings that there are."""

import re
from dataclasses import fields

import pytest

from core.settings import Settings
from core.settings.model import CHECKOUT
from core.settings.reading import SECRETS
from core.spec import hooks
from tools import reference

NAME = re.compile(r"VESTIBULE_[A-Z_]+[A-Z]")
GUIDES = (
    "README.md",
    "docs/how-to/production.md",
    "deploy/vestibule.service",
    "deploy/vestibule-worker.service",
)


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_reference_page_is_as_the_source_has_it(name: str) -> None:
    written = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), f"docs/reference/{name} is old: run `make reference`"


def test_each_hook_and_each_setting_is_in_the_reference() -> None:
    told = reference.hooks_page()
    assert all(f"### {name}\n" in told for name in hooks.KINDS)
    settings = reference.settings_page()
    assert all(f"| `VESTIBULE_{one.name.upper()}` |" in settings for one in fields(Settings))


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_names_only_settings_that_there_are(guide: str) -> None:
    known = {f"VESTIBULE_{one.name.upper()}" for one in fields(Settings)} | {"VESTIBULE_CONFIG"}
    known |= {f"VESTIBULE_{name.upper()}_FILE" for name in SECRETS}
    known.add("VESTIBULE_REQUIRE_ALL")
    assert set(NAME.findall((CHECKOUT / guide).read_text(encoding="utf-8"))) <= known


def test_the_guide_to_production_tells_of_each_setting() -> None:
    told = set(NAME.findall((CHECKOUT / "docs/how-to/production.md").read_text(encoding="utf-8")))
    assert told >= {f"VESTIBULE_{one.name.upper()}" for one in fields(Settings)}
