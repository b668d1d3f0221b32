"""What a visit costs on the wire, as Chromium counts it below its caches."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests.support.browser import MOUSE, new_context


@dataclass
class Visit:
    """The bytes of each answer, head and body as they came (compressed), in order of asking."""

    answers: dict[str, int] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def requests(self) -> int:
        return len(self.answers)

    @property
    def bytes(self) -> int:
        return sum(self.answers.values())

    def table(self) -> str:
        """One line for each answer and one for all."""
        lines = [f"{size:>8}  {address}" for address, size in self.answers.items()]
        return "\n".join([*lines, f"{self.bytes:>8}  in {self.requests} requests"])

    def hear_asked(self, event: dict[str, Any]) -> None:
        """Network.requestWillBeSent; a redirect keeps its id and brings the first answer along."""
        key, address = event["requestId"], event["request"]["url"]
        if "redirectResponse" in event:
            self._add(self._addresses[key], event["redirectResponse"]["encodedDataLength"])
        self._addresses[key] = address
        if not address.startswith(("data:", "blob:")):
            self._add(address, 0)

    def hear_finished(self, event: dict[str, Any]) -> None:
        """Network.loadingFinished."""
        address = self._addresses.get(event["requestId"], "")
        if address in self.answers:
            self._add(address, int(event["encodedDataLength"]))

    def _add(self, address: str, size: int) -> None:
        self.answers[address] = self.answers.get(address, 0) + size


def first_visit(browser: Browser, base_url: str, path: str, logged_in: BrowserContext) -> Visit:
    """Open `path` with the cookies of somebody who is logged in and nothing else in the cache."""
    context = new_context(browser, base_url, MOUSE)
    try:
        context.add_cookies(
            [{"name": c["name"], "value": c["value"], "url": base_url} for c in logged_in.cookies()]
        )
        page, visit = context.new_page(), Visit()
        wire = context.new_cdp_session(page)
        wire.on("Network.requestWillBeSent", visit.hear_asked)
        wire.on("Network.loadingFinished", visit.hear_finished)
        wire.send("Network.enable")
        page.goto(path, wait_until="networkidle")
        return visit
    finally:
        context.close()
