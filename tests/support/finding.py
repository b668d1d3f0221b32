"""Finding things on a page as a person with or without sight does: by role, name and surroundings."""

import re
import time
from collections.abc import Callable, Iterable
from functools import reduce

from playwright.sync_api import Locator, Page

FIND_SECONDS = 8.0
PAUSE_MILLISECONDS = 40
LINKS = ("link",)
BUTTONS = ("button", "menuitem", "tab", "switch")
# What a row, a card or a part of a page may be, so that "within" can name it by its words.
SURROUNDINGS = (
    "row",
    "listitem",
    "article",
    "group",
    "radiogroup",
    "region",
    "form",
    "dialog",
    "alert",
    "status",
    "list",
    "table",
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "main",
)


class NotOnThePage(AssertionError):
    """What was looked for isn't there, or is there more than once."""


class Finder:
    """Finds controls of one page; waits a little for them, as a person does."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.patience_seconds = FIND_SECONDS

    def control(self, roles: tuple[str, ...], name: str, within: str = "") -> Locator:
        """The one control of a role with this name, or else whose name begins with it."""

        def search(place: Page | Locator, pattern: str | re.Pattern[str]) -> Locator:
            return _any_of(
                place.get_by_role(role, name=pattern, exact=isinstance(pattern, str))  # type: ignore[arg-type]
                for role in roles
            )

        return self._one(search, name, within, " or ".join(roles))

    def field(self, label: str, within: str = "") -> Locator:
        """The one field with this label, or else whose label begins with it."""

        def search(place: Page | Locator, pattern: str | re.Pattern[str]) -> Locator:
            labelled = place.get_by_label(pattern, exact=isinstance(pattern, str))
            fields = _any_of(
                place.get_by_role(role)
                for role in (
                    "textbox",
                    "searchbox",
                    "combobox",
                    "listbox",
                    "spinbutton",
                    "checkbox",
                    "radio",
                    "slider",
                )
            )
            # Passwords, days and times have no role of their own.
            return labelled.and_(fields.or_(place.locator("xpath=//input")))

        return self._one(search, label, within, "field")

    def has(self, roles: tuple[str, ...], name: str, within: str = "") -> bool:
        """Whether there is such a control now, without waiting."""
        pattern = _beginning(name)
        place = self._surroundings(within)
        if place is None:
            return False
        return any(place.get_by_role(role, name=pattern).count() for role in roles)  # type: ignore[arg-type]

    def part(self, words: str) -> Locator:
        """The smallest part of the page that has these words or this name."""
        return self._wait(lambda: self._smallest(words), f"part with {words!r}")

    def _one(
        self,
        search: Callable[[Page | Locator, str | re.Pattern[str]], Locator],
        name: str,
        within: str,
        kind: str,
    ) -> Locator:
        def look() -> Locator | None:
            for pattern in (name, _beginning(name)):
                place: Page | Locator | None = self._page
                if within:
                    place = self._smallest(within, search(self._page, pattern))
                if place is None:
                    continue
                found = search(place, pattern)
                if found.count() == 1:
                    return found
                if found.count() > 1 and _lead_to_one_place(found):
                    return found.first
            return None

        return self._wait(look, f"one {kind} {name!r}" + (f" within {within!r}" if within else ""))

    def _surroundings(self, within: str) -> Page | Locator | None:
        return self._smallest(within) if within else self._page

    def _smallest(self, words: str, holding: Locator | None = None) -> Locator | None:
        """The part with the fewest words among those with `words` that hold what is wanted."""
        parts = _any_of(
            found
            for role in SURROUNDINGS
            for found in (
                self._page.get_by_role(role).filter(has_text=words),  # type: ignore[arg-type]
                self._page.get_by_role(role, name=words),  # type: ignore[arg-type]
            )
        )
        if holding is not None:
            parts = parts.filter(has=holding)
        sizes = parts.evaluate_all("parts => parts.map(part => part.textContent.length)")
        return parts.nth(sizes.index(min(sizes))) if sizes else None

    def _wait(self, look: Callable[[], Locator | None], wanted: str) -> Locator:
        give_up_at = time.monotonic() + self.patience_seconds
        while (found := look()) is None:
            if time.monotonic() > give_up_at:
                raise NotOnThePage(f"Not {wanted} on {self._page.url}. The page:\n{outline(self._page)}")
            self._page.wait_for_timeout(PAUSE_MILLISECONDS)
        return found


def outline(page: Page) -> str:
    """The page as its roles, names and words, one a line."""
    return page.get_by_role("document").or_(page.locator("xpath=/html/body")).first.aria_snapshot()


def _any_of(found: Iterable[Locator]) -> Locator:
    return reduce(lambda whole, part: whole.or_(part), found)


def _beginning(name: str) -> re.Pattern[str]:
    return re.compile("^" + re.escape(name).replace(r"\ ", r"\s+") + r"(?!\w)")


def _lead_to_one_place(found: Locator) -> bool:
    """Whether all are links with one address: then it doesn't matter which is followed."""
    addresses = found.evaluate_all("links => links.map(link => link.href ?? null)")
    return len(set(addresses)) == 1 and addresses[0] is not None
