"""How a person works a page: with a mouse, with a finger, or with the keys alone."""

from collections import Counter
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import ElementHandle, Locator, Page

FOCUS = (Path(__file__).parent / "page" / "focus.js").read_text(encoding="utf-8").partition("\n")[2]
MOST_STEPS = 400
# A place met so often means that the focus goes round without meeting what is wanted. A field for a day
# has four stops of its own: month, day, year and the button of its calendar.
MOST_VISITS = 6
BY_KEYS = 4  # so many characters of a text are typed key by key


class Hands(Protocol):
    """What a person can do to one control that was found."""

    def press(self, control: Locator) -> None:
        """Act on a button or a link."""

    def write(self, field: Locator, text: str) -> None:
        """Put `text` in place of what the field holds; days as 2026-12-03, times as 14:00."""

    def mark(self, box: Locator, *, is_on: bool) -> None:
        """Bring a radio button or a checkbox into this state."""

    def pick(self, box: Locator, option: str) -> None:
        """Choose an option of a drop-down list by its words."""


class Mouse:
    """Real clicks at real places, also into a field before it is filled."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, control: Locator) -> None:
        control.click()

    def write(self, field: Locator, text: str) -> None:
        if not _has_focus(field):
            self.press(field)
        field.fill(text)

    def mark(self, box: Locator, *, is_on: bool) -> None:
        if box.is_checked() != is_on:
            self.press(_what_is_drawn(box))
        if box.is_checked() != is_on:
            raise AssertionError("It was clicked, and its state did not change.")

    def pick(self, box: Locator, option: str) -> None:
        box.select_option(label=option)


class Finger(Mouse):
    """Taps on a touch screen."""

    def press(self, control: Locator) -> None:
        control.tap()


class Keyboard:
    """Never a mouse: the focus walks, is seen at each step, and the keys act where it stands."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, control: Locator) -> None:
        self._walk_to(control)
        self._page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self._walk_to(field)
        kind = field.get_attribute("type")
        if kind in ("date", "time"):
            self._page.keyboard.type(_as_typed(text))
        else:
            self._page.keyboard.press("Control+A")
            self._page.keyboard.press("Delete")
            self._page.keyboard.type(text[:BY_KEYS])
            # The rest comes at once, as dictated words do.
            self._page.keyboard.insert_text(text[BY_KEYS:])
        if (held := field.input_value()) != text:
            raise AssertionError(f"Typed {text!r}, and the field holds {held!r}.")

    def mark(self, box: Locator, *, is_on: bool) -> None:
        self._walk_to(box)
        if box.is_checked() != is_on:
            self._page.keyboard.press("Space")
        if box.is_checked() != is_on:
            raise AssertionError("The keys did not change its state.")

    def pick(self, box: Locator, option: str) -> None:
        self._walk_to(box)
        self._page.keyboard.press("Home")
        for _ in range(MOST_STEPS):
            chosen = str(box.evaluate("box => box.selectedOptions[0]?.label ?? ''")).strip()
            if chosen == option:
                return
            self._page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrow keys never came to {option!r}.")

    def _walk_to(self, wanted: Locator) -> None:
        """Move the focus to this control as a person would; fails where the walk is lost or unseen."""
        # Found once: looking for it by its name at each step costs more than the step.
        found = wanted.element_handle()
        view = self._look(found)
        step = "Shift+Tab" if view["comes_before"] and not view["is_nowhere"] else "Tab"
        trail: list[str] = []
        visits: Counter[int] = Counter()
        for _ in range(MOST_STEPS):
            if view["is_here"]:
                return
            self._page.keyboard.press("ArrowDown" if view["is_sibling_radio"] else step)
            view = self._look(found)
            if view["is_gone"]:
                # The part around it came anew meanwhile.
                found = wanted.element_handle()
                view = self._look(found)
            _require_visible(view)
            trail.append(view["said"])
            visits[view["place"]] += 1
            if visits[view["place"]] == MOST_VISITS:
                break
        raise AssertionError(f"The keyboard can't reach it; the focus goes {', '.join(trail)}")

    def _look(self, wanted: ElementHandle) -> dict[str, Any]:
        view: dict[str, Any] = wanted.evaluate(FOCUS)
        return view


def _require_visible(view: dict[str, Any]) -> None:
    if not view["is_outlined"]:
        raise AssertionError(f"The focus can't be seen (no outline) on {view['said']}.")
    if view["is_covered"]:
        raise AssertionError(f"The focus is hidden behind something on {view['said']}.")


def _has_focus(field: Locator) -> bool:
    return bool(field.evaluate("field => field === document.activeElement"))


def _what_is_drawn(box: Locator) -> Locator:
    """The label, where the box itself is too small to be clicked."""
    size = box.bounding_box()
    if size and size["width"] >= 4 and size["height"] >= 4:
        return box
    around = box.locator("xpath=ancestor::label")
    beside = box.page.locator(f'xpath=//label[@for="{box.get_attribute("id")}"]')
    return around.or_(beside).first


def _as_typed(text: str) -> str:
    """The keys for a day (December 3: 12032026) or a time (2 pm: 0200p) in an American browser."""
    if "-" in text:
        year, month, day = text.split("-")
        return month + day + year
    hour, minute = text.split(":")[:2]
    half = "p" if int(hour) >= 12 else "a"
    return f"{(int(hour) - 1) % 12 + 1:02}{minute}{half}"
