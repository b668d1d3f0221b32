"""A person's day in a storm: log in, fill in the intake, book, write, cancel; and a crowd of such people."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from tests.storms.ledger import Ledger
from tests.storms.people import BRINGS, Someone
from tests.storms.visitor import Answer, GaveUp, PutOff, Visitor, Wrong
from vestibule.testing.people import PASSWORD

DAYS_AHEAD = 50
SECTIONS = (
    {"Birth date": "1990-05-04"},
    {"Phone": "(312) 555-0101"},
    {"Their name": "Ida Vole"},
)
MOST_TIMES = 12
R = TypeVar("R")


class LoggedOut(Exception):
    """Nothing was done: whoever asked has to log in again."""


@dataclass
class Day:
    """One person's; what was acknowledged goes into the ledger."""

    someone: Someone
    browser: Visitor
    ledger: Ledger
    dice: random.Random
    asked_again: Callable[[], None]

    def live(self) -> None:
        self.ledger.note("began", chart=self.someone.chart)
        self._log_in()
        self._do(self._fill_in)
        booked = [self._do(self._book) for _ in range(self.dice.randint(1, 2))]
        for number in range(self.dice.randint(1, 3)):
            self._do(self._write, number)
        if booked[0] and self.dice.random() < 0.6:
            self._do(self._cancel, booked[0])

    def _do(self, step: Callable[..., R], *told: Any) -> R:
        """One step, and again from its beginning where the login has run out meanwhile."""
        while True:
            try:
                return step(*told)
            except LoggedOut:
                self.asked_again()
                self._log_in()

    def _log_in(self) -> None:
        told = {"E-mail": self.someone.email, "Password": PASSWORD}
        answer = self.browser.press(self.browser.get("/login").page, "Log in", told)
        if answer.status == 400:
            # A cookie from the future counts for nothing, and the form's token with it: reload, as people do.
            answer = self.browser.get("/login")
            # Who was let in by a try that answered 503 all the same is led on.
            if answer.status != 303:
                answer = self.browser.press(answer.page, "Log in", told)
        if answer.status != 303:
            raise Wrong(f"/login: {answer.status} {answer.page.heading!r}")

    def _get(self, path: str) -> Answer:
        answer = self.browser.get(path)
        self._expect(answer, 200)
        return answer

    def _fill_in(self) -> None:
        path, word = f"/intake/{self.someone.chart}/", f"answer of {self.someone.number}"
        for number, fill in enumerate((*SECTIONS, {BRINGS: word}), 1):
            page = self._get(f"{path}{number}/").page
            self._expect(self.browser.press(page, "Save and continue", fill), 303)
        answer = self.browser.press(self._get(f"{path}check/").page, "Submit Intake")
        self._expect(answer, 303)
        self.ledger.note("intake", chart=self.someone.chart, answer=word)

    def _book(self) -> str:
        """A time of a random day, and another one where somebody was quicker."""
        on = (datetime.now(UTC) + timedelta(days=self.dice.randint(2, DAYS_AHEAD))).date()
        page = self._get(f"/appointments/search?on={on}").page
        for _ in range(MOST_TIMES):
            buttons = [button for form in page.forms for button in form.buttons if button[1] == "slot"]
            if not buttons:
                return ""
            # Among the soonest, so that people meet.
            words = self.dice.choice(buttons[:20])[0]
            answer = self.browser.press(page, words)
            if answer.status == 303:
                self._expect(answer, 303)
                booked = answer.location.split("/")[2]
                self.ledger.note("booking", id=booked)
                return booked
            self._expect(answer, 409)
            page = answer.page
        return ""

    def _write(self, number: int) -> None:
        body = f"word {number} of {self.someone.number}"
        page = self._get("/inbox/new/").page
        answer = self.browser.press(page, "Send", {"Message": body})
        self._expect(answer, 303)
        self.ledger.note("message", body=body)

    def _cancel(self, booked: str) -> None:
        page = self._get(f"/appointments/{booked}/cancel").page
        self._expect(self.browser.press(page, "Cancel this appointment"), 303)
        self.ledger.note("cancelling", id=booked)

    @staticmethod
    def _expect(answer: Answer, status: int) -> None:
        if answer.location.startswith("/login"):
            raise LoggedOut(answer.path)
        if answer.status != status:
            raise Wrong(f"{answer.path}: {answer.status} {answer.location}, {answer.page.heading!r}")


class Crowd:
    """So many people at once; when one's day is over, the next one begins theirs."""

    def __init__(self, someones: Sequence[Someone], ports: Sequence[int], ledger: Ledger, seed: int) -> None:
        self.ledger = ledger
        self.troubles: list[str] = []
        self.worst = 0.0
        self.refused = 0
        self.days = 0
        self.broken = 0
        self.asked_again = 0
        self.put_off: list[str] = []
        # A clock that jumps ends logins, as it must; nothing else does.
        self.may_be_asked_again = False
        self._seed, self._ports = seed, ports
        self._waiting = list(reversed(someones))
        self._lock = threading.Lock()
        self._goes_on = True
        self._threads: list[threading.Thread] = []

    def begin(self, at_once: int) -> None:
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(at_once)]
        for thread in self._threads:
            thread.start()

    def end(self, seconds: float = 120) -> None:
        """Let nobody begin another day, and wait until those that run are over."""
        self._goes_on = False
        give_up_at = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, give_up_at - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            self.troubles.append("people did not come to an end")

    @property
    def is_tired(self) -> bool:
        """Whether everybody has had their day."""
        return not self._waiting

    def _run(self) -> None:
        while self._goes_on:
            with self._lock:
                if not self._waiting:
                    return
                someone = self._waiting.pop()
            self._live(someone)

    def _live(self, someone: Someone) -> None:
        dice = random.Random(f"{self._seed}:{someone.number}")
        browser = Visitor(self._ports, dice, someone.address)
        try:
            Day(someone, browser, self.ledger, dice, self._ask_again).live()
        except PutOff as error:
            with self._lock:
                self.put_off.append(f"{someone.email}: {error}")
        except (GaveUp, Wrong, AssertionError, LookupError, ValueError) as error:
            with self._lock:
                self.troubles.append(f"{someone.email}: {type(error).__name__} {error}"[:400])
        with self._lock:
            self.days += 1
            self.worst = max(self.worst, browser.worst)
            self.refused += browser.refused
            self.broken += browser.broken

    def _ask_again(self) -> None:
        if not self.may_be_asked_again:
            raise Wrong("a login was acknowledged and is gone")
        self.asked_again += 1


@contextmanager
def crowd_of(
    someones: Sequence[Someone], ports: Sequence[int], ledger: Ledger, seed: int, at_once: int
) -> Iterator[Crowd]:
    """People at work for the block; at its end they finish what they began."""
    crowd = Crowd(someones, ports, ledger, seed)
    crowd.begin(at_once)
    try:
        yield crowd
    finally:
        crowd.end()
