"""Live pages at the counts that are promised: messages, a cut line, a crowd of sockets, ends."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser as Chromium

from core import live, subscriptions
from core.inbox import service as inbox
from core.live import lines
from core.practice import service as practice
from tests.storms.row import Row, Told
from tests.support.browser import MOUSE, new_context, open_browser
from tests.support.cable import cable_to
from tests.support.house import Browser, House, open_app
from tests.support.place import copied_place
from tests.support.run import begin
from tests.support.server import Server, open_servers
from tests.support.sockets import Ear
from tests.support.world import small_practice

MESSAGES, CUT_MESSAGES, CUT_SECONDS, SOCKETS, TELLINGS = 500, 20, 30, 2000, 20
CLIENT, OWNER = "client@demo.test", "provider@demo.test"
# One trusted proxy: a crowd from one address is what servers see behind nginx.
BEHIND = {"VESTIBULE_TRUSTED_PROXIES": "1", "VESTIBULE_LOG_LEVEL": "warning"}


@dataclass(frozen=True)
class Street:
    """Two servers of one place on PostgreSQL, and the house in this process."""

    servers: list[Server]
    house: House

    def login(self, email: str) -> Browser:
        return self.house.browser(email)

    def ask(self, server: int, browser: Browser, path: str, form: dict[str, str] | None = None) -> str:
        """Ask a server as this browser, by htmx; a form is sent with a good token."""
        line = HTTPConnection("127.0.0.1", self.servers[server].port, timeout=20)
        headers = {"Cookie": browser.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"csrf_token": browser.csrf_token} | form) if form else None
        if not form:
            headers |= {"HX-Request": "true", "Vestibule-Background": "1"}
        line.request("POST" if form else "GET", path, body, headers)
        said = line.getresponse().read().decode()
        line.close()
        return said


@contextmanager
def open_street(folder: Path) -> Iterator[Street]:
    run = begin()
    try:
        with (
            copied_place(run, "postgresql", "small_practice", small_practice, folder / "data") as place,
            open_servers(place, BEHIND, folder, 2) as servers,
            open_app(place) as house,
        ):
            yield Street(servers, house)
    finally:
        run.end()


def messages(street: Street) -> Row:
    """From pressing Send at one process to the words in the part that the other side's page fetched."""
    lena, carla = street.login(OWNER), street.login(CLIENT)
    scope = street.house.client_scope(CLIENT, "ortiz")
    thread = next(line.thread for line in inbox.inbox(scope)[0] if line.thread.kind == "person")
    waits = []
    with Ear(street.servers[0].base_url, "/live/", carla.cookie) as ear:
        ear.hear_about("*")
        for n in range(MESSAGES):
            start = time.monotonic()
            form = {"key": f"key {n}", "body": f"Line number {n}."}
            street.ask(1, lena, f"/practice/ortiz/inbox/{thread.id}/answer/", form)
            ear.hear_about(f"inbox.thread:{thread.id}")
            assert f"Line number {n}." in street.ask(0, carla, f"/inbox/{thread.id}/")
            waits.append(time.monotonic() - start)
    p99 = statistics.quantiles(waits, n=100)[98]
    what = f"{MESSAGES} messages over two processes, Send to fetched part"
    return Row(what, spread(waits), "p99 < 1 s", p99 < 1)


def spread(waits: list[float]) -> str:
    """Seconds as half of them, nearly all, and the longest."""
    half, most = statistics.median(waits), statistics.quantiles(waits, n=100)[98]
    return f"p50 {half * 1000:.0f} ms, p99 {most * 1000:.0f} ms, max {max(waits) * 1000:.0f} ms"


def ends(street: Street) -> list[Row]:
    """Join ended and subscription off: hints go on, and nothing of them is told."""
    house = street.house
    ortiz = house.provider_id("ortiz")
    system = house.operator_scope()
    twice = "twoproviders@demo.test"

    def close() -> None:
        subscriptions.switch(system, ortiz, "CP", is_on=False)

    def end_join() -> None:
        practice.end_join(house.member_scope(OWNER, "ortiz"), house.chart(CLIENT, "ortiz").id)

    rows = [_end(street, "join ended", end_join, CLIENT)]
    with Ear(street.servers[0].base_url, "/live/", street.login(twice).cookie) as ear:
        ear.hear_about("*")
        close()
        start = time.monotonic()
        _hint_for(5, house, twice)
        told = [text for text in ear.heard + ear.hear(1) if text != "*"]
        took = time.monotonic() - start
    what = "subscription off, client of two, 10 hints a second for 5 s"
    rows.append(Row(what, f"{len(told)} told in {took:.0f} s", "0 told", not told))
    return rows


