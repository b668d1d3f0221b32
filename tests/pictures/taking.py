"""Walks from page to page by links and keeps a picture of each kind of page, in each size and theme."""

import re
from collections import deque
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.pictures.viewers import Viewer
from tests.support.browser import MOUSE, new_context
from vestibule.testing.people import PASSWORD

SIZES = {"1280": (1280, 900), "390": (390, 844)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|q-[0-9a-f]{12}")
# The visitor has these already.
DOORS = frozenset({"front", "login", "forgot"})
LINKS = "all => all.map(one => one.getAttribute('href'))"
OPEN_ALL = "all => all.forEach(one => one.open = true)"


def take(browser: Browser, base_url: str, viewer: Viewer, folder: Path) -> int:
    """Pictures of all that this viewer reaches; returns how many were taken."""
    context = new_context(browser, base_url, MOUSE)
    page = context.new_page()
    if viewer.email:
        _log_in(page, viewer.email)
    waiting, kinds, taken = deque(viewer.starts), set(DOORS if viewer.email else ()), 0
    while waiting:
        path = waiting.popleft()
        if (kind := _kind(path)) in kinds:
            continue
        kinds.add(kind)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        waiting.extend(_links(page))
        taken += keep(page, folder, f"{viewer.name}-{kind}")
    context.close()
    return taken


def keep(page: Page, folder: Path, name: str) -> int:
    """The page that is open, in each size and theme, whole."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.screenshot(path=folder / f"{name}-{size}-{theme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    return len(SIZES) * len(THEMES)


def take_acts(browser: Browser, base_url: str, folder: Path) -> int:
    """Pages that only an act leads to: errors in forms, and the end of a booking."""
    context = new_context(browser, base_url, MOUSE)
    page = context.new_page()
    page.goto("/p/ortiz/signup")
    page.locator("form[method=post]").first.evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Sign up").click()
    taken = keep(page, folder, "visitor-signup-errors")
    _log_in(page, "provider@demo.test")
    page.goto("/practice/ortiz/clients/")
    page.get_by_label("Find by name").fill("Nobody at all")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("No client has such a name.").wait_for()
    taken += keep(page, folder, "provider-clients-not-found")
    context.clear_cookies()
    _log_in(page, "client@demo.test")
    page.goto("/appointments/search")
    page.get_by_role("button", name="Schedule").first.click()
    page.get_by_role("heading", name="Your appointment is booked").wait_for()
    taken += keep(page, folder, "client-appointments-booked")
    context.close()
    return taken


def _log_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/login")


def _links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("main a[href], nav a[href]", LINKS)
    pages = [link for link in found if link.startswith("/") and not link.endswith(".ics")]
    return [link for link in pages if not link.startswith(("/static/", "/logout"))]


def _kind(path: str) -> str:
    """One name for all pages of a rule: ids left out, and what stands after the question mark too."""
    return "-".join(part for part in ID.sub("one", urlsplit(path).path).split("/") if part) or "front"
