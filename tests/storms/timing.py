"""How long logging in, asking for a link and signing up take for known addresses, and for unknown ones.

One request at a time on a server that does nothing else, known and unknown by turns, each from an address of
its own as behind a proxy, so that no limit stands in the way.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from core import db
from core.accounts import passwords
from tests.storms.crew import Crew, Process, open_crew
from tests.storms.row import Row, Told
from tests.support.house import Browser, open_app
from tests.support.place import KINDS, Place, copied_place
from tests.support.run import begin
from tests.support.world import small_practice
from vestibule.testing import people
from vestibule.testing.people import PASSWORD

MOST_MILLISECONDS = 10
WRONG = "not-the-password-2026"
WARM_UP = 20


# What differs for everybody: the form's token, and that of the page it leads to.
TOKENS = re.compile(r'(name="csrf_token" value="|/confirm/)[\w.-]+')


@dataclass
class Asked:
    """What came back for one kind of address: seconds by the clock and of a processor, and what was said."""

    took: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    said: set[tuple[int, int, str]] = field(default_factory=set)


def found(told: Told, folder: Path) -> Iterator[Row]:
    """A row for each of the three pages on each database."""
    run = begin()
    try:
        for kind in (told.database,) if told.database else KINDS:
            own = folder / kind
            own.mkdir()
            with copied_place(run, kind, "small_practice", small_practice, own / "data") as place:
                yield from rows_of(place, own, told.tries)
    finally:
        run.end()


def rows_of(place: Place, folder: Path, tries: int) -> Iterator[Row]:
    known = [f"known{number}@storms.test" for number in range(tries + WARM_UP)]
    with open_app(place) as house:
        hashed = passwords.hashed(PASSWORD)
        with db.transaction():
            for email in known:
                people.new_account(email, "Known Person", hashed)
        visitor = house.browser()
    # Nothing is delivered meanwhile: letters would be made beside the requests that are timed.
    with open_crew(place, {}, folder, is_delivering=False) as crew:
        for page in ("/login", "/forgot", "/p/ortiz/signup"):
            yield _row(place, crew, visitor, page, known)


def _row(place: Place, crew: Crew, visitor: Browser, page: str, known: list[str]) -> Row:
    answers = {True: Asked(), False: Asked()}
    for number, email in enumerate(known):
        # Which comes first changes from pair to pair.
        for is_known in (bool(number % 2), not number % 2):
            told = email if is_known else email.replace("known", "other")
            _ask(
                crew.servers[0],
                visitor,
                page,
                told,
                f"10.{len(page)}.{number // 250}.{number % 250}",
                answers[is_known],
            )
        if number == WARM_UP - 1:
            answers = {True: Asked(), False: Asked()}
    return judged(f"{place.kind}: {page}", answers[True], answers[False])


def judged(what: str, known: Asked, unknown: Asked) -> Row:
    """Met where both were answered, with the same words and in nearly the same time."""
    took = [statistics.median(asked.took) * 1000 for asked in (known, unknown)]
    worked = [statistics.median(asked.worked) * 1000 for asked in (known, unknown)]
    apart = abs(took[0] - took[1])
    # A server that is away or bids everybody wait says the same to all as well.
    is_answered = all(status < 500 and status != 429 for status, _size, _text in known.said)
    is_same = known.said == unknown.said and len(known.said) == 1 and is_answered
    words = f"known {took[0]:.1f} ms, unknown {took[1]:.1f} ms (worked {worked[0]:.1f} and {worked[1]:.1f})"
    said = "same text" if is_same else f"{len(known.said | unknown.said)} different texts"
    goal = f"<= {MOST_MILLISECONDS} ms, same text"
    return Row(what, f"{words}, {len(known.took)} each, {said}", goal, apart <= MOST_MILLISECONDS and is_same)


def _ask(server: Process, visitor: Browser, page: str, email: str, address: str, into: Asked) -> None:
    fields = {"csrf_token": visitor.csrf_token, "email": email}
    if page == "/login":
        fields |= {"password": WRONG, "next": ""}
    elif page != "/forgot":
        fields |= {"password": PASSWORD, "given_name": "Wim", "family_name": "Aal"}
    headers = {
        "Cookie": visitor.cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": address,
    }
    line = HTTPConnection("127.0.0.1", server.port, timeout=60)
    line.connect()
    worked, began = _worked(server.pid), time.perf_counter()
    line.request("POST", page, urlencode(fields), headers)
    answer = line.getresponse()
    body = answer.read().decode()
    into.took.append(time.perf_counter() - began)
    into.worked.append(_worked(server.pid) - worked)
    line.close()
    text = TOKENS.sub(r"\1a token", body).replace(email, "an address")
    into.said.add((answer.status, len(body.encode()) - len(email) * body.count(email), text))


def _worked(pid: int) -> float:
    """Seconds that all threads of a process have had of a processor: what others do doesn't count."""
    told = (file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(one.split()[0]) for one in told) / 1e9