def _end(street: Street, name: str, end: Callable[[], None], email: str) -> Row:
    with Ear(street.servers[0].base_url, "/live/", street.login(email).cookie) as ear:
        ear.hear_about("*")
        start = time.monotonic()
        end()
        code = ear.closed()
        took = time.monotonic() - start
        told = [text for text in ear.heard if text != "*"]
    told_as = f"closed {code} after {took * 1000:.0f} ms, {len(told)} told"
    return Row(
        f"{name} on another process",
        told_as,
        "4003 in 5 s, 0 told",
        code == lines.REVOKED and took < 5 and not told,
    )


def _hint_for(seconds: float, house: House, email: str) -> None:
    scope = house.member_scope(OWNER, "ortiz")
    chart = house.chart(email, "ortiz").id
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        live.hint(scope, "inbox", client_id=chart)
        time.sleep(0.1)


def crowd(street: Street) -> list[Row]:
    """Many sockets on one process: what each costs, and how long one hint takes to all of them."""
    server, house = street.servers[1], street.house
    before = _memory(server.pid)
    with ExitStack() as open_ones:
        ears = []
        for n in range(SOCKETS):
            if n % lines.MOST_OF_A_LOGIN == 0:
                cookie = street.login(OWNER).cookie
            ears.append(open_ones.enter_context(Ear(server.base_url, "/practice/ortiz/live/", cookie)))
        for ear in ears:
            ear.hear_about("*")
        each = (_memory(server.pid) - before) / SOCKETS
        waits = []
        for _ in range(TELLINGS):
            start = time.monotonic()
            live.hint(house.member_scope(OWNER, "ortiz"), "inbox")
            waits += [ear.hear_about("inbox") - start for ear in ears]
            time.sleep(0.2)
        p99 = statistics.quantiles(waits, n=100)[98]
        asked_at = time.monotonic()
        assert server.status("/healthz") == 200
        answered = time.monotonic() - asked_at
    return [
        Row(f"{SOCKETS} sockets on one process, memory each", f"{each:.0f} KiB", "<= 100 KiB", each <= 100),
        Row(f"one hint to all {SOCKETS}, {TELLINGS} times", spread(waits), "p99 < 3 s", p99 < 3),
        Row(f"/healthz beside {SOCKETS} sockets", f"{answered * 1000:.0f} ms", "< 200 ms", answered < 0.2),
    ]


def _memory(pid: int) -> int:
    """Resident memory in KiB."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmRSS")))


def cut_line(
    street: Street, browser: Chromium, seconds: float = CUT_SECONDS, count: int = CUT_MESSAGES
) -> Row:
    """The line to an open page is cut while messages are sent; afterwards each is there, in order, once."""
    house = street.house
    lena = house.member_scope(OWNER, "ortiz")
    chart = house.chart(CLIENT, "ortiz").id
    thread = inbox.send_new(lena, chart, subject="The cut", body="Before.", key="cut")
    cookie = street.login(CLIENT).cookie.partition("=")
    with cable_to(street.servers[0].port) as cable:
        context = new_context(browser, cable.base_url, MOUSE)
        context.add_cookies([{"name": cookie[0], "value": cookie[2], "url": cable.base_url}])
        page = context.new_page()
        page.goto(f"{cable.base_url}/inbox/{thread.id}/")
        page.get_by_label("Message", exact=True).fill("half a sentence")
        cable.cut()
        for n in range(count):
            inbox.reply(lena, thread.id, body=f"Number {n}.", key=f"cut {n}")
            time.sleep(seconds / count)
        cable.mend()
        mended_at = time.monotonic()
        page.get_by_text(f"Number {count - 1}.").wait_for(timeout=90_000)
        took = time.monotonic() - mended_at
        shown = page.locator("#messages .message-body").all_inner_texts()
        kept = page.get_by_label("Message", exact=True).input_value()
        context.close()
    is_whole = shown == ["Before.", *(f"Number {n}." for n in range(count))] and kept == "half a sentence"
    told = f"{len(shown) - 1} shown, {'in order, once' if is_whole else shown}, {took:.0f} s after the mend"
    what = f"the line cut for {seconds:.0f} s, {count} messages"
    return Row(what, told, "all, in order, once", is_whole)


def found(_told: Told, folder: Path) -> Iterator[Row]:
    with open_street(folder) as street:
        yield messages(street)
        with open_browser() as browser:
            yield cut_line(street, browser)
        yield from crowd(street)
        yield from ends(street)
