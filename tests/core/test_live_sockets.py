"""Sockets of real servers: rude visitors, two processes on one PostgreSQL, and an orderly end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from core import subscriptions
from core.inbox import service as inbox
from core.live import lines, postgres
from core.tenancy.logins import end_logins
from tests.support.house import House, open_app
from tests.support.place import Place
from tests.support.server import Server, open_servers
from tests.support.sockets import CLOSE, PING, TEXT, Ear, Refused, refusal

CLIENT, OWNER = "client@demo.test", "provider@demo.test"
REVOKED_SECONDS = 5
SECRET = b"my health in plain words"
Tells = Callable[[str, Callable[[], str]], None]


@dataclass(frozen=True)
class Street:
    """Servers of one place, and the house in this process, which has no sockets of its own."""

    servers: list[Server]
    house: House
    ears: list[Ear] = field(default_factory=list)

    def ear(self, server: int, email: str, path: str = "/live/") -> Ear:
        """An open page; it has heard what it has to ask at first."""
        opened = Ear(self.servers[server].base_url, path, self.house.browser(email).cookie)
        self.ears.append(opened)
        opened.hear_about("*")
        return opened

    def write(self, key: str) -> None:
        """Dr Ortiz begins a thread with Carla."""
        lena = self.house.member_scope(OWNER, "ortiz")
        chart = self.house.chart(CLIENT, "ortiz").id
        inbox.send_new(lena, chart, subject="", body="A line.", key=key)


@pytest.fixture
def street(place: Place, tmp_path: Path, tells: Tells) -> Iterator[Street]:
    count = 2 if place.kind == "postgresql" else 1
    with open_servers(place, {}, tmp_path, count) as servers, open_app(place) as house:
        for server in servers:
            tells("a server said", lambda server=server: server.last_words)  # type: ignore[misc]
        made = Street(servers, house)
        yield made
        for ear in made.ears:
            ear.line.close()


def poured(ear: Ear, payload: bytes, seconds: float, opcode: int = TEXT, *, is_final: bool = True) -> int:
    """Send one frame after the other for so long, or until nobody takes them; returns the close code."""
    give_up_at = time.monotonic() + seconds
    with ear:
        with suppress(OSError):
            while time.monotonic() < give_up_at:
                ear.send(payload, opcode, is_final=is_final)
        return ear.closed()


@pytest.mark.parametrize("database", ["sqlite"])
def test_A29_A51_who_may_not_have_a_socket_gets_none(street: Street) -> None:
    base, cookie = street.servers[0].base_url, street.house.browser(CLIENT).cookie
    for origin in (None, "null", "http://evil.test", base.replace("http", "https"), base + "1"):
        assert refusal(base, "/live/", cookie, origin) == 403, origin
    assert refusal(base, "/live/") == 403
    with pytest.raises(Refused, match="400"):
        Ear(base, "/live/", cookie, more={"Sec-WebSocket-Version": "8"})
    ears = [Ear(base, "/live/", cookie) for _ in range(lines.MOST_OF_A_LOGIN)]
    assert b"permessage-deflate" not in ears[0].head.lower(), "a small frame must not grow large"
    assert refusal(base, "/live/", cookie) == 429
    for ear in ears:
        ear.line.close()
    give_up_at = time.monotonic() + 5
    while refusal(base, "/live/", cookie) != 101:
        assert time.monotonic() < give_up_at, "a place is free again when its socket is gone"
    assert re.search(r"GET /live/ 101 ", street.servers[0].output)


@pytest.mark.parametrize("database", ["sqlite"])
def test_A51_A52_floods_and_rubbish_are_closed_and_leave_no_words(street: Street) -> None:
    (server,) = street.servers
    base, cookie = server.base_url, street.house.browser(CLIENT).cookie
    with Ear(base, "/live/", cookie) as plain:
        for _ in range(20):
            plain.send(b"x")
        plain.hear(0.3)
        assert plain.code is None, "twenty a second are borne"
        time.sleep(1)
        for _ in range(21):
            plain.send(b"", PING)
        assert plain.closed() == 1008, "pings count too"
    assert poured(Ear(base, "/live/", cookie), SECRET[:1], 1.5) in (1008, 1006)
    assert poured(Ear(base, "/live/", cookie), b"x", 1.5, 0, is_final=False) in (1008, 1002, 1006)
    assert poured(Ear(base, "/live/", cookie), b"x" * 70_000, 0.1) in (1009, 1006)
    asked_at = time.monotonic()
    assert server.status("/healthz") == 200
    assert time.monotonic() - asked_at < 1, "a flood costs others little"
    for garbage in (b"GET /" + SECRET + b" HTTP/1.1\r\n\r\n", b"\xff\xff\xff" + SECRET, b"\x00" * 50):
        with Ear(base, "/live/", cookie) as rude:
            rude.line.sendall(garbage)
            assert rude.closed() is not None
    with Ear(base, "/live/", cookie) as gone:
        gone.send(b"\x03\xe8", CLOSE)
        gone.line.sendall(b"GET /" + SECRET + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        assert gone.closed() == 1000
    assert "plain words" not in server.output
    assert server.is_running()


@pytest.mark.parametrize("database", ["sqlite"])
def test_A70_a_stop_closes_sockets_so_that_pages_come_back(street: Street) -> None:
    (server,) = street.servers
    ear = street.ear(0, CLIENT)
    start = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - start < 5, "sockets don't keep a stop waiting"
    assert ear.closed() == 1012


@pytest.mark.parametrize("database", ["sqlite"])
def test_A08_A30_what_ended_beside_the_server_is_found_before_anything_is_told(street: Street) -> None:
    """SQLite has no bus to other processes: the server only learns by looking."""
    ear = street.ear(0, CLIENT)
    end_logins(street.house.account(CLIENT).id)
    time.sleep(lines.FRESH_SECONDS)
    lena, scope = street.house.browser(OWNER), street.house.member_scope(OWNER, "ortiz")
    thread = next(line.thread for line in inbox.inbox(scope)[0] if line.client_name == "Carla Mendes")
    form = {"csrf_token": lena.csrf_token, "key": "a key", "body": "Something private."}
    path = f"/practice/ortiz/inbox/{thread.id}/answer/"
    line = HTTPConnection("127.0.0.1", street.servers[0].port, timeout=10)
    headers = {"Cookie": lena.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", path, urlencode(form), headers)
    assert "sent=1" in line.getresponse().headers["Location"]
    line.close()
    assert ear.closed(REVOKED_SECONDS) == 4003
    assert ear.heard == ["*"]


@pytest.mark.parametrize("database", ["postgresql"])
def test_S9_2_a_message_reaches_the_page_at_another_process_within_a_second(street: Street) -> None:
    carla, lena = street.ear(0, CLIENT), street.ear(1, OWNER, "/practice/ortiz/live/")
    waits = []
    for n in range(20):
        start = time.monotonic()
        street.write(f"key {n}")
        waits += [carla.hear_about("inbox") - start, lena.hear_about("inbox") - start]
    assert sorted(waits)[-2] < 1, waits
    assert len([text for text in carla.heard if "inbox" in text.split()]) == 20, "each once"


@pytest.mark.parametrize("database", ["postgresql"])
def test_A08_A21_A30_an_end_on_one_process_closes_the_socket_on_another(street: Street) -> None:
    for end in (
        lambda: end_logins(street.house.account(CLIENT).id),
        lambda: subscriptions.switch(
            street.house.operator_scope(), street.house.provider_id("ortiz"), "CP", is_on=False
        ),
    ):
        ears = [street.ear(0, CLIENT), street.ear(1, CLIENT)]
        start = time.monotonic()
        end()
        street_heard = [ear.closed(REVOKED_SECONDS) for ear in ears]
        assert street_heard == [4003, 4003]
        assert time.monotonic() - start < REVOKED_SECONDS
        assert not [text for ear in ears for text in ear.heard if text != "*"]


@pytest.mark.parametrize("database", ["postgresql"])
def test_A66_a_cut_bus_is_heard_again_and_pages_ask_for_everything(street: Street, place: Place) -> None:
    carla = street.ear(0, CLIENT)
    with psycopg.connect(place.database_url, autocommit=True) as other:
        cut = other.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE query LIKE %s AND datname = current_database()",
            (f"LISTEN {postgres.CHANNEL}%",),
        ).fetchone()
        assert cut == (2,)
        carla.hear_about("*")
        give_up_at = time.monotonic() + 5
        while "inbox" not in " ".join(carla.heard):
            street.write(f"key {time.monotonic()}")
            carla.hear(0.2)
            assert time.monotonic() < give_up_at
