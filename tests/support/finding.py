"""Finding things on a page as a person with or without sight does: by role, name and surroundings."""

import re
import time
from collections.abc import Callable, Iterable
from functools import reduce
from pathlib import Path
from typing import Literal, TypeVar

from playwright.sync_api import Locator, Page

FIND_SECONDS = 8.0
PAUSE_MILLISECONDS = 40
Role = Literal[
    "link",
    "button",
    "menuitem",
    "tab",
    "switch",
    "radio",
    "checkbox",
    "textbox",
    "searchbox",
    "combobox",
    "listbox",
    "spinbutton",
    "slider",
]
LINKS: tuple[Role, ...] = ("link",)
BUTTONS: tuple[Role, ...] = ("button", "menuitem", "tab", "switch")
RADIOS: tuple[Role, ...] = ("radio",)
BOXES: tuple[Role, ...] = ("checkbox", "switch")
FIELDS: tuple[Role, ...] = (
    "textbox",
    "searchbox",
    "combobox",
    "listbox",
    "spinbutton",
    "checkbox",
    "radio",
    "slider",
)
_SCRIPTS = Path(__file__).parent / "page"
_T = TypeVar("_T")


class NotOnThePage(AssertionError):
    """What was looked for isn't there, or is there more than once."""


class Finder:
    """Finds controls of one page; waits a little for them, as a person does."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.patience_seconds = FIND_SECONDS

    def control(self, roles: tuple[Role, ...], name: str, within: str = "") -> Locator:
        """The one control of a role with this name, or else whose name begins with it."""
        found = self._wait(lambda: self._one(self._controls(roles), name, within))
        return found or self._fail(" or ".join(roles), name, within)

    def field(self, label: str, within: str = "") -> Locator:
        """The one field with this label, or else whose label begins with it."""
        found = self._wait(lambda: self._one(self._fields, label, within))
        return found or self._fail("field", label, within)

    def has(self, roles: tuple[Role, ...], name: str, within: str = "") -> bool:
        """Whether there is such a control now, without waiting."""
        found = self._controls(roles)(_beginning(name))
        return bool(_singled_out(found, within)) if within else found.count() > 0

    def words_of_part(self, words: str) -> str:
        """The text of the smallest row, group or part of the page that has these words."""
        body = self._page.locator("xpath=/html/body")
        found: str | None = self._wait(lambda: body.evaluate(_script("part"), words))
        return found or str(self._fail("part", words, ""))

    def _controls(self, roles: tuple[Role, ...]) -> Callable[[str | re.Pattern[str]], Locator]:
        return lambda name: _any_of(
            self._page.get_by_role(role, name=name, exact=isinstance(name, str)) for role in roles
        )

    def _fields(self, name: str | re.Pattern[str]) -> Locator:
        labelled = self._page.get_by_label(name, exact=isinstance(name, str))
        fields = _any_of(self._page.get_by_role(role) for role in FIELDS)
        # Passwords, days and times have no role of their own.
        return labelled.and_(fields.or_(self._page.locator("xpath=//input"))).filter(visible=True)

    def _one(
        self, search: Callable[[str | re.Pattern[str]], Locator], name: str, within: str
    ) -> Locator | None:
        for pattern in (name, _beginning(name)):
            found = search(pattern)
            if within:
                places = _singled_out(found, within)
                if len(places) == 1:
                    return found.nth(places[0])
            elif (count := found.count()) == 1:
                return found
            elif count > 1 and _lead_to_one_place(found):
                return found.first
        return None

    def _wait(self, look: Callable[[], _T | None]) -> _T | None:
        give_up_at = time.monotonic() + self.patience_seconds
        while (found := look()) is None and time.monotonic() < give_up_at:
            self._page.wait_for_timeout(PAUSE_MILLISECONDS)
        return found

    def _fail(self, kind: str, name: str, within: str) -> Locator:
        wanted = f"one {kind} {name!r}" + (f" within {within!r}" if within else "")
        raise NotOnThePage(f"Not {wanted} on {self._page.url}. The page:\n{outline(self._page)}")


def outline(page: Page) -> str:
    """The page as its roles, names and words, one a line."""
    return page.locator("xpath=/html/body").aria_snapshot()


def _any_of(found: Iterable[Locator]) -> Locator:
    return reduce(lambda whole, part: whole.or_(part), found)


def _beginning(name: str) -> re.Pattern[str]:
    return re.compile("^" + re.escape(name).replace(r"\ ", r"\s+") + r"(?!\w)")


def _singled_out(found: Locator, within: str) -> list[int]:
    """Which of the controls are alone in the nearest surroundings that have the words `within`."""
    places: list[int] = found.evaluate_all(_script("within"), within)
    return places


def _lead_to_one_place(found: Locator) -> bool:
    """Whether all are links with one address: then it doesn't matter which is followed."""
    addresses = found.evaluate_all("links => links.map(link => link.href ?? null)")
    return len(set(addresses)) == 1 and addresses[0] is not None


def _script(name: str) -> str:
    return (_SCRIPTS / f"{name}.js").read_text(encoding="utf-8").partition("\n")[2]
