"""Chromium, one for each worker, and the ways in which people come to the portal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

# Debian's build of the same engine without windows takes a third of the processor time.
PROGRAMS = tuple(
    Path("/usr/bin", name) for name in ("chromium-headless-shell", "chromium", "chromium-browser")
)
ACT_MILLISECONDS = 8000
# Playwright switches the blocking of pop-ups off, which no visitor's browser does.
UNWANTED = ["--disable-popup-blocking"]


@dataclass(frozen=True)
class Way:
    """How somebody uses the portal; `name` stands in the test's id."""

    name: str
    has_mouse: bool = True
    has_script: bool = True
    is_phone: bool = False


MOUSE = Way("mouse")
KEYBOARD = Way("keyboard", has_mouse=False)
NO_SCRIPT = Way("no-script", has_script=False)
PHONE = Way("phone", is_phone=True)
WAYS = {way.name: way for way in (MOUSE, KEYBOARD, NO_SCRIPT, PHONE)}


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium without a window. Skips where it isn't installed."""
    program = _program()
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, ignore_default_args=UNWANTED)
        yield browser
        browser.close()


def _program() -> Path | None:
    return next((path for path in PROGRAMS if path.exists()), None)


def new_context(browser: Browser, base_url: str, way: Way, profile: Path | None = None) -> BrowserContext:
    """A browser of one person, with nothing in it; an American one that asks for less motion.

    With `profile`, a folder, it is a browser of its own that keeps on disk what browsers keep.
    """
    screen = {"width": 390, "height": 844} if way.is_phone else {"width": 1280, "height": 900}
    options: dict[str, Any] = {
        "base_url": base_url,
        # Tests have no certificate that anybody signed.
        "ignore_https_errors": True,
        "viewport": screen,
        "java_script_enabled": way.has_script,
        "has_touch": way.is_phone,
        "is_mobile": way.is_phone,
        "device_scale_factor": 2 if way.is_phone else 1,
        "locale": "en-US",
        "timezone_id": "America/Chicago",
        "reduced_motion": "reduce",
        "color_scheme": "light",
    }
    if profile is None:
        context = browser.new_context(**options)
    else:
        context = browser.browser_type.launch_persistent_context(
            profile, executable_path=_program(), ignore_default_args=UNWANTED, **options
        )
    context.set_default_timeout(ACT_MILLISECONDS)
    return context
