"""A browser of a storm's person: keeps its cookies, and sends again what nobody answered, as people do."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from vestibule.testing.page import Page, read_page

PATIENCE_SECONDS = 120
MOST_WAIT_SECONDS = 60
ANSWER_SECONDS = 30
# Whoever waited longer is told of by name.
LONG_SECONDS = 20
NOBODY = (0, "", "", "0")
TRIED_AGAIN = frozenset({0, 502, 503, 504})


class GaveUp(Exception):
    """Nobody answered for as long as a person waits."""


class PutOff(Exception):
    """Told to come back later than a storm lasts: too many tries that nobody answered."""


class Wrong(Exception):
    """An answer that nobody should get."""


@dataclass(frozen=True)
class Answer:
    """What came back; `tries` is how often it was asked for, `waited` in seconds from the first time."""

    status: int
    location: str
    body: str
    tries: int
    waited: float
    path: str

    @property
    def page(self) -> Page:
        plain = TestResponse([self.body.encode()], str(self.status), {}, None)  # type: ignore[arg-type]
        return read_page(plain, self.path)


@dataclass
class Visitor:
    """One browser; `ports` are the servers that it may ask, as a proxy would choose among them."""

    ports: Sequence[int]
    dice: random.Random
    address: str = "127.0.0.1"
    is_on: Callable[[], bool] = lambda: True
    cookies: dict[str, str] = field(default_factory=dict)
    worst: float = 0
    refused: int = 0
    broken: int = 0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        """Send a form, again and again with the same fields until somebody answers."""
        return self._ask("POST", path, urlencode(fields, doseq=True))

    def status(self, path: str) -> int:
        """How a page is answered at the first try; 0 where nobody answers."""
        return self._once("GET", path, None)[0]

    def press(self, page: Page, button: str, fill: Mapping[str, str] | None = None) -> Answer:
        """Send the form of a page that has this button."""
        form, name, value = page.form_with(button)
        fields: dict[str, str | Sequence[str]] = {key: list(told) for key, told in form.values.items()}
        for label, typed in (fill or {}).items():
            fields[page.name_of(label)] = typed
        if name:
            fields[name] = value
        return self.post(form.action, fields)

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        began, tries, told_to_wait = time.monotonic(), 0, 0.0
        while True:
            tries += 1
            status, location, text, text_of_wait = self._once(method, path, body)
            waited = time.monotonic() - began
            if status == 429:
                # Told to wait after tries that nobody answered; people do, and it is no silence.
                told_to_wait += self._wait(path, float(text_of_wait))
                continue
            if status not in TRIED_AGAIN:
                self.worst = max(self.worst, waited - told_to_wait)
                if waited > LONG_SECONDS:
                    said = f"{method} {path}: {status} after {waited:.1f} s and {tries} tries"
                    print(f"  {said}, told to wait {told_to_wait:.1f} s", file=sys.stderr)
                if status >= 500:
                    raise Wrong(f"{method} {path} answered {status}")
                return Answer(status, location, text, tries, waited, path)
            self.refused += status != 0
            if waited - told_to_wait > PATIENCE_SECONDS or not self.is_on():
                raise GaveUp(f"{method} {path}: {tries} tries in {waited:.0f} s, last {status}")
            time.sleep(self.dice.uniform(0.02, 0.15))

    @staticmethod
    def _wait(path: str, seconds: float) -> float:
        if seconds > MOST_WAIT_SECONDS:
            raise PutOff(f"{path}: come back in {seconds:.0f} s")
        time.sleep(seconds)
        return seconds

    def _once(self, method: str, path: str, body: str | None) -> tuple[int, str, str, str]:
        headers = {"X-Forwarded-For": self.address, "X-Forwarded-Proto": "http"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = HTTPConnection("127.0.0.1", self.dice.choice(self.ports), timeout=ANSWER_SECONDS)
        try:
            line.connect()
        except OSError:
            return NOBODY
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            self.broken += 1
            return NOBODY
        finally:
            line.close()
        for told in answer.headers.get_all("Set-Cookie") or ():
            name, _is, value = told.partition(";")[0].partition("=")
            self.cookies[name] = value
        told_to_wait = answer.headers.get("Retry-After", "1")
        return answer.status, answer.headers.get("Location", ""), text, told_to_wait
