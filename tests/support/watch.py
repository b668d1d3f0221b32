"""What a browser complains about while a person uses it; anything that was not expected fails the test."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response, WebError

REFUSED = 400
LOCAL_SCHEMES = ("data", "blob", "about")
# Chromium's words for a status that the watch has seen itself, in the answer.
LOADING_FAILED = re.compile(r"Failed to load resource: the server responded with a status of \d+")


@dataclass
class Allowance:
    """A status that the test expects of one address, and whether it came."""

    status: int
    path: str
    is_met: bool = False

    def allows(self, status: int, path: str) -> bool:
        return status == self.status and (not self.path or path.startswith(self.path))


class Watch:
    """Listens to one browser context; `troubles` is the list of what went wrong so far."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self.in_flight: set[Request] = set()
        self._origin = origin
        self._allowances: list[Allowance] = []
        context.on("console", self._hear_console)
        context.on("weberror", self._hear_error)
        context.on("request", self._hear_request)
        context.on("requestfinished", self._hear_end)
        context.on("requestfailed", self._hear_failure)
        context.on("response", self._hear_response)
        context.on("dialog", self._hear_dialog)

    @contextmanager
    def expecting(self, status: int, path: str = "", *, has_to_come: bool = True) -> Iterator[None]:
        """Inside, answers of this status (from addresses that begin with `path`) are no trouble.

        At least one has to come, unless it depends on who is quicker.
        """
        allowance = Allowance(status, path)
        self._allowances.append(allowance)
        yield
        self._allowances.remove(allowance)
        if has_to_come and not allowance.is_met:
            raise AssertionError(f"No answer of {status} came from {path or 'any address'}.")

    def report(self, trouble: str) -> None:
        """Add what another listener heard."""
        self.troubles.append(trouble)

    def check(self) -> None:
        """Fail if there was any trouble, and forget it."""
        troubles, self.troubles = self.troubles, []
        if troubles:
            raise AssertionError("The browser complained:\n" + "\n".join(troubles))

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not LOADING_FAILED.match(message.text):
            place = message.location.get("url", "")
            self.report(f"console: {message.text} ({place})")

    def _hear_error(self, error: WebError) -> None:
        self.report(f"script: {error.error}")

    def _hear_request(self, request: Request) -> None:
        self.in_flight.add(request)
        self.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme not in LOCAL_SCHEMES and f"{parts.scheme}://{parts.netloc}" != self._origin:
            self.report(f"another origin was asked: {request.url}")

    def _hear_end(self, request: Request) -> None:
        self.in_flight.discard(request)

    def _hear_failure(self, request: Request) -> None:
        self.in_flight.discard(request)
        # A request is given up when its page is left, which is no fault.
        if request.failure not in ("net::ERR_ABORTED", None):
            self.report(f"request failed: {request.failure} {request.url}")

    def _hear_response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        for allowance in self._allowances:
            if allowance.allows(response.status, path):
                allowance.is_met = True
                return
        if response.status >= REFUSED:
            self.report(f"answer {response.status}: {response.request.method} {path}")

    def _hear_dialog(self, dialog: Dialog) -> None:
        self.report(f"a dialog of the browser's own: {dialog.message}")
        dialog.dismiss()
