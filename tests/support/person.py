"""A person at a browser, who acts by roles, names and words alone and never by a selector."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Request, Response, expect

from tests.support.accessibility import axe_faults
from tests.support.browser import MOUSE, Way, new_context
from tests.support.finding import (
    BOXES,
    BUTTONS,
    LINKS,
    PAUSE_MILLISECONDS,
    RADIOS,
    Finder,
    NotOnThePage,
    outline,
)
from tests.support.hands import Finger, Hands, Keyboard, Mouse
from tests.support.nu import nu_faults
from tests.support.run import Run
from tests.support.watch import Watch
from vestibule.testing.people import PASSWORD

LISTENER = (Path(__file__).parent / "page" / "listen.js").read_text(encoding="utf-8")
SETTLE_SECONDS = 10
# Two frames: what an act sets off has been asked for by then.
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
HTMX_PATH = "htmx-current-path-for-history"
# Whatever a page can store: words by their names, and the names of databases and caches.
STORED = """async () => ({
  ...localStorage, ...sessionStorage,
  ...Object.fromEntries((await indexedDB.databases()).map(each => [each.name, "a database"])),
  ...Object.fromEntries((await caches.keys()).map(name => [name, "a cache"])),
})"""
MENU = "Main menu"


class Person:
    """One browser of one person; `name` is for messages."""

    def __init__(
        self,
        browser: Browser,
        run: Run,
        base_url: str,
        way: Way = MOUSE,
        name: str = "a visitor",
        profile: Path | None = None,
    ) -> None:
        self.name = name
        self.way = way
        self.clicks = 0
        self._run = run
        self.context = new_context(browser, base_url, way, profile)
        self.watch = Watch(self.context, base_url)
        if way.has_script:
            self.context.expose_binding("vestibuleTestHears", lambda _source, what: self._hear(what))
            self.context.add_init_script(LISTENER)
        self.page = self.context.new_page()
        self.page.on("response", self._remember)
        self.page.on("request", self._notice)
        self._document: Response | None = None
        self._has_fragments = False
        self.finder = Finder(self.page)
        self._hands = self._own_hands()

    # Going about

    def open(self, path: str) -> None:
        """Type an address; only paths of the portal."""
        self.page.goto(path)
        self._settle()

    def reload(self) -> None:
        self.page.reload()
        self._settle()

    def back(self) -> None:
        """The browser's Back."""
        self.page.go_back()
        self._settle()

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Log in at /login, or where a page led to it; clicks are counted from the page after."""
        if self.path != "/login":
            self.open("/login")
        self.name = email
        self.fill("E-mail", email)
        self.fill("Password", password)
        self.press("Log in")
        if self.path == "/login":
            raise AssertionError(f"{email} could not log in:\n{outline(self.page)}")
        self.clicks = 0

    # Acting

    def press(self, button: str, *, within: str = "") -> None:
        """Press the button of this name; `within` is words of its row or part of the page."""
        self._hands.press(self.finder.control(BUTTONS, button, within))
        self._settle()

    def follow(self, link: str, *, within: str = "") -> None:
        """Follow the link of this name."""
        self._hands.press(self.finder.control(LINKS, link, within))
        self._settle()

    def go_to(self, item: str) -> None:
        """Follow an item of the main menu; what a phone has no room for stands under More."""
        if self.way.is_phone and self.path.startswith("/practice/"):
            self.unfold("Menu")
            self.follow(item)
        elif self.way.is_phone and not self.has_link(item, within=MENU):
            self.follow("More", within=MENU)
            self.follow(item)
        else:
            self.follow(item, within=MENU)

    def unfold(self, words: str) -> None:
        """Open or fold a part that is folded behind these words."""
        self._hands.press(self.page.get_by_text(words, exact=True).filter(visible=True).first)
        self._settle()

    def fill(self, label: str, text: str, *, within: str = "") -> None:
        """Write into the field of this label in place of what is there."""
        self._hands.write(self.finder.field(label, within), text)

    def choose(self, option: str, *, within: str = "") -> None:
        """Choose a radio button."""
        self._hands.mark(self.finder.control(RADIOS, option, within), is_on=True)
        self._settle()

    def tick(self, box: str, *, within: str = "", is_on: bool = True) -> None:
        """Tick a checkbox, or take its tick away."""
        self._hands.mark(self.finder.control(BOXES, box, within), is_on=is_on)
        self._settle()

    def select(self, label: str, option: str, *, within: str = "") -> None:
        """Choose from a drop-down list."""
        self._hands.pick(self.finder.field(label, within), option)
        self._settle()

    @contextmanager
    def expecting(self, status: int, path: str = "", *, has_to_come: bool = True) -> Iterator[None]:
        """Acts inside have to be answered by this status at least once, which is no trouble then."""
        with self.watch.expecting(status, path, has_to_come=has_to_come):
            yield

    # Seeing

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.page.url).path

    @property
    def status(self) -> int:
        """The status of the page that is open."""
        return self._document.status if self._document else 0

    def sees(self, words: str, *, within: str = "") -> None:
        """These words come into sight on the page, or in the smallest part that `within` names."""
        give_up_at = time.monotonic() + self.finder.patience_seconds
        while not self._shows(words, within):
            if time.monotonic() > give_up_at:
                raise NotOnThePage(f"{words!r} is not on {self.page.url}:\n{outline(self.page)}")
            self.page.wait_for_timeout(PAUSE_MILLISECONDS)

    def does_not_see(self, words: str, *, within: str = "") -> None:
        """These words are not there now; look for something that is there first."""
        self._settle()
        if self._shows(words, within):
            raise AssertionError(f"{words!r} is on {self.page.url}:\n{outline(self.page)}")

    def heading(self, expected: str = "") -> str:
        """The words of the page's one main heading; waits for `expected` if given."""
        headings = self.page.get_by_role("heading", level=1)
        if expected:
            expect(headings).to_have_text(expected, use_inner_text=True)
        if headings.count() != 1:
            raise NotOnThePage(f"{headings.count()} main headings on {self.page.url}")
        return headings.inner_text().strip()

    def has_button(self, name: str, *, within: str = "") -> bool:
        return self.finder.has(BUTTONS, name, within)

    def has_link(self, name: str, *, within: str = "") -> bool:
        return self.finder.has(LINKS, name, within)

    def value(self, label: str, *, within: str = "") -> str:
        """What a field holds."""
        return self.finder.field(label, within).input_value()

    def rows(self, words: str = "") -> list[str]:
        """The words of each row of lists and tables that has these words in it."""
        found = self.page.get_by_role("listitem").or_(self.page.get_by_role("row"))
        return [" ".join(text.split()) for text in found.filter(has_text=words).all_inner_texts()]

    # Judging

    def check_accessibility(self) -> None:
        """No fault by axe in either theme, none by Nu in the page's source."""
        faults = nu_faults(self._run, self._source())
        if self.way.has_script:
            faults += axe_faults(self.page)
        if faults:
            raise AssertionError(f"{len(faults)} faults on {self.page.url}:\n" + "\n".join(faults))

    def check_storage(self) -> None:
        """The browser keeps nothing of the portal besides its cookies and where htmx is."""
        # Where no script runs, none can store anything.
        kept = self.page.evaluate(STORED) if self.way.has_script else {}
        if kept.keys() - {HTMX_PATH}:
            raise AssertionError(f"The browser's storage holds {kept}")

    def check_fits(self) -> None:
        """Nothing makes the page scroll sideways."""
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if (over := int(self.page.evaluate(wide))) > 0:
            raise AssertionError(f"{self.page.url} is {over} px wider than the screen.")

    def close(self) -> None:
        """Put the browser away; fails if it complained about anything unexpected."""
        self.context.close()
        self.watch.check()

    def story(self) -> str:
        """Where this person is and what the page shows, for the report of a failed test."""
        if self.page.is_closed():
            return f"{self.name}: the page is closed"
        try:
            return f"{self.name} ({self.way.name}) on {self.page.url}\n{outline(self.page)}"
        except Error as error:
            return f"{self.name}: {error}"

    def _shows(self, words: str, within: str) -> bool:
        if within:
            text = self.finder.words_of_part(within)
        else:
            text = self.page.locator("xpath=/html/body").inner_text()
        return " ".join(words.split()) in " ".join(text.split())

    def _own_hands(self) -> Hands:
        if not self.way.has_mouse:
            return Keyboard(self.page)
        return Finger(self.page) if self.way.is_phone else Mouse(self.page)

    def _hear(self, what: str) -> None:
        if what == "act":
            self.clicks += 1
        else:
            self.watch.report(what)

    def _remember(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self._document = response
            self._has_fragments = False

    def _notice(self, request: Request) -> None:
        if request.resource_type in ("xhr", "fetch"):
            self._has_fragments = True

    def _source(self) -> str:
        """The document as it was sent; as it is now where a fragment has come since."""
        if self._document and not self._has_fragments:
            return self._document.text()
        return self.page.content()

    def _settle(self) -> None:
        """Wait until what an act set off has come: no request under way, the page complete."""
        give_up_at = time.monotonic() + SETTLE_SECONDS
        self._wait_a_moment()
        while self.watch.in_flight:
            if time.monotonic() > give_up_at:
                waiting = [request.url for request in self.watch.in_flight]
                raise AssertionError(f"Still loading after {SETTLE_SECONDS} s: {waiting}")
            self.page.wait_for_load_state()
            # Once more: an answer can lead on, and a new page asks for its parts.
            self._wait_a_moment()

    def _wait_a_moment(self) -> None:
        if not self.way.has_script:
            self.page.wait_for_timeout(40)
            return
        try:
            self.page.evaluate(FRAMES)
        except Error:
            # The page was left meanwhile, which is what we wait for.
            self.page.wait_for_timeout(10)
