"""axe-core on the page that is open: faults for people who see, hear or move differently."""

from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.run import CHECKOUT

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("light", "dark")
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# Preloading asks for all style sheets once more, and of the rules that run only one about sounds looks at
# what it brings; the results that aren't faults are many, and cost more on their way here than to find.
RUN = """async (wanted) => {
  const preload = document.querySelector("audio, video") !== null;
  return (await axe.run(document, { ...wanted, preload, resultTypes: ["violations"] })).violations;
}"""


def axe_faults(page: Page) -> list[str]:
    """One sentence for each fault, in both themes; the page is left in the light one.

    The themes differ in colours alone, so that the dark one is asked about these.
    """
    faults = []
    # By evaluate: the page's policy rightly blocks a script tag.
    page.evaluate(_source())
    for theme in reversed(THEMES):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        wanted = {"runOnly": COLOUR_RULES} if theme == "dark" else {}
        violations: list[dict[str, Any]] = page.evaluate(RUN, wanted)
        faults += [
            f"axe, {theme}: {rule['id']}: {rule['help']}: {_place(node)}"
            for rule in violations
            for node in rule["nodes"]
        ]
    return faults


def _place(node: dict[str, Any]) -> str:
    summary = " ".join(str(node.get("failureSummary", "")).split())
    return f"{node['html'][:160]} ({summary[:240]})"


@cache
def _source() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    return AXE.read_text(encoding="utf-8")
